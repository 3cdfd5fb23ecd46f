package dev.berth.store.sqlite;

import dev.berth.model.Latencies;
import dev.berth.model.Measure;
import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.Spread;
import dev.berth.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A page of measurements as few bytes. Values become whole steps of their measure and are written as what differs from the
 * measurement before, in variable length: what stays the same is a zero, and runs of those are deflated away.
 */
final class MeasurementCodec {
    /** The first byte of a page; another layout gets other ones. */
    private static final byte PLAIN = 1;

    private static final byte DEFLATED = 2;

    /** A page of a day of random values stays below; a larger one was not written by us. */
    private static final int LARGEST_PAGE = 1 << 20;

    private MeasurementCodec() {}

    /** @param points of one page, oldest first */
    static byte[] write(List<Measurement> points) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        unsigned(out, points.size());
        Map<Measure, Long> before = new EnumMap<>(Measure.class);
        long slotBefore = 0;
        for (Measurement point : points) {
            long slot =
                    point.start().getEpochSecond() / point.resolution().width().toSeconds();
            unsigned(out, slot - slotBefore);
            slotBefore = slot;
            unsigned(out, point.spreads().size());
            point.spreads().forEach((measure, spread) -> spread(out, measure, spread, before));
            latencies(out, point.latencies());
        }
        return packed(out.toByteArray());
    }

    private static void spread(ByteArrayOutputStream out, Measure measure, Spread spread, Map<Measure, Long> before) {
        long mean = Math.round(spread.mean() * measure.steps());
        unsigned(out, measure.code());
        unsigned(out, spread.weight());
        signed(out, mean - before.getOrDefault(measure, 0L));
        unsigned(out, mean - Math.round(spread.min() * measure.steps()));
        unsigned(out, Math.round(spread.max() * measure.steps()) - mean);
        before.put(measure, mean);
    }

    private static void latencies(ByteArrayOutputStream out, Latencies latencies) {
        unsigned(out, latencies.counts().size());
        int before = 0;
        for (Map.Entry<Integer, Long> bin : latencies.counts().entrySet()) {
            unsigned(out, bin.getKey() - before);
            unsigned(out, bin.getValue());
            before = bin.getKey();
        }
    }

    static List<Measurement> read(byte[] page, Resolution resolution) throws StoreException {
        try {
            ByteBuffer in = ByteBuffer.wrap(unpacked(page));
            Map<Measure, Long> before = new EnumMap<>(Measure.class);
            List<Measurement> points = new ArrayList<>();
            long slot = 0;
            for (long left = unsigned(in); left > 0; left--) {
                slot += unsigned(in);
                EnumMap<Measure, Spread> spreads = new EnumMap<>(Measure.class);
                for (long measures = unsigned(in); measures > 0; measures--) {
                    Measure measure = measure((int) unsigned(in));
                    spreads.put(measure, spread(in, measure, before));
                }
                Instant start = Instant.ofEpochSecond(slot * resolution.width().toSeconds());
                points.add(new Measurement(start, resolution, spreads, latencies(in)));
            }
            return points;
        } catch (BufferUnderflowException | DataFormatException | IllegalArgumentException garbled) {
            throw new StoreException(
                    StoreException.Cause.CORRUPT, "a page of measurements can't be understood", garbled);
        }
    }

    private static Spread spread(ByteBuffer in, Measure measure, Map<Measure, Long> before) {
        long weight = unsigned(in);
        long mean = before.getOrDefault(measure, 0L) + signed(in);
        before.put(measure, mean);
        double steps = measure.steps();
        long below = unsigned(in);
        return new Spread((mean - below) / steps, mean / steps, (mean + unsigned(in)) / steps, weight);
    }

    private static Latencies latencies(ByteBuffer in) {
        TreeMap<Integer, Long> counts = new TreeMap<>();
        int bin = 0;
        for (long left = unsigned(in); left > 0; left--) {
            bin += (int) unsigned(in);
            counts.put(bin, unsigned(in));
        }
        return new Latencies(counts);
    }

    private static Measure measure(int code) {
        for (Measure each : Measure.values()) {
            if (each.code() == code) {
                return each;
            }
        }
        throw new IllegalArgumentException("no measure has the code " + code);
    }

    private static byte[] packed(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(plain);
            deflater.finish();
            byte[] room = new byte[plain.length];
            int length = deflater.deflate(room);
            boolean smaller = deflater.finished();
            byte[] page = new byte[(smaller ? length : plain.length) + 1];
            page[0] = smaller ? DEFLATED : PLAIN;
            System.arraycopy(smaller ? room : plain, 0, page, 1, page.length - 1);
            return page;
        } finally {
            deflater.end();
        }
    }

    private static byte[] unpacked(byte[] page) throws DataFormatException {
        ByteBuffer in = ByteBuffer.wrap(page);
        byte layout = in.get();
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        if (layout == PLAIN) {
            return rest;
        }
        if (layout != DEFLATED) {
            throw new IllegalArgumentException("the layout " + layout + " is not known");
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(rest);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] room = new byte[8192];
            while (!inflater.finished()) {
                int length = inflater.inflate(room);
                out.write(room, 0, length);
                if (length == 0 && (inflater.needsInput() || inflater.needsDictionary()) || out.size() > LARGEST_PAGE) {
                    throw new DataFormatException("it is cut off or too large");
                }
            }
            return out.toByteArray();
        } finally {
            inflater.end();
        }
    }

    /** Seven bits a byte, the lowest first; the eighth says that more follow. */
    private static void unsigned(ByteArrayOutputStream out, long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            out.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }

    private static long unsigned(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number is longer than 64 bits");
    }

    /** Small ones of either sign stay short. */
    private static void signed(ByteArrayOutputStream out, long value) {
        unsigned(out, value << 1 ^ value >> Long.SIZE - 1);
    }

    private static long signed(ByteBuffer in) {
        long value = unsigned(in);
        return value >>> 1 ^ -(value & 1);
    }
}
