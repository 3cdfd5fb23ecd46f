package dev.berth.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Condition;
import dev.berth.model.ServiceSpec;
import java.util.List;

/** What tests want of a planner, and ask its plans. */
final class Plans {
    private Plans() {}

    static ServiceSpec.Builder wants(int port) {
        return ServiceSpec.builder().port(port);
    }

    static <T extends Action> T only(Plan plan, Class<T> type) {
        List<T> found =
                plan.actions().stream().filter(type::isInstance).map(type::cast).toList();
        assertThat(found).as("%s in %s", type.getSimpleName(), plan.actions()).hasSize(1);
        return found.get(0);
    }

    static List<String> kinds(Plan plan) {
        return plan.actions().stream()
                .map(action -> action.getClass().getSimpleName())
                .toList();
    }

    static Condition condition(Plan plan, String type) {
        return plan.conditions().stream()
                .filter(each -> each.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type + " in " + plan.conditions()));
    }
}
