package dev.berth.control;

import dev.berth.host.SignalResult;
import dev.berth.model.Outcome;
import dev.berth.model.ProcessRef;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The signals of one act, and what came back.
 *
 * @param at when the last of them had been sent
 */
record SignalRound(List<Sent> sent, Instant at) {
    /** One signal. */
    record Sent(ProcessRef process, SignalResult result) {}

    SignalRound {
        sent = List.copyOf(sent);
    }

    List<ProcessRef> processes() {
        return sent.stream().map(Sent::process).toList();
    }

    Outcome outcome() {
        return sent.stream()
                        .allMatch(each -> each.result() instanceof SignalResult.Sent
                                || each.result() instanceof SignalResult.Gone
                                || each.result() instanceof SignalResult.NotTheSame)
                ? Outcome.SUCCEEDED
                : Outcome.FAILED;
    }

    /** For the audit log: to whom, and what was answered. */
    String words() {
        return sent.isEmpty()
                ? "to nobody: nothing of it was left"
                : sent.stream()
                        .map(each -> "to " + each.process() + words(each.result()))
                        .collect(Collectors.joining(", "));
    }

    private static String words(SignalResult result) {
        if (result instanceof SignalResult.Sent) {
            return "";
        }
        if (result instanceof SignalResult.Gone || result instanceof SignalResult.NotTheSame) {
            return " (had ended)";
        }
        if (result instanceof SignalResult.Denied denied) {
            return " (not permitted: " + denied.reason() + ")";
        }
        if (result instanceof SignalResult.Protected rule) {
            return " (protected by the rule " + rule.rule() + ")";
        }
        return " (not sent: " + result + ")";
    }
}
