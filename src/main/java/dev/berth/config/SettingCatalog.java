package dev.berth.config;

import dev.berth.model.PortRange;
import dev.berth.model.Ports;
import dev.berth.model.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every setting there is, in the order in which references and {@code GET /settings} show them. */
public final class SettingCatalog {
    public static final Setting<Duration> RECONCILE_INTERVAL = duration(
            "reconcile.interval",
            "how often what is not settled is looked at again whatever was noticed, and some of the rest in turn",
            "1s",
            "1s",
            "1h");
    public static final Setting<Boolean> AUTO_RESOLVE =
            flag("reconcile.autoResolve", "whether conflicts are resolved; false only reports them", true);
    public static final Setting<Duration> OBSERVE_INTERVAL =
            duration("observe.interval", "how often the machine's sockets are looked at", "250ms", "50ms", "1m");
    public static final Setting<Duration> HEALTH_INTERVAL = duration(
            "health.interval", "how often a service's health is checked where it doesn't say so", "10s", "100ms", "1h");
    public static final Setting<Duration> USAGE_INTERVAL =
            duration("usage.interval", "how often what services use of the machine is measured", "15s", "1s", "1h");
    public static final Setting<Optional<Integer>> CPU_THRESHOLD = orOff(
            number("thresholds.cpu", "how much of one core a service may use for long, in percent", 100, 1, 100_000));
    public static final Setting<Optional<Long>> MEMORY_THRESHOLD =
            orOff(size("thresholds.memory", "how much memory a service may use for long", "1GB", "1MB", "100000GB"));
    public static final Setting<Optional<Duration>> RESPONSE_TIME_THRESHOLD = orOff(duration(
            "thresholds.responseTime", "how long a service's health check may take on average", "1s", "1ms", "1h"));
    public static final Setting<Boolean> RESTART_ABOVE_THRESHOLD = flag(
            "thresholds.restart",
            "whether a service that exceeds a threshold is restarted, as often as after failures",
            false);
    public static final Setting<String> STRATEGY = new Setting<>(
            "conflicts.strategy",
            "the strategy of services that name none",
            "conservative, aggressive, intelligent or a plugin's name",
            "intelligent",
            SettingValues::word,
            false);
    public static final Setting<Boolean> ALLOW_MIGRATION =
            flag("conflicts.allowMigration", "whether a service may be moved to another port", true);
    public static final Setting<Boolean> PRESERVE_FOREIGN = flag(
            "conflicts.preserveForeign",
            "whether processes that Berth doesn't run are left alone, whatever the strategy",
            false);
    public static final Setting<Integer> MAX_ALTERNATIVES =
            number("conflicts.maxAlternatives", "how many of a service's alternatives are tried", 10, 0, 1000);
    public static final Setting<Duration> HOME_AFTER = duration(
            "conflicts.homeAfter",
            "how long a preferred port must have been free before a service that isn't running returns to it",
            "30s",
            "0s",
            "24h");
    public static final Setting<Duration> RESPAWN_WATCH = duration(
            "conflicts.respawnWatch",
            "how long an emptied port is watched for a holder that comes back; at most the grace period is used",
            "3s",
            "0s",
            "10m");
    public static final Setting<Boolean> STOP_OWNERS = flag(
            "conflicts.stopOwners",
            "whether a systemd unit or a container that holds a port may be stopped through its owner",
            false);
    public static final Setting<Duration> APPROVAL_TTL = duration(
            "conflicts.approvalTtl",
            "how long an operation waits for approval; after that the service moves, or the conflict is only reported",
            "1h",
            "1s",
            "30d");
    public static final Setting<List<PortRange>> RESERVED = new Setting<>(
            "ports.reserved",
            "ports that Berth never chooses",
            "ports and ranges, separated by commas",
            "5432,6379,9090,3001",
            SettingValues::ranges,
            false);
    public static final Setting<PortRange> RANGE = new Setting<>(
            "ports.range",
            "what is drawn from by services without a range of their own",
            "a range from 1024-65535",
            Ports.LOWEST_CHOSEN + "-" + Ports.MAX,
            SettingValues::chosenRange,
            false);
    public static final Setting<Integer> DEVELOPMENT_BASE = number(
            "ports.developmentBase",
            "where ports begin in development mode; above it they are taken in order",
            8000,
            Ports.LOWEST_CHOSEN,
            Ports.MAX);
    public static final Setting<Boolean> DEVELOPMENT = flag(
            "development",
            "development mode: ports are chosen upward from ports.developmentBase, grace and start periods are short",
            false);
    public static final Setting<List<String>> PROTECTED_PROCESSES = new Setting<>(
            "protect.processes",
            "processes that are never signalled: regular expressions on name or command line",
            "regular expressions, separated by commas",
            "",
            SettingValues::patterns,
            true);
    public static final Setting<Set<Integer>> PROTECTED_PORTS = new Setting<>(
            "protect.ports",
            "ports whose holders are never signalled",
            "ports, separated by commas",
            "",
            SettingValues::ports,
            true);
    public static final Setting<Set<String>> CONFIRM = new Setting<>(
            "confirm",
            "operations that wait for approval",
            "any of terminate, restart, migrate, separated by commas",
            "",
            SettingValues::operations,
            true);
    public static final Setting<Long> LOG_SIZE =
            size("logs.size", "how large a service's log becomes before it is rotated", "10MB", "64KB", "100GB");
    public static final Setting<Integer> LOG_FILES =
            number("logs.files", "how many rotated files are kept of each log", 5, 1, 99);
    public static final Setting<Duration> HISTORY_AGE =
            duration("history.age", "how long history and audit records are kept", "90d", "1m", "36500d");
    public static final Setting<Integer> HISTORY_COUNT = number(
            "history.count", "how many history and audit rows are kept whatever their age", 100_000, 100, 100_000_000);
    public static final Setting<Duration> HISTORY_DETAIL = duration(
            "history.detail",
            "how long measurements of services are kept as they were made, every 15 s",
            "1h",
            "1m",
            "30d");
    public static final Setting<Duration> HISTORY_MINUTES =
            duration("history.minutes", "how long they are kept, put together by the minute", "1d", "1h", "365d");
    public static final Setting<Duration> HISTORY_QUARTERS = duration(
            "history.quarters",
            "how long they are kept at all, put together by the quarter of an hour",
            "30d",
            "1d",
            "3650d");
    public static final Setting<Integer> HISTORY_PAGES = number(
            "history.pages",
            "how many pages of measurements are kept whatever their age; one service fills some 200",
            100_000,
            100,
            100_000_000);
    public static final Setting<String> ON_SHUTDOWN = new Setting<>(
            "onShutdown",
            "whether services end with Berth or are left running for the next one; auto ends them where Berth is the"
                    + " first process of a container",
            "leave, stop or auto",
            "auto",
            SettingValues::onShutdown,
            false);
    public static final Setting<Duration> SHUTDOWN_TIMEOUT =
            duration("shutdown.timeout", "how long ending the services with Berth may take at most", "30s", "0s", "1h");
    public static final Setting<List<String>> ALLOWED_HOSTS = new Setting<>(
            "allowedHosts",
            "more names under which Berth may be called",
            "host names, separated by commas",
            "",
            SettingValues::list,
            true);

