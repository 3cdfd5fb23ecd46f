package dev.berth.api;

import dev.berth.host.CallerLookup;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Takes in connections, before anything is read from them: how many there may be, and how long each may keep us waiting. */
@ApplicationScoped
@Unremovable
class Acceptance {
    /** Somebody who is refused comes again at once, and the log would be full of it. */
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(Acceptance.class);

    private final CallerLookup lookup;
    private final Access access;
    private final Connections connections = new Connections();
    private final AtomicLong warnedAt;

    Acceptance(CallerLookup lookup, Access access) {
        this.lookup = lookup;
        this.access = access;
        this.warnedAt = new AtomicLong(access.nanos().getAsLong() - BETWEEN_WARNINGS.toNanos());
    }

    /** For the pipeline of one listening socket. */
    ChannelHandler handler() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
                if (!(message instanceof Channel connection) || isTaken(connection)) {
                    super.channelRead(context, message);
                }
            }
        };
    }

    private boolean isTaken(Channel connection) {
        String caller = Peer.early(connection, lookup).counted();
        int most = access.limits().get().connections();
        if (!connections.open(caller, most)) {
            // Nothing was read, so that there is nothing to answer; a client sees its connection end.
            connection.unsafe().closeForcibly();
            warn(caller, most);
            return false;
        }
        connection.closeFuture().addListener(closed -> connections.close(caller));
        connection
                .pipeline()
                .addLast(new ConnectionWatch(
                        access.nanos(), () -> access.limits().get().requestTime()));
        return true;
    }

    private void warn(String caller, int most) {
        long now = access.nanos().getAsLong();
        long before = warnedAt.get();
        if (now - before >= BETWEEN_WARNINGS.toNanos() && warnedAt.compareAndSet(before, now)) {
            LOG.warnf(
                    "Connections from %s were refused: of at most %d (the setting limits.connections) %d are in use, and"
                            + " nobody may hold more than are left.",
                    caller, most, connections.count());
        }
    }
}
