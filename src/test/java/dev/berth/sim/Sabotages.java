package dev.berth.sim;

import dev.berth.control.PlanMaker;
import dev.berth.host.ExitStatus;
import dev.berth.host.HostObserver;
import dev.berth.host.Launcher;
import dev.berth.host.ObservationException;
import dev.berth.host.PortHold;
import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessTable;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.Blockage;
import dev.berth.model.Condition;
import dev.berth.model.HolderKind;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Origin;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.plan.Plan;
import dev.berth.plan.Policy;
import dev.berth.plan.Situation;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Promises broken on purpose, one each. */
enum Sabotages implements Sabotage {
    /** Signals whoever has the pid now. */
    NO_PROOF_OF_IDENTITY {
        @Override
        public ProcessControl control(FakeHost host) {
            return new Blind(host);
        }
    },
    /** Judges as if every service asked for the aggressive strategy and nothing were to be spared. */
    STRATEGY_IGNORED {
        @Override
        public PlanMaker planner(PlanMaker real) {
            return (situation, policy, now) ->
                    real.plan(withService(situation, aggressive(situation.service())), merciless(policy), now);
        }
    },
    /** Gives ports as if there were nobody else. */
    OTHERS_IGNORED {
        @Override
        public PlanMaker planner(PlanMaker real) {
            return (situation, policy, now) -> real.plan(
                    new Situation(
                            situation.service(),
                            List.of(),
                            situation.reservations(),
                            situation.host(),
                            situation.blockages(),
                            situation.conflicts(),
                            situation.evictions(),
                            situation.history(),
                            situation.berth(),
                            situation.run()),
                    policy,
                    now);
        }
    },
    /** Lets go of no port that it once held. */
    HOLDS_LEAK {
        @Override
        public PortHold holds(FakeHost host) {
            return new HoldSabotage.Leaking(host.hold);
        }
    },
    /** Says that ports are held which are not. */
    HOLDS_ARE_WORDS {
        @Override
        public PortHold holds(FakeHost host) {
            return new HoldSabotage.Pretended(host.hold);
        }
    },
    /** Gives away what is reserved. */
    RESERVATIONS_IGNORED {
        @Override
        public Registry registry(Registry real) {
            return new HoldSabotage.Unreserved(real);
        }
    },
    /** Takes everybody's processes for ordinary ones. */
    NOBODY_IS_PROTECTED {
        @Override
        public HostObserver observer(FakeHost host) {
            return new Levelling(host.observer);
        }
    },
    /** Says something new of a service in every pass. */
    NEVER_SETTLED {
        @Override
        public PlanMaker planner(PlanMaker real) {
            return (situation, policy, now) -> {
                Plan plan = real.plan(situation, policy, now);
                List<Condition> restless = new ArrayList<>(plan.conditions());
                restless.add(new Condition("Restless", Condition.Status.TRUE, "Now", "it is " + now, now));
                return new Plan(plan.actions(), plan.state(), restless, plan.requeueAfter());
            };
        }
    },
    /** Never says what became of an act. */
    NO_OUTCOMES {
        @Override
        public Registry registry(Registry real) {
            return new Rewriting(
                    real,
                    changes -> new ChangeSet(
                            changes.writes(),
                            changes.audit().stream()
                                    .filter(entry -> entry.act().isEmpty() || entry.outcome() == Outcome.INTENDED)
                                    .toList()));
        }
    },
    /** Signals without having said so before. */
    NO_INTENTS {
        @Override
        public Registry registry(Registry real) {
            return new Rewriting(
                    real,
                    changes -> new ChangeSet(
                            changes.writes(),
                            changes.audit().stream()
                                    .filter(entry -> entry.act().isEmpty())
                                    .toList()));
        }
    },
    /** Does not log that a conflict was found. */
    CONFLICTS_NOT_AUDITED {
        @Override
        public Registry registry(Registry real) {
            return new Rewriting(
                    real,
                    changes -> new ChangeSet(
                            changes.writes(),
                            changes.audit().stream()
                                    .filter(entry -> !entry.action().equals("ConflictDetected"))
                                    .toList()));
        }
    },
    /** Starts each program twice. */
    LAUNCHES_TWICE {
        @Override
        public Launcher launcher(FakeHost host) {
            return new RunSabotage.Twice(host.launcher);
        }
    },
    /** Does not look for what an interrupted start has left. */
    MARKERS_IGNORED {
        @Override
        public ProcessTable table(FakeHost host) {
            return new RunSabotage.Unmarked(host.table);
        }
    },
    /** Takes a newcomer under a pid for the one that had it before, and all of its session with it. */
    SESSIONS_OF_REUSED_PIDS {
        @Override
        public ProcessTable table(FakeHost host) {
            return new RunSabotage.ByNumber(host.table);
        }
    },
    /** Kills at once. */
    NO_GRACE {
        @Override
        public Registry registry(Registry real) {
            return RunSabotage.rewriting(real, RunSabotage::hurried);
        }
    },
    /** Says that a stop is over once the signals are sent. */
    STOPS_UNVERIFIED {
        @Override
        public Registry registry(Registry real) {
            return RunSabotage.rewriting(real, RunSabotage::neverStopping);
        }
    },
    /** Does not remember which requests were begun. */
    REQUESTS_FORGOTTEN {
        @Override
        public Registry registry(Registry real) {
            return RunSabotage.rewriting(real, RunSabotage::forgetful);
        }
    },
    /** Starts everything in any order. */
    DEPENDENCIES_IGNORED {
        @Override
        public PlanMaker planner(PlanMaker real) {
            return (situation, policy, now) ->
                    real.plan(withService(situation, RunSabotage.independent(situation.service())), policy, now);
        }
    },
    /** Never gives up. */
    RESTARTS_FOR_EVER {
        @Override
        public PlanMaker planner(PlanMaker real) {
            return (situation, policy, now) ->
                    real.plan(withService(situation, RunSabotage.unlimited(situation.service())), policy, now);
        }
    };

