package dev.berth.control;

import dev.berth.model.Launch;
import dev.berth.model.Outcome;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.plan.Action;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** Writes down that a service is about to be started; {@link Starting} does it once that is on disk. */
final class StartHandler {
    private final Supplier<String> ids;
    private final Acts<Starting.Result> acts;

    StartHandler(Supplier<String> ids, Acts<Starting.Result> acts) {
        this.ids = ids;
        this.acts = acts;
    }

    Optional<String> handle(Action.StartProcess action, ServiceDraft draft) {
        if (draft.port().isEmpty() || draft.port().getAsInt() != action.port().port()) {
            return Optional.of("the port to start with is not the one that the service has");
        }
        Service service = draft.service();
        Run before = draft.run().orElse(Run.NONE);
        boolean anew = before.request().isPresent()
                || before.generation() != service.metadata().generation();
        String id = ids.get();
        String act = ids.get();
        Launch launch = new Launch(
                id,
                action.step(),
                OptionalInt.of(action.port().port()),
                action.fingerprint(),
                Optional.of(act),
                draft.now());
        Run forgiven = anew ? before.forgiven().begun() : before;
        draft.run(forgiven.failed(
                        forgiven.failures(),
                        Optional.empty(),
                        Optional.empty(),
                        service.metadata().generation())
                .launching(launch));
        draft.audit(Audits.started(
                draft.now(),
                service.key(),
                act,
                action.reason(),
                Outcome.INTENDED,
                (action.step() == Launch.Step.INSTALL ? "install" : "command") + ", port " + action.port()));
        draft.withStartIntent(() -> acts.intended(Set.of(act)), () -> acts.closed(Set.of(act)));
        return Optional.empty();
    }
}
