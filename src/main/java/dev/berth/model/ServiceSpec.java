package dev.berth.model;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What somebody wants of a service. Which fields are required and which values fit is checked where input is read; this
 * record holds what has passed.
 *
 * @param port the preferred port; empty means any from {@code portRange} or the default range
 * @param host the address that it wants to listen on; empty means 127.0.0.1
 * @param command empty means observed: Berth guards the port and starts nothing
 * @param strategy empty means the setting {@code conflicts.strategy}
 * @param gracePeriod between SIGTERM and SIGKILL, for the service and for a holder of its port
 */
public record ServiceSpec(
        OptionalInt port,
        List<Integer> alternativePorts,
        Optional<PortRange> portRange,
        Optional<String> host,
        Protocol protocol,
        List<String> processPatterns,
        Optional<Command> command,
        Optional<String> workingDirectory,
        Map<String, String> environment,
        Optional<String> envFile,
        Optional<HealthCheckSpec> healthCheck,
        List<Dependency> dependsOn,
        Optional<String> strategy,
        boolean running,
        boolean critical,
        boolean autoRestart,
        int maxRestarts,
        Duration gracePeriod,
        Optional<String> stopSignal,
        Optional<Command> install,
        int replicas,
        ReturnHome returnHome) {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_MAX_RESTARTS = 3;
    public static final Duration DEFAULT_GRACE_PERIOD = Duration.ofSeconds(10);

    public ServiceSpec {
        port.ifPresent(Ports::requireValid);
        alternativePorts = List.copyOf(alternativePorts);
        alternativePorts.forEach(Ports::requireValid);
        processPatterns = List.copyOf(processPatterns);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        dependsOn = List.copyOf(dependsOn);
    }

    /** An observed service that wants one port, everything else at its default. */
    public static ServiceSpec guarding(int port, Integer... alternatives) {
        return builder().port(port).alternativePorts(List.of(alternatives)).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this spec. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The preferred port with its protocol. */
    public Optional<PortKey> preferred() {
        return port.isPresent() ? Optional.of(new PortKey(protocol, port.getAsInt())) : Optional.empty();
    }

    /** The address that it wants to listen on. */
    public String wantedHost() {
        return host.orElse(DEFAULT_HOST);
    }

    /** True when Berth only guards the port and starts nothing. */
    public boolean isObserved() {
        return command.isEmpty();
    }

    /** Collects a spec field by field; every field starts at its documented default. */
    public static final class Builder {
        private OptionalInt port = OptionalInt.empty();
        private List<Integer> alternativePorts = List.of();
        private Optional<PortRange> portRange = Optional.empty();
        private Optional<String> host = Optional.empty();
        private Protocol protocol = Protocol.TCP;
        private List<String> processPatterns = List.of();
        private Optional<Command> command = Optional.empty();
        private Optional<String> workingDirectory = Optional.empty();
        private Map<String, String> environment = Map.of();
        private Optional<String> envFile = Optional.empty();
        private Optional<HealthCheckSpec> healthCheck = Optional.empty();
        private List<Dependency> dependsOn = List.of();
        private Optional<String> strategy = Optional.empty();
        private boolean running = true;
        private boolean critical = false;
        private boolean autoRestart = true;
        private int maxRestarts = DEFAULT_MAX_RESTARTS;
        private Duration gracePeriod = DEFAULT_GRACE_PERIOD;
        private Optional<String> stopSignal = Optional.empty();
        private Optional<Command> install = Optional.empty();
        private int replicas = 1;
        private ReturnHome returnHome = ReturnHome.ON_RESTART;

        private Builder() {}

        private Builder(ServiceSpec spec) {
            port = spec.port;
            alternativePorts = spec.alternativePorts;
            portRange = spec.portRange;
            host = spec.host;
            protocol = spec.protocol;
            processPatterns = spec.processPatterns;
            command = spec.command;
            workingDirectory = spec.workingDirectory;
            environment = spec.environment;
            envFile = spec.envFile;
            healthCheck = spec.healthCheck;
            dependsOn = spec.dependsOn;
            strategy = spec.strategy;
            running = spec.running;
            critical = spec.critical;
            autoRestart = spec.autoRestart;
            maxRestarts = spec.maxRestarts;
            gracePeriod = spec.gracePeriod;
            stopSignal = spec.stopSignal;
            install = spec.install;
            replicas = spec.replicas;
            returnHome = spec.returnHome;
        }

        public Builder port(int value) {
            port = OptionalInt.of(value);
            return this;
        }

        /** No port is preferred. */
        public Builder withoutPort() {
            port = OptionalInt.empty();
            return this;
        }

        public Builder alternativePorts(List<Integer> value) {
            alternativePorts = value;
            return this;
        }

        public Builder portRange(PortRange value) {
            portRange = Optional.of(value);
            return this;
        }

        public Builder host(String value) {
            host = Optional.of(value);
            return this;
        }

        public Builder protocol(Protocol value) {
            protocol = value;
            return this;
        }

        public Builder processPatterns(List<String> value) {
            processPatterns = value;
            return this;
        }

        public Builder command(Command value) {
            command = Optional.of(value);
            return this;
        }

        public Builder workingDirectory(String value) {
            workingDirectory = Optional.of(value);
            return this;
        }

        public Builder environment(Map<String, String> value) {
            environment = value;
            return this;
        }

        public Builder envFile(String value) {
            envFile = Optional.of(value);
            return this;
        }

        public Builder healthCheck(HealthCheckSpec value) {
            healthCheck = Optional.of(value);
            return this;
        }

        public Builder dependsOn(List<Dependency> value) {
            dependsOn = value;
            return this;
        }

        public Builder strategy(String value) {
            strategy = Optional.of(value);
            return this;
        }

        public Builder running(boolean value) {
            running = value;
            return this;
        }

        public Builder critical(boolean value) {
            critical = value;
            return this;
        }

        public Builder autoRestart(boolean value) {
            autoRestart = value;
            return this;
        }

        public Builder maxRestarts(int value) {
            maxRestarts = value;
            return this;
        }

        public Builder gracePeriod(Duration value) {
            gracePeriod = value;
            return this;
        }

        public Builder stopSignal(String value) {
            stopSignal = Optional.of(value);
            return this;
        }

        public Builder install(Command value) {
            install = Optional.of(value);
            return this;
        }

        public Builder replicas(int value) {
            replicas = value;
            return this;
        }

        public Builder returnHome(ReturnHome value) {
            returnHome = value;
            return this;
        }

        public ServiceSpec build() {
            return new ServiceSpec(
                    port,
                    alternativePorts,
                    portRange,
                    host,
                    protocol,
                    processPatterns,
                    command,
                    workingDirectory,
                    environment,
                    envFile,
                    healthCheck,
                    dependsOn,
                    strategy,
                    running,
                    critical,
                    autoRestart,
                    maxRestarts,
                    gracePeriod,
                    stopSignal,
                    install,
                    replicas,
                    returnHome);
        }
    }
}
