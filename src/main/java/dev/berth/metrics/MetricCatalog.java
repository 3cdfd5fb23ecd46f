package dev.berth.metrics;

import dev.berth.metrics.Metric.Type;
import java.util.ArrayList;
import java.util.List;

/** Every metric there is, in the order of the reference. */
public final class MetricCatalog {
    private static final List<Metric> ORDERED = new ArrayList<>();

    static final Metric BUILD =
            gauge("berth_build_info", "1; the labels tell which Berth runs on what", "version", "java");

    static final Metric CPU = counter("berth_process_cpu_seconds_total", "processor time that the daemon itself used");

    static final Metric RECONCILE = of(
            Type.HISTOGRAM,
            "berth_reconcile_seconds",
            "how long passes took; a pass for health only begins the checks that are due",
            "kind");
    static final Metric RETRIES = counter(
            "berth_reconcile_retries_total", "passes that did not succeed and are tried again", "kind", "reason");
    static final Metric QUEUE_DEPTH = gauge("berth_queue_depth", "keys that are ready and not yet taken");
    static final Metric QUEUE_OLDEST =
            gauge("berth_queue_oldest_seconds", "how long the key that waits longest has been ready");
    static final Metric QUEUE_FAILING =
            gauge("berth_queue_failing", "keys whose last pass failed and which wait to be tried again");
    static final Metric PASSES_RUNNING = gauge("berth_passes_running", "passes under way");
    static final Metric PASSES_LONGEST =
            gauge("berth_passes_longest_seconds", "how long the pass that runs longest has been running");
    static final Metric LAST_PASS = gauge("berth_last_pass_timestamp_seconds", "when a pass last succeeded");
    static final Metric LAST_RESYNC = gauge("berth_last_resync_timestamp_seconds", "when everything was last enqueued");

    static final Metric LOOK = of(
            Type.HISTOGRAM,
            "berth_look_seconds",
            "how long looks at the machine took: at all sockets, changed or unchanged since the look before, or spared"
                    + " because it would have been unchanged; at one port; for why a port is blocked; failed ones",
            "look");
    static final Metric LAST_LOOK = gauge("berth_last_look_timestamp_seconds", "when the machine was last seen");

    static final Metric PORTS = gauge(
            "berth_ports",
            "ports by state: in use by any process, with an owner that can't be seen, preferred or assigned to a service,"
                    + " reserved, contested; one port may be in several",
            "protocol",
            "state");
    static final Metric RESERVATIONS =
            gauge("berth_reservations", "reservations by how they are enforced", "enforcement");

    static final Metric CONFLICTS = counter(
            "berth_conflicts_total",
            "conflicts by how they were decided; one counts again when it is decided otherwise",
            "severity",
            "decision");
    static final Metric CONFLICTS_CLOSED = counter(
            "berth_conflicts_closed_total",
            "conflicts that came to an end, and to which",
            "severity",
            "decision",
            "state");
    static final Metric CONFLICTS_OPEN =
            gauge("berth_conflicts_open", "conflicts that are open now", "severity", "state");
    static final Metric EVICTIONS =
            counter("berth_evictions_total", "ports that were to be freed, by what became of it", "outcome");
    static final Metric SIGNALS = counter(
            "berth_signals_total",
            "signals by what became of them; nothing was sent unless the outcome is sent",
            "signal",
            "outcome");

    static final Metric SERVICES = gauge("berth_services", "services by state; each replica is one", "state");
    static final Metric SERVICE_INFO = gauge(
            "berth_service_info",
            "1; supervised services are run by Berth, observed ones only guarded",
            "namespace",
            "service",
            "kind",
            "critical");
    static final Metric SERVICE_WANTED = service(Type.GAUGE, "berth_service_wanted", "1 when it is to run");
    static final Metric SERVICE_UP =
            service(Type.GAUGE, "berth_service_up", "1 when it is ready: it listens on its port, and its check passes");
    static final Metric SERVICE_PORT = service(Type.GAUGE, "berth_service_port", "the port that it has now");
    static final Metric SERVICE_MOVED =
            service(Type.GAUGE, "berth_service_moved", "1 when it has another port than the one it prefers");
    static final Metric SERVICE_STARTS =
            service(Type.COUNTER, "berth_service_starts_total", "launches since Berth started");
    static final Metric SERVICE_RESTARTS =
            service(Type.COUNTER, "berth_service_restarts_total", "exits that nobody asked for, since Berth started");
    static final Metric SERVICE_HEALTHY =
            service(Type.GAUGE, "berth_service_healthy", "1 when its last health check passed");
    static final Metric SERVICE_CHECK =
            service(Type.GAUGE, "berth_service_health_check_seconds", "how long its last health check took");
    static final Metric SERVICE_CPU =
            service(Type.COUNTER, "berth_service_cpu_seconds_total", "what its processes used, restarts included");
    static final Metric SERVICE_MEMORY =
            service(Type.GAUGE, "berth_service_resident_memory_bytes", "what its processes have in RAM");
    static final Metric SERVICE_THREADS = service(Type.GAUGE, "berth_service_threads", "threads of its processes");
    static final Metric SERVICE_PROCESSES = service(Type.GAUGE, "berth_service_processes", "its processes");
    static final Metric SERVICE_FILES =
            service(Type.GAUGE, "berth_service_open_files", "descriptors of its processes, where Berth may see them");
    static final Metric SERVICE_CONNECTIONS =
            service(Type.GAUGE, "berth_service_connections", "connections that it accepted and that are open");
    static final Metric SERVICE_RECEIVED =
            service(Type.COUNTER, "berth_service_received_bytes_total", "what came in over its connections, at least");
    static final Metric SERVICE_SENT =
            service(Type.COUNTER, "berth_service_sent_bytes_total", "what went out over its connections, at least");