    private static Service aggressive(Service service) {
        return new Service(
                service.metadata(),
                service.spec().toBuilder().strategy("aggressive").build(),
                service.status());
    }

    private static Policy merciless(Policy policy) {
        return new Policy(
                true,
                "aggressive",
                policy.allowMigration(),
                false,
                policy.maxAlternatives(),
                policy.homeAfter(),
                policy.stopOwners(),
                policy.respawnWatch(),
                policy.reserved(),
                policy.range(),
                policy.ephemeral(),
                List.of(),
                Set.of(),
                Set.of());
    }

    private static Situation withService(Situation situation, Service service) {
        return new Situation(
                service,
                situation.services(),
                situation.reservations(),
                situation.host(),
                situation.blockages(),
                situation.conflicts(),
                situation.evictions(),
                situation.history(),
                situation.berth(),
                situation.run());
    }

    /** Sends to a pid, as {@code kill} does. */
    private record Blind(FakeHost host) implements ProcessControl {
        @Override
        public SignalResult signal(ProcessRef process, Set<Long> inodes, Signal signal) {
            SignalResult proven = host.control.signal(process, inodes, signal);
            boolean refused = proven instanceof SignalResult.NotTheSame || proven instanceof SignalResult.NoLongerHolds;
            if (refused && host.machine.byPid(process.pid()).isPresent()) {
                host.machine.deliver(host.machine.byPid(process.pid()).orElseThrow(), signal, true);
                return new SignalResult.Sent();
            }
            return proven;
        }

        @Override
        public Liveness liveness(ProcessRef process) {
            return host.control.liveness(process);
        }

        @Override
        public Optional<ExitStatus> exitStatus(ProcessRef process) {
            return host.control.exitStatus(process);
        }

        @Override
        public Watch onExit(ProcessRef process, Runnable callback) {
            return host.control.onExit(process, callback);
        }

        @Override
        public void close() {
            host.control.close();
        }
    }

    /** Tells of every process that it is an ordinary one. */
    private record Levelling(HostObserver real) implements HostObserver {
        @Override
        public String name() {
            return real.name();
        }

        @Override
        public HostSnapshot observe() throws ObservationException {
            return levelled(real.observe());
        }

        @Override
        public HostSnapshot inspect(PortKey port) throws ObservationException {
            return levelled(real.inspect(port));
        }

        private static HostSnapshot levelled(HostSnapshot seen) {
            Map<ProcessRef, ProcessFacts> processes = new LinkedHashMap<>();
            seen.processes().forEach((ref, facts) -> processes.put(ref, levelled(facts)));
            return new HostSnapshot(seen.listeners(), processes, seen.takenAt(), seen.completeness());
        }

        private static ProcessFacts levelled(ProcessFacts facts) {
            return new ProcessFacts(
                    facts.ref(),
                    facts.user(),
                    facts.comm(),
                    facts.commandLine(),
                    facts.executable(),
                    facts.workingDirectory(),
                    facts.startedAt(),
                    facts.processGroup(),
                    facts.session(),
                    facts.ancestors(),
                    facts.kernelThread(),
                    facts.marker(),
                    Origin.of(HolderKind.FOREIGN));
        }

        @Override
        public Optional<Blockage> explain(PortKey port) throws ObservationException {
            return real.explain(port);
        }

        @Override
        public Optional<ProcessFacts> describe(ProcessRef process) {
            return real.describe(process).map(Levelling::levelled);
        }

        @Override
        public Optional<ProcessRef> identify(long pid) {
            return real.identify(pid);
        }

        @Override
        public void onSocketGone(Consumer<PortKey> listener) {
            real.onSocketGone(listener);
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
