package dev.berth.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scrape brought, in Prometheus' text format. */
public record Scrape(Map<String, String> types, List<Series> series) {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)\\})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    public record Series(String name, Map<String, String> labels, double value) {
        /** Without those that a histogram or a summary adds. */
        public Set<String> ownLabels() {
            Set<String> own = new TreeSet<>(labels.keySet());
            own.remove("le");
            own.remove("quantile");
            return own;
        }
    }

    public static Scrape of(String text) {
        Map<String, String> types = new LinkedHashMap<>();
        List<Series> series = new ArrayList<>();
        text.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            } else if (!line.startsWith("#") && !line.isBlank()) {
                if (!sample.matches()) {
                    throw new IllegalArgumentException("no sample: " + line);
                }
                Map<String, String> labels = new HashMap<>();
                Matcher label =
                        LABEL.matcher(Optional.ofNullable(sample.group(2)).orElse(""));
                while (label.find()) {
                    labels.put(label.group(1), label.group(2));
                }
                series.add(new Series(sample.group(1), labels, Double.parseDouble(sample.group(3))));
            }
        });
        return new Scrape(types, series);
    }

    public Set<String> families() {
        return new TreeSet<>(types.keySet());
    }

    public String type(String family) {
        return types.get(family);
    }

    /** Which family a series is of. */
    public String family(Series of) {
        if (types.containsKey(of.name())) {
            return of.name();
        }
        return of.name().replaceAll("_(bucket|count|sum|created)$", "");
    }

    public Optional<Double> value(String name, Map<String, String> labels) {
        return series.stream()
                .filter(each -> each.name().equals(name) && each.labels().equals(labels))
                .map(Series::value)
                .findFirst();
    }

    /** Of every series of that name that has these labels. */
    public double sum(String name, Map<String, String> labels) {
        return series.stream()
                .filter(each ->
                        each.name().equals(name) && each.labels().entrySet().containsAll(labels.entrySet()))
                .mapToDouble(Series::value)
                .sum();
    }
}
