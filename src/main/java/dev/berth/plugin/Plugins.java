package dev.berth.plugin;

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
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Finds the implementations of a seam with {@code ServiceLoader}.
 *
 * @param <P> the seam
 * @param seam what jars implement
 * @param word what one is called: {@code strategy}
 * @param plural {@code strategies}
 * @param name the name that one gives itself
 */
public record Plugins<P>(Class<P> seam, String word, String plural, Function<P, String> name) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private static final int LONGEST_NAME = 63;

    /** More jars than anybody has; it also ends a provider file that goes wrong again and again. */
    private static final int MOST = 200;

    /**
     * What was found.
     *
     * @param byName the usable ones
     * @param refusals why others are not used, in words, one each
     */
    public record Found<P>(Map<String, P> byName, List<String> refusals) {
        public Found {
            byName = Map.copyOf(byName);
            refusals = List.copyOf(refusals);
        }
    }

    /**
     * The built-in ones and those of the loader's jars. A built-in name can't be taken; of several jars with one name none
     * is used, since which would act would hang on the order of files.
     */
    public Found<P> discover(Map<String, P> builtIn, ClassLoader loader) {
        Map<String, P> found = new TreeMap<>();
        Set<String> ambiguous = new TreeSet<>();
        List<String> refusals = new ArrayList<>();
        Iterator<P> providers = ServiceLoader.load(seam, loader).iterator();
        for (int tried = 0; ; tried++) {
            if (tried == MOST) {
                refusals.add("more than " + MOST + " " + plural + " or faults in their jars: the rest was not read");
                break;
            }
            try {
                if (!providers.hasNext()) {
                    break;
                }
                P provider = providers.next();
                String called = name.apply(provider);
                Optional<String> refusal = refusal(called, provider, builtIn.keySet());
                if (refusal.isPresent()) {
                    refusals.add(refusal.orElseThrow());
                    continue;
                }
                P other = found.putIfAbsent(called, provider);
                if (other != null) {
                    ambiguous.add(called);
                    refusals.add("two " + plural + " are called \"" + called + "\" (" + source(other) + " and "
                            + source(provider) + "): neither is used; rename or remove one");
                }
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                refusals.add("a " + word + " could not be loaded: " + words(e));
            }
        }
        found.keySet().removeAll(ambiguous);
        found.putAll(builtIn);
        return new Found<>(found, refusals);
    }

    // A jar compiled without null checks may well answer null.
    @SuppressWarnings("ConstantValue")
    private Optional<String> refusal(String called, P provider, Set<String> builtIn) {
        if (called == null
                || called.length() > LONGEST_NAME
                || !NAME.matcher(called).matches()) {
            return Optional.of("the " + word + " of " + source(provider) + " calls itself \"" + called
                    + "\": a name is at most " + LONGEST_NAME + " lower-case letters, digits and inner hyphens");
        }
        return builtIn.contains(called)
                ? Optional.of("the " + word + " of " + source(provider) + " calls itself \"" + called
                        + "\", which is a built-in one: give it another name")
                : Optional.empty();
    }

    private static String source(Object provider) {
        Class<?> type = provider.getClass();
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
