package dev.berth.api;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Stands first in a connection's pipeline, where bytes come in before they are a request, and ends a connection whose client
 * dribbles, sleeps or doesn't read. Neither the framework nor Vert.x has a time limit for a request that is coming in: theirs
 * begin anew with each byte.
 */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
    /**
     * Answers a client may leave unread, in bytes, and get another one. The largest single answer is some MB; without a bound
     * one who asks ahead and never reads would fill the memory.
     */
    static final long MOST_UNREAD = 8L * 1024 * 1024;

    /**
     * Requests that may wait for their turn on one connection. Hardly any client sends one before the last was answered, and load
     * tools send some dozens. Vert.x takes as many as come, and walks along all of them for each further one.
     */
    static final int MOST_WAITING = 256;

    /** How often time is looked at. */
    private static final Duration ROUND = Duration.ofSeconds(5);

    /** What Vert.x calls its encoder: above it everything is messages of HTTP, in both directions. */
    private static final String ENCODER = "httpEncoder";

    private static final String TIMEOUT =
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    private static final Logger LOG = Logger.getLogger(ConnectionWatch.class);

    private final RequestTimes times;
    private final LongSupplier nanos;
    private final Supplier<Duration> requestTime;
    private boolean isAnswering;
    private boolean isPlaced;

    /** @param requestTime how long a request may take to come, as it is now */
    ConnectionWatch(LongSupplier nanos, Supplier<Duration> requestTime) {
        this.nanos = nanos;
        this.requestTime = requestTime;
        this.times = new RequestTimes(nanos.getAsLong());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        again(context);
        super.channelActive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (!isPlaced) {
            context.pipeline().addAfter(ENCODER, null, new Exchanges());
            isPlaced = true;
        }
        times.bytes(nanos.getAsLong());
        super.channelRead(context, message);
    }

    private void again(ChannelHandlerContext context) {
        Duration quarter = requestTime.get().dividedBy(4);
        Duration pause = quarter.compareTo(ROUND) < 0 ? quarter : ROUND;
        var next = context.executor().schedule(() -> look(context), pause.toMillis(), TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> next.cancel(false));
    }

    private void look(ChannelHandlerContext context) {
        long now = nanos.getAsLong();
        times.unsent(unsent(context), now);
        // A request that we don't take more of at the moment waits for us.
        if (times.isWaitingForRequest() && !context.channel().config().isAutoRead()) {
            again(context);
            return;
        }
        times.overdue(now, requestTime.get()).ifPresentOrElse(why -> end(context, why), () -> again(context));
    }

    private void end(ChannelHandlerContext context, String why) {
        LOG.debugf("A connection is ended: %s.", why);
        if (times.isWaitingForRequest() && !isAnswering) {
            context.writeAndFlush(Unpooled.copiedBuffer(TIMEOUT, StandardCharsets.US_ASCII))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        context.close();
    }

    private static long unsent(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    /** Behind the codec: where requests end, and answers begin and end. */
    private final class Exchanges extends ChannelDuplexHandler {
        private boolean isFlooded;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (message instanceof HttpRequest && times.headers() > MOST_WAITING && !isFlooded) {
                isFlooded = true;
                LOG.debugf("A connection is ended: more than %d requests wait for their turn on it.", MOST_WAITING);
                context.close();
            }
            if (isFlooded) {
                // What was read with it is decoded still.
                ReferenceCountUtil.release(message);
                return;
            }
            if (message instanceof LastHttpContent) {
                times.complete();
            }
            super.channelRead(context, message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            // An interim answer, such as 100 Continue, answers nothing.
            boolean isInterim =
                    message instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (message instanceof HttpResponse && !isInterim) {
                isAnswering = true;
                if (unsent(context) > MOST_UNREAD) {
                    LOG.debug("A connection is ended: its client asks for more and reads nothing.");
                    context.close();
                }
            }
            if (message instanceof LastHttpContent && !isInterim) {
                isAnswering = false;
                times.answered(nanos.getAsLong());
            }
            super.write(context, message, promise);
        }
    }
}