    static final Metric COMMIT =
            of(Type.HISTOGRAM, "berth_store_commit_seconds", "how long transactions took until they were on disk");
    static final Metric COMMIT_FAILURES =
            counter("berth_store_commit_failures_total", "transactions that failed", "cause");
    static final Metric JOURNAL_ROWS = counter("berth_store_journal_rows_total", "journal rows written");
    static final Metric AUDIT_RECORDS = counter("berth_audit_records_total", "audit records written");
    static final Metric AUDIT_HEAD =
            gauge("berth_audit_head", "the number of the last audit record; it never goes back in a whole chain");
    static final Metric RESOURCE_VERSION = gauge("berth_store_resource_version", "the journal's last version");
    static final Metric IN_MEMORY = gauge(
            "berth_store_in_memory", "1 when nothing is kept after a stop, because there is no directory to write to");
    static final Metric WRITABLE = gauge("berth_store_writable", "0 when the last write failed");

    static final Metric WATCHERS = gauge("berth_watchers", "clients that follow changes");
    static final Metric SOURCES = gauge("berth_sources", "watched declaration files by state", "state");

    static final Metric NOTIFICATIONS = counter(
            "berth_notifications_total",
            "notifications by what became of them: delivered, given up, dropped; and attempts that were tried again",
            "webhook",
            "outcome");
    static final Metric NOTIFICATIONS_BEHIND = gauge(
            "berth_notifications_behind", "changes that a webhook has yet to be told of, if they matter", "webhook");

    /** The framework's own, under our name; {@link FrameworkMeters} chooses them. */
    static final List<Metric> FRAMEWORK = List.of(
            of(
                    Type.SUMMARY,
                    "berth_http_server_requests_seconds",
                    "answers by path template, without probes and scrapes; a watch counts when it ends",
                    "method",
                    "outcome",
                    "status",
                    "uri"),
            of(
                    Type.GAUGE,
                    "berth_http_server_requests_seconds_max",
                    "the longest of the last minutes",
                    "method",
                    "outcome",
                    "status",
                    "uri"),
            of(Type.GAUGE, "berth_jvm_memory_used_bytes", "memory of the JVM in use", "area", "id"),
            of(Type.GAUGE, "berth_jvm_memory_max_bytes", "what it may become; -1 when unbounded", "area", "id"),
            of(
                    Type.SUMMARY,
                    "berth_jvm_gc_pause_seconds",
                    "pauses for garbage collection; there once one was made",
                    "action",
                    "cause",
                    "gc"),
            of(
                    Type.GAUGE,
                    "berth_jvm_gc_pause_seconds_max",
                    "the longest of the last minutes",
                    "action",
                    "cause",
                    "gc"),
            of(Type.GAUGE, "berth_jvm_threads_live_threads", "threads of the daemon"),
            of(Type.GAUGE, "berth_process_files_open_files", "the daemon's descriptors"),
            of(Type.GAUGE, "berth_process_start_time_seconds", "when the daemon was started"));

    /** In the order of the reference. */
    public static final List<Metric> ALL = List.copyOf(ORDERED);

    private MetricCatalog() {}

    private static Metric gauge(String name, String help, String... labels) {
        return of(Type.GAUGE, name, help, labels);
    }

    private static Metric counter(String name, String help, String... labels) {
        return of(Type.COUNTER, name, help, labels);
    }

    private static Metric service(Type type, String name, String help) {
        return of(type, name, help, "namespace", "service");
    }

    private static Metric of(Type type, String name, String help, String... labels) {
        Metric metric = new Metric(name, type, help, List.of(labels));
        ORDERED.add(metric);
        return metric;
    }
}
