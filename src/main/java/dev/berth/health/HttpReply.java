package dev.berth.health;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP/1 answer, read only as far as it is needed, and never without end. */
final class HttpReply {
    /** As much of a body as is looked at, in bytes. */
    static final int LONGEST_BODY = 64 * 1024;

    /** Twice what common servers would accept themselves, in bytes. */
    private static final int LONGEST_HEAD = 16 * 1024;

    /** Enough for most answers, in bytes. */
    static final int BUFFER = 2048;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.\\d ([1-5]\\d\\d)( .*)?");

    /** The end of a body without a length is the end of the connection. */
    private static final long UNTIL_END = Long.MAX_VALUE;

    private final InputStream in;
    private int headLeft = LONGEST_HEAD;
    private int status;
    private boolean chunked;
    private long length = UNTIL_END;

    private HttpReply(InputStream in) {
        this.in = new BufferedInputStream(in, BUFFER);
    }

    /**
     * Reads the head.
     *
     * @throws ProtocolException when it is not HTTP
     * @throws EOFException when it breaks off
     */
    static HttpReply read(InputStream in) throws IOException {
        HttpReply reply = new HttpReply(in);
        do {
            reply.head();
        } while (reply.status < 200);
        return reply;
    }

    int status() {
        return status;
    }

    /**
     * The beginning of a body.
     *
     * @param late it was still going on when the time was over
     */
    record Body(String text, boolean late) {}

    /** As much of the body as comes in time, at most {@link #LONGEST_BODY}. */
    Body body() throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        boolean late = false;
        try {
            if (chunked) {
                chunks(read);
            } else if (status != 204 && status != 304) {
                copy(length, read);
            }
        } catch (SocketTimeoutException e) {
            late = true;
        }
        return new Body(read.toString(StandardCharsets.UTF_8), late);
    }

    private void head() throws IOException {
        Matcher first = STATUS.matcher(line());
        if (!first.matches()) {
            throw new ProtocolException("the answer is not HTTP");
        }
        status = Integer.parseInt(first.group(1));
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                header(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
    }

    private void header(String name, String value) throws ProtocolException {
        if (name.equals("transfer-encoding")) {
            chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
        } else if (name.equals("content-length")) {
            length = number(value, 10);
        }
    }

    private void chunks(ByteArrayOutputStream read) throws IOException {
        while (read.size() < LONGEST_BODY) {
            // Each chunk's line may be as long as a head: nobody is sent in circles by lines alone.
            headLeft = LONGEST_HEAD;
            long size = number(line().replaceFirst(";.*", "").strip(), 16);
            if (size == 0) {
                return;
            }
            copy(size, read);
            String ignored = line();
        }
    }

    /** Copies what there is of so many bytes. */
    private void copy(long bytes, ByteArrayOutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = Math.min(bytes, LONGEST_BODY - to.size());
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(left, BUFFER));
            if (count < 0) {
                return;
            }
            to.write(buffer, 0, count);
            left -= count;
        }
    }

    private static long number(String text, int radix) throws ProtocolException {
        try {
            return Long.parseUnsignedLong(text, radix);
        } catch (NumberFormatException e) {
            throw new ProtocolException("the answer is not HTTP: \"" + text + "\" is no length");
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed before an answer");
            }
            if (--headLeft < 0) {
                throw new ProtocolException("the answer is not HTTP, or its head has no end");
            }
            line.append((char) next);
        }
        int last = line.length() - 1;
        if (last >= 0 && line.charAt(last) == '\r') {
            line.setLength(last);
        }
        return line.toString();
    }
}
