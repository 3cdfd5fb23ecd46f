package dev.berth.notify;

import dev.berth.model.Severity;
import dev.berth.model.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which services change between up and down so often that each time is not worth telling: of those it is told once that
 * they flap, and once, after they were calm for a time, how they are since. Everything is judged by the times of the
 * journal, so that who reads it later comes to the same. Used by one thread at a time.
 */
final class Flaps {
    /** One change of a service. */
    record Change(Instant at, boolean down) {}

    /**
     * A service that flaps.
     *
     * @param since its first change of those that made it known for that
     * @param changes all of them since
     */
    record Spell(Instant since, int changes) {}

    /**
     * One service that changed lately.
     *
     * @param changes the last ones, oldest first, of those at most so many as make a flap; at least one
     * @param severity of its last notice
     * @param facts of its last notice
     */
    record Track(List<Change> changes, Severity severity, Map<String, String> facts, Optional<Spell> spell) {
        Track {
            changes = List.copyOf(changes);
            facts = Map.copyOf(facts);
        }

        private Change last() {
            return changes.get(changes.size() - 1);
        }

        private String service() {
            return facts.getOrDefault("service", "a service");
        }

        private boolean isOver(Instant now, Damping by) {
            return !last().at()
                    .plus(spell.isPresent() ? by.calm() : by.window())
                    .isAfter(now);
        }

        private Notice notice(String id, String type, Instant at, String title, String text) {
            return new Notice(id, type, severity, at, title, text, facts);
        }
    }

    /** That a service is steady again. */
    record Steady(String uid, Notice notice) {}

    private final Map<String, Track> tracks;

    Flaps(Map<String, Track> tracks) {
        this.tracks = new LinkedHashMap<>(tracks);
    }

    /** As it is written down. */
    Map<String, Track> written() {
        return new LinkedHashMap<>(tracks);
    }

    /**
     * A service went up or down.
     *
     * @param usual what is told of it as long as that is seldom
     * @return what is told instead; empty while it is known to flap
     */
    Optional<Notice> judge(String uid, Notice usual, boolean down, Damping by) {
        Optional<Track> before = Optional.ofNullable(tracks.get(uid));
        Optional<Spell> spell = before.flatMap(Track::spell);
        List<Change> changes = new ArrayList<>(before.map(Track::changes).orElse(List.of()));
        changes.add(new Change(usual.at(), down));
        // Those that are still to come are of before the clock was set back, and would count until it is as late again.
        changes.removeIf(each ->
                each.at().isBefore(usual.at().minus(by.window())) || each.at().isAfter(usual.at()));
        while (changes.size() > Math.max(1, by.changes())) {
            changes.remove(0);
        }
        if (spell.isPresent() && by.changes() > 0) {
            Spell longer = new Spell(spell.get().since(), spell.get().changes() + 1);
            tracks.put(uid, new Track(changes, usual.severity(), usual.facts(), Optional.of(longer)));
            return Optional.empty();
        }
        boolean flaps = by.changes() > 0 && changes.size() >= by.changes();
        Track now = new Track(
                changes,
                usual.severity(),
                usual.facts(),
                flaps ? Optional.of(new Spell(changes.get(0).at(), changes.size())) : Optional.empty());
        tracks.put(uid, now);
        return Optional.of(flaps ? flapping(now, usual, by) : usual);
    }

    private static Notice flapping(Track track, Notice usual, Damping by) {
        long downs = track.changes().stream().filter(Change::down).count();
        Duration took =
                Duration.between(track.changes().get(0).at(), track.last().at());
        return track.notice(
                usual.id().replace("/" + usual.type() + "/", "/ServiceFlapping/"),
                "ServiceFlapping",
                usual.at(),
                track.service() + " is flapping: went down " + downs + (downs == 1 ? " time" : " times") + " in "
                        + Units.duration(took),
                "nothing more is told of it until nothing changed for " + Units.duration(by.calm()) + "; the last: "
                        + usual.text());
    }

    /**
     * Those that were calm for long enough at this time, which is the one of the notices: that they are steady becomes
     * known then, be it long after. They stay until {@link #steadyWasTold}; what is not worth telling is forgotten.
     */
    List<Steady> steadyAt(Instant now, Damping by) {
        List<Steady> steady = new ArrayList<>();
        tracks.values().removeIf(track -> track.spell().isEmpty() && track.isOver(now, by));
        tracks.forEach((uid, track) -> {
            if (track.isOver(now, by)) {
                String state = track.last().down() ? track.facts().getOrDefault("state", "down") : "up";
                steady.add(new Steady(uid, steady(uid, track, now, "is steady again, " + state)));
            }
        });
        return steady;
    }

    /** Nothing is left to tell of it. */
    void steadyWasTold(String uid) {
        tracks.remove(uid);
    }

    /** When the first of those that flap would have been calm for long enough. */
    Optional<Instant> nextSteady(Damping by) {
        return tracks.values().stream()
                .filter(track -> track.spell().isPresent())
                .map(track -> track.last().at().plus(by.calm()))
                .min(Instant::compareTo);
    }

    /** It was stopped or deleted, which ends its flapping too. */
    Optional<Notice> gone(String uid, Instant at) {
        return Optional.ofNullable(tracks.remove(uid))
                .filter(track -> track.spell().isPresent())
                .map(track -> steady(uid, track, at, "flaps no more: it was stopped"));
    }

    private static Notice steady(String uid, Track track, Instant at, String words) {
        Spell spell = track.spell().orElseThrow();
        Duration took = Duration.between(spell.since(), track.last().at());
        return track.notice(
                "service/" + uid + "/ServiceSteady/" + spell.since().toEpochMilli(),
                "ServiceSteady",
                at,
                track.service() + " " + words,
                "it changed " + spell.changes() + " times"
                        // It began later than it ended where the clock was set back.
                        + (took.isNegative() ? "" : " in " + Units.duration(took)));
    }
}
