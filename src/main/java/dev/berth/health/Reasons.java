package dev.berth.health;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why a check did not pass, in words for people. */
final class Reasons {
    private Reasons() {}

    static String of(IOException failure, Duration timeout) {
        String said = Optional.ofNullable(failure.getMessage()).orElse("the system doesn't say why");
        if (failure instanceof SocketTimeoutException) {
            return noAnswer(timeout);
        }
        if (failure instanceof SSLException) {
            return "TLS failed: " + said;
        }
        if (failure instanceof EOFException
                || failure instanceof ProtocolException
                || failure instanceof UnknownHostException) {
            // Ours: see HttpReply and Addresses.
            return said;
        }
        if (said.startsWith("Connection refused")) {
            return "connection refused";
        }
        if (said.startsWith("Connection reset") || said.startsWith("Broken pipe")) {
            return "the connection was reset";
        }
        return failure instanceof ConnectException ? "can't connect: " + said : "the connection failed: " + said;
    }

    static String noAnswer(Duration timeout) {
        return "no answer within " + text(timeout);
    }

    /** As it is written in a declaration. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
