package dev.berth.plan;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The strategies that there are, by name: the built-in ones, and users' own found with {@code ServiceLoader}. */
public final class Strategies {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private static final int LONGEST_NAME = 63;

    /** More jars than anybody has; it also ends a provider file that goes wrong again and again. */
    private static final int MOST = 200;

    private Strategies() {}

    /**
     * What was found.
     *
     * @param byName the usable ones
     * @param refusals why others are not used, in words, one each
     */
    public record Discovered(Map<String, Strategy> byName, List<String> refusals) {
        public Discovered {
            byName = Map.copyOf(byName);
            refusals = List.copyOf(refusals);
        }
    }

    /** Those that Berth brings along. */
    public static Map<String, Strategy> builtIn() {
        return Map.of(
                ConservativeStrategy.NAME, new ConservativeStrategy(),
                AggressiveStrategy.NAME, new AggressiveStrategy(),
                IntelligentStrategy.NAME, new IntelligentStrategy());
    }

    /**
     * The built-in strategies and those of the loader's jars. A built-in name can't be taken; of several jars with one
     * name none is used, since which would act would hang on the order of files.
     */
    public static Discovered discover(ClassLoader loader) {
        Map<String, Strategy> found = new TreeMap<>();
        Set<String> ambiguous = new TreeSet<>();
        List<String> refusals = new ArrayList<>();
        Map<String, Strategy> builtIn = builtIn();
        Iterator<Strategy> providers =
                ServiceLoader.load(Strategy.class, loader).iterator();
        for (int tried = 0; ; tried++) {
            if (tried == MOST) {
                refusals.add("more than " + MOST + " strategies or faults in their jars: the rest was not read");
                break;
            }
            try {
                if (!providers.hasNext()) {
                    break;
                }
                Strategy strategy = providers.next();
                String name = strategy.name();
                Optional<String> refusal = refusal(name, strategy, builtIn.keySet());
                if (refusal.isPresent()) {
                    refusals.add(refusal.orElseThrow());
                    continue;
                }
                Strategy other = found.putIfAbsent(name, strategy);
                if (other != null) {
                    ambiguous.add(name);
                    refusals.add("two strategies are called \"" + name + "\" (" + source(other) + " and "
                            + source(strategy) + "): neither is used; rename or remove one");
                }
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                refusals.add("a strategy could not be loaded: " + words(e));
            }
        }
        found.keySet().removeAll(ambiguous);
        found.putAll(builtIn);
        return new Discovered(found, refusals);
    }

    // A jar compiled without null checks may well answer null.
    @SuppressWarnings("ConstantValue")
    private static Optional<String> refusal(String name, Strategy strategy, Set<String> builtIn) {
        if (name == null || name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            return Optional.of("the strategy of " + source(strategy) + " calls itself \"" + name
                    + "\": a name is at most " + LONGEST_NAME + " lower-case letters, digits and inner hyphens");
        }
        return builtIn.contains(name)
                ? Optional.of("the strategy of " + source(strategy) + " calls itself \"" + name
                        + "\", which is a built-in one: give it another name")
                : Optional.empty();
    }

    private static String source(Strategy strategy) {
        Class<?> type = strategy.getClass();
        return Optional.ofNullable(type.getProtectionDomain().getCodeSource())
                .flatMap(code -> Optional.ofNullable(code.getLocation()))
                .map(location -> type.getName() + " in " + location.getPath())
                .orElse(type.getName());
    }

    private static String words(Throwable fault) {
        Throwable cause = Optional.ofNullable(fault.getCause()).orElse(fault);
        String message = Optional.ofNullable(fault.getMessage()).orElse(fault.toString());
        return cause == fault ? message : message + " (" + cause + ")";
    }
}
