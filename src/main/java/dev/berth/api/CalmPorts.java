package dev.berth.api;

import dev.berth.config.SettingCatalog;
import dev.berth.host.ObservationException;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Ports;
import dev.berth.model.Protocol;
import dev.berth.report.ConflictReport;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** Ports that nobody holds, wants, reserved or contested: where to go instead of one that is fought over. */
final class CalmPorts {
    /** People want a number that looks like the one they had. */
    private static final int NEAR = 1000;

    private static final int HIGHEST = 65_535;

    private final Set<PortKey> busy;
    private final List<PortRange> never;

    private CalmPorts(Set<PortKey> busy, List<PortRange> never) {
        this.busy = busy;
        this.never = never;
    }

    static CalmPorts of(Backend backend, ConflictReport history) throws ObservationException {
        Set<PortKey> busy = new HashSet<>();
        backend.control().ports().latest().listeners().forEach(each -> busy.add(each.key()));
        backend.registry().services().forEach(service -> {
            service.spec().preferred().ifPresent(busy::add);
            service.assigned().ifPresent(busy::add);
            service.spec()
                    .alternativePorts()
                    .forEach(port -> busy.add(new PortKey(service.spec().protocol(), port)));
        });
        backend.registry().reservations().forEach(each -> busy.add(each.port()));
        history.ports().forEach(each -> busy.add(each.port()));
        return new CalmPorts(busy, backend.settings().get().get(SettingCatalog.RESERVED));
    }

    /** The next one above. */
    OptionalInt near(PortKey contested) {
        return IntStream.rangeClosed(contested.port() + 1, Math.min(HIGHEST, contested.port() + NEAR))
                .filter(port -> port >= Ports.LOWEST_CHOSEN)
                .filter(port -> contested.protocol() != Protocol.TCP || !Ports.REFUSED_BY_BROWSERS.contains(port))
                .filter(port -> never.stream().noneMatch(range -> range.contains(port)))
                .filter(port -> !busy.contains(new PortKey(contested.protocol(), port)))
                .findFirst();
    }
}