    public static final Setting<Integer> MOST_CONNECTIONS = number(
            "limits.connections",
            "how many connections there may be to Berth; nobody may hold more of them than are left",
            8192,
            16,
            100_000);
    public static final Setting<Duration> REQUEST_TIME = duration(
            "limits.requestTime",
            "how long a request may take to come in, from its first byte to its last",
            "30s",
            "1s",
            "1h");
    public static final Setting<Integer> REQUEST_RATE = number(
            "limits.requestRate",
            "how many requests in a second one user may send who is no administrator, of which ten seconds' worth may come"
                    + " at once; a change counts as ten",
            500,
            10,
            1_000_000);
    public static final Setting<Integer> MOST_SERVICES = number(
            "limits.services",
            "how many services one user may declare who is no administrator, each replica counted",
            500,
            1,
            100_000);

    public static final Setting<List<String>> NOTIFICATIONS_ALLOWED = new Setting<>(
            "notifications.allow",
            "where notifications may be sent; what is not public has to be named by its address",
            "hosts, host:port, addresses and networks such as 10.0.0.0/8, separated by commas",
            "",
            WebhookList::places,
            true);
    public static final Setting<List<Webhook>> WEBHOOKS = new Setting<>(
            "notifications.webhooks",
            "who is told of conflicts and failures; see docs/notifications.md",
            WebhookList.ALLOWED,
            "",
            WebhookList::parse,
            true,
            Optional.of(new WebhookList()));

    public static final Setting<Integer> FLAP_CHANGES = number(
            "notifications.flapChanges",
            "a service that goes down or up so often within notifications.flapWindow is told of once, as flapping; 0 tells"
                    + " each time",
            6,
            0,
            100);
    public static final Setting<Duration> FLAP_WINDOW =
            duration("notifications.flapWindow", "how far back its changes count", "10m", "1s", "1d");
    public static final Setting<Duration> FLAP_CALM = duration(
            "notifications.flapCalm",
            "how long a flapping service must not change until it is told that it is steady again",
            "10m",
            "1s",
            "1d");

