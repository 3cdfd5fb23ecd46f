package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.berth.control.Declaration;
import dev.berth.control.FreePreview;
import dev.berth.control.Freed;
import dev.berth.control.Planned;
import dev.berth.control.RunRequests;
import dev.berth.control.Stack;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Command;
import dev.berth.model.Condition;
import dev.berth.model.ConflictAction;
import dev.berth.model.Dependency;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.Action;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A port that goes from one service to another, or is taken from one for good: what is said of it, and what is done. */
class HandingOverTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Scene scene = new Scene();

    private static ServiceSpec running(int port, Integer... alternatives) {
        return ServiceSpec.guarding(port, alternatives).toBuilder()
                .command(new Command.Exec(List.of("run-serves", "1")))
                .build();
    }

    private static Stack stackOf(String name) {
        return Stack.of(List.of(Declaration.of(Scene.key(name), running(8000, 8001))), Optional.of("shop"), true);
    }

    /** In one file the old name goes and the new one comes: nobody else is in the way, so nothing has to move. */
    @Test
    void aRenamedServiceKeepsItsPort() throws Exception {
        scene.berth.plane.stacks().apply(stackOf("web"), Users.caller(Users.DEV));
        scene.pass(SOON);
        assertThat(scene.service("web").status().process()).isPresent();

        List<Planned> plans = scene.berth.plane.stacks().plan(stackOf("shop-web"), Users.caller(Users.DEV));
        scene.berth.plane.stacks().apply(stackOf("shop-web"), Users.caller(Users.DEV));
        scene.pass(SOON);

        assertThat(plans)
                .filteredOn(each -> each.service().equals(Scene.key("web")))
                .singleElement()
                .satisfies(gone -> assertThat(gone.plan().actions())
                        .hasExactlyElementsOfTypes(Action.StopProcess.class, Action.ReleasePort.class));
        assertThat(plans)
                .filteredOn(each -> each.service().equals(Scene.key("shop-web")))
                .singleElement()
                .satisfies(made -> assertThat(made.plan().actions())
                        .singleElement()
                        .isEqualTo(new Action.Wait(
                                "port 8000 is being given back by service default/web, which is being deleted")));
        assertThat(scene.berth.registry.service(Scene.key("web"))).isEmpty();
        assertThat(scene.service("shop-web").status().port()).isEqualTo(OptionalInt.of(8000));
        assertThat(scene.conflicts()).isEmpty();
    }

    /** Freeing a service's port stops all of the service, which is more than the port's holder: it is said before and after. */
    @Test
    void whoFreesAServicesPortIsToldThatTheServiceStaysStopped() throws Exception {
        scene.declare("web", running(8000));
        scene.pass(SOON);

        FreePreview preview = scene.berth
                .plane
                .release()
                .plan(PortKey.tcp(8000), Duration.ofSeconds(1), false, Users.caller(Users.DEV));
        var answer = scene.free(8000).toCompletableFuture();
        scene.pass(SOON);

        assertThat(preview.stopped()).containsExactly(Scene.key("web"));
        assertThat(scene.service("web").spec().running()).isFalse();
        assertThat(((Freed.Done) answer.join()).actions())
                .extracting(ConflictAction::action, ConflictAction::detail)
                .first()
                .isEqualTo(tuple("StopService", "default/web: running true → false"));
    }

    /** As start_server.sh --force does it: what is asked for while the freed port is still watched is not forgotten. */
    @Test
    void aPortThatIsFreedForAServiceIsTheOneThatItHas() throws Exception {
        scene.server(Program.named("squatter"), 8000);
        scene.declare("web", running(8005));
        scene.pass(SOON);
        var freed = scene.free(8000).toCompletableFuture();
        while (!freed.isDone()) {
            scene.pass(Duration.ofMillis(1));
        }
        scene.berth
                .plane
                .requests()
                .ask(
                        Scene.key("web"),
                        new RunRequests.Wish(RunRequests.Verb.START, false, OptionalInt.of(8000), Optional.empty()),
                        Users.caller(Users.DEV));
        scene.pass(Duration.ofMillis(10));
        assertThat(scene.service("web").status().port()).as("watched").isEqualTo(OptionalInt.of(8005));
        assertThat(scene.service("web").status().condition(Condition.HOME_FREE))
                .hasValueSatisfying(home -> assertThat(home.status()).isEqualTo(Condition.Status.UNKNOWN));

        scene.pass(SOON);
        assertThat(scene.service("web").status().port()).isEqualTo(OptionalInt.of(8000));
        assertThat(scene.service("web").status().process()).isPresent();
    }

    /** The one that has the port can't be restarted elsewhere before the one that wants it has started: neither may wait. */
    @Test
    void nobodyWaitsForThePortOfAServiceThatWaitsForItself() throws Exception {
        scene.declare("database", running(8005));
        scene.declare("web", dependent(8010));
        scene.pass(SOON);
        scene.declare("database", running(8005).toBuilder().running(false).build());
        scene.pass(SOON);
        scene.declare("web", dependent(8008));
        scene.pass(SOON);
        assertThat(scene.service("web").status().port())
                .as("it goes on where it is")
                .isEqualTo(OptionalInt.of(8010));

        scene.declare("database", running(8010));
        scene.pass(SOON);

        assertThat(scene.service("database").status().process()).isPresent();
        assertThat(scene.service("web").status().port()).isEqualTo(OptionalInt.of(8008));
    }

    private static ServiceSpec dependent(int port) {
        return running(port).toBuilder()
                .dependsOn(List.of(new Dependency("database", Dependency.Until.STARTED)))
                .build();
    }

    @Test
    void aPortIsNamedWithItsProtocolWhereItChanges() throws Exception {
        scene.declare("web", udp(8000));
        scene.pass(SOON);
        scene.declare("web", udp(8001));
        scene.pass(SOON);
        scene.declare("web", running(8001));
        scene.pass(SOON);

        assertThat(details("PortAssigned")).contains("8000/udp → 8001/udp");
        assertThat(details("ServiceDeclared")).contains("port 8001/udp → 8001");
    }

    private static ServiceSpec udp(int port) {
        return running(port).toBuilder().protocol(Protocol.UDP).build();
    }

    private List<String> details(String action) throws Exception {
        return scene.records().stream()
                .map(AuditRecord::entry)
                .filter(entry -> entry.action().equals(action))
                .map(AuditEntry::detail)
                .toList();
    }
}
