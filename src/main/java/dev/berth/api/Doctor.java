package dev.berth.api;

import java.util.List;

/** Looks at the machine for what would keep Berth from its work. */
@FunctionalInterface
public interface Doctor {
    /** Everything that was looked at, in the order of a page. Takes milliseconds. */
    List<Finding> examine();

    /** How much it matters. */
    enum Verdict {
        OK,
        /** Works, with less. */
        NOTE,
        /** Something won't work as declared. */
        WARNING
    }

    /**
     * One thing that was looked at.
     *
     * @param subject what, in a word or two
     * @param found what was seen
     * @param advice what to do; empty when there is nothing to do
     */
    record Finding(String subject, Verdict verdict, String found, String advice) {
        public static Finding ok(String subject, String found) {
            return new Finding(subject, Verdict.OK, found, "");
        }

        public static Finding note(String subject, String found, String advice) {
            return new Finding(subject, Verdict.NOTE, found, advice);
        }

        public static Finding warning(String subject, String found, String advice) {
            return new Finding(subject, Verdict.WARNING, found, advice);
        }
    }
}