    public static final Setting<List<String>> BIND_HOSTS = new Setting<>(
            "bindHosts",
            "the addresses that services may name as their host; empty means any",
            "addresses such as 127.0.0.1 or 0.0.0.0, separated by commas",
            "",
            SettingValues::addresses,
            true);

    public static final Setting<String> ADMINISTRATORS = new Setting<>(
            "admins.group",
            "the group whose members administer a Berth that serves the whole machine, besides root",
            "the name of a group in /etc/group",
            "berth-admin",
            SettingValues::group,
            true);

    /** Every setting, in the order of references. */
    public static final List<Setting<?>> ALL = List.of(
            RECONCILE_INTERVAL,
            AUTO_RESOLVE,
            OBSERVE_INTERVAL,
            HEALTH_INTERVAL,
            USAGE_INTERVAL,
            CPU_THRESHOLD,
            MEMORY_THRESHOLD,
            RESPONSE_TIME_THRESHOLD,
            RESTART_ABOVE_THRESHOLD,
            STRATEGY,
            ALLOW_MIGRATION,
            PRESERVE_FOREIGN,
            MAX_ALTERNATIVES,
            HOME_AFTER,
            RESPAWN_WATCH,
            STOP_OWNERS,
            APPROVAL_TTL,
            RESERVED,
            RANGE,
            DEVELOPMENT_BASE,
            DEVELOPMENT,
            PROTECTED_PROCESSES,
            PROTECTED_PORTS,
            CONFIRM,
            LOG_SIZE,
            LOG_FILES,
            HISTORY_AGE,
            HISTORY_COUNT,
            HISTORY_DETAIL,
            HISTORY_MINUTES,
            HISTORY_QUARTERS,
            HISTORY_PAGES,
            ON_SHUTDOWN,
            SHUTDOWN_TIMEOUT,
            ALLOWED_HOSTS,
            MOST_CONNECTIONS,
            REQUEST_TIME,
            REQUEST_RATE,
            MOST_SERVICES,
            BIND_HOSTS,
            ADMINISTRATORS,
            NOTIFICATIONS_ALLOWED,
            WEBHOOKS,
            FLAP_CHANGES,
            FLAP_WINDOW,
            FLAP_CALM);

    private static final Map<String, Setting<?>> BY_KEY =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::key, Function.identity()));

    private SettingCatalog() {}

    /** Is there a setting of this key? */
    public static boolean knows(String key) {
        return BY_KEY.containsKey(key);
    }

    /** The setting of this key. */
    public static Optional<Setting<?>> named(String key) {
        return Optional.ofNullable(BY_KEY.get(key));
    }

    /** Refuses what the setting of this key can't be; what is said of unknown keys is nobody's business here. */
    public static void check(String key, String value) throws SettingException {
        Optional<Setting<?>> setting = named(key);
        if (setting.isPresent()) {
            setting.get().parse(value, "stored");
        }
    }

    /** Says that there is none of this key, and which was perhaps meant. */
    public static String unknown(String key) {
        return "there is no setting \"" + Texts.shorten(key) + "\"" + Texts.didYouMean(key, BY_KEY.keySet());
    }

    private static Setting<Boolean> flag(String key, String meaning, boolean value) {
        return new Setting<>(key, meaning, "true or false", Boolean.toString(value), SettingValues::truth, false);
    }

    private static Setting<Duration> duration(String key, String meaning, String value, String least, String most) {
        Duration minimum = Durations.parse(least);
        Duration maximum = Durations.parse(most);
        return new Setting<>(
                key,
                meaning,
                Durations.ALLOWED + ", from " + least + " to " + most,
                value,
                text -> SettingValues.within(Durations.parse(text), minimum, maximum),
                false);
    }

    private static Setting<Long> size(String key, String meaning, String value, String least, String most) {
        long minimum = Sizes.parse(least);
        long maximum = Sizes.parse(most);
        return new Setting<>(
                key,
                meaning,
                Sizes.ALLOWED + ", from " + least + " to " + most,
                value,
                text -> SettingValues.within(Sizes.parse(text), minimum, maximum),
                false);
    }

    private static Setting<Integer> number(String key, String meaning, int value, int least, int most) {
        return new Setting<>(
                key,
                meaning,
                "a whole number from " + least + " to " + most,
                Integer.toString(value),
                text -> SettingValues.within(Integer.valueOf(text), least, most),
                false);
    }

    /** The same for what is off unless it is set. */
    private static <T> Setting<Optional<T>> orOff(Setting<T> setting) {
        return new Setting<>(
                setting.key(),
                setting.meaning(),
                "off, or " + setting.allowed(),
                "off",
                text -> text.equals("off")
                        ? Optional.empty()
                        : Optional.of(setting.parser().apply(text)),
                setting.decidesWhoGetsIn());
    }
}
