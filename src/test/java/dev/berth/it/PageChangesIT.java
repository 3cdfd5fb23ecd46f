package dev.berth.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.berth.testing.FreePorts;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is changed on the page: never before its plan was shown. */
class PageChangesIT extends PageTests {
    @Test
    void aDecisionThatWaitsIsSeenAndApproved() {
        assertThat(berth.patch("/settings", "{\"confirm\": \"terminate\"}").status())
                .isEqualTo(200);
        int port = hold();
        visitor.open("");
        assertThat(page.locator(".open")).containsText("None. Every port is where it should be.");

        guard("claims", port, "aggressive");
        Locator card = page.locator(".card").filter(new Locator.FilterOptions().setHasText("Port " + port));
        assertThat(card).containsText("awaiting approval");
        assertThat(card).containsText("claims wants it. Terminate: held by");
        card.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Approve…"))
                .click();
        assertThat(visitor.dialog()).containsText("Terminate for claims?");
        assertThat(visitor.dialog().locator(".steps")).containsText("approved");
        assertThat(berth.get("/conflicts?service=claims")
                        .body()
                        .at("/items/0/state")
                        .asText())
                .as("the plan alone changes nothing")
                .isEqualTo("AwaitingApproval");
        visitor.inDialog("Approve").click();

        assertThat(card).hasCount(0);
        JsonNode settled = berth.settledConflict("claims");
        assertThat(settled.path("state").asText()).isEqualTo("Resolved");
        visitor.go("#/conflicts/" + settled.path("id").asText());
        assertThat(visitor.story().locator(".timeline")).containsText("succeeded");
        visitor.assertNoComplaints();
    }

    @Test
    void aDecisionThatWaitsIsDismissed() {
        assertThat(berth.patch("/settings", "{\"confirm\": \"terminate\"}").status())
                .isEqualTo(200);
        int port = hold();
        guard("waits", port, "aggressive");
        visitor.open("#/conflicts?state=AwaitingApproval");
        Locator line = page.locator(".line").filter(new Locator.FilterOptions().setHasText("waits"));
        line.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Dismiss…"))
                .click();
        visitor.inDialog("Dismiss").click();
        assertThat(line).hasCount(0);
        assertThat(berth.get("/conflicts?service=waits")
                        .body()
                        .at("/items/0/state")
                        .asText())
                .isEqualTo("Dismissed");
        assertThat(FreePorts.isFree(port)).as("its holder was left alone").isFalse();
        visitor.assertNoComplaints();
    }

    @Test
    void aServiceIsStoppedAndStartedAfterItsPlanWasShown() {
        run("talks");
        visitor.open("#/services");
        assertThat(row("talks")).containsText("running");
        visitor.button("Stop talks").click();
        assertThat(visitor.dialog().locator(".steps")).containsText("Stop process");
        visitor.inDialog("Cancel").click();
        assertThat(supervised.status("talks").path("state").asText()).isEqualTo("Running");

        visitor.button("Stop talks").click();
        visitor.inDialog("Stop it").click();
        assertThat(row("talks")).containsText("stopped");
        supervised.await("talks", "Stopped");
        visitor.button("Start talks").click();
        assertThat(row("talks")).containsText("running");
        long before = supervised.awaitPid("talks");
        visitor.button("Restart talks").click();
        visitor.inDialog("Restart it").click();
        supervised.awaitAnother("talks", before);
        visitor.assertNoComplaints();
    }

    @Test
    void aDeclarationShowsItsFaultsAtTheFieldsAndThenItsPlan() {
        int port = FreePorts.take();
        visitor.open("#/services");
        visitor.button("Declare a service").click();
        visitor.dialog().getByLabel("Name").fill("made");
        visitor.dialog()
                .getByLabel("Port", new Locator.GetByLabelOptions().setExact(true))
                .fill("70000");
        visitor.dialog().getByLabel("Alternatives").fill("8001, 8001");
        visitor.inDialog("Show the plan").click();
        Locator wrong = visitor.dialog().locator("[aria-invalid=true]");
        assertThat(wrong).hasCount(2);
        assertThat(wrong.first()).isFocused();
        assertThat(visitor.dialog()).containsText("given: 70000");

        visitor.dialog()
                .getByLabel("Port", new Locator.GetByLabelOptions().setExact(true))
                .fill(Integer.toString(port));
        visitor.dialog().getByLabel("Alternatives").fill("");
        visitor.inDialog("Show the plan").click();
        assertThat(visitor.dialog().locator(".steps")).containsText("Create service");
        assertThat(berth.get("/services/made").status())
                .as("the plan alone declares nothing")
                .isEqualTo(404);
        visitor.inDialog("Declare it").click();
        assertThat(row("made")).isVisible();

        visitor.go("#/services/default/made");
        visitor.button("Edit…").click();
        visitor.button("As YAML").click();
        Locator text = visitor.dialog().getByLabel("Spec");
        text.fill(text.inputValue() + "\nstrategi: aggressive\n");
        visitor.inDialog("Show the plan").click();
        assertThat(visitor.dialog().locator(".refusal")).containsText("strategi");
        text.fill(text.inputValue().replace("strategi:", "strategy:"));
        visitor.inDialog("Show the plan").click();
        visitor.inDialog("Change it").click();
        Awaitility.await("the strategy is changed")
                .atMost(Berth.PATIENCE)
                .until(() -> berth.get("/services/made")
                        .body()
                        .at("/spec/strategy")
                        .asText()
                        .equals("aggressive"));
        visitor.button("Delete…").click();
        visitor.inDialog("Delete it").click();
        assertThat(row("made")).hasCount(0);
        visitor.complaints().removeIf(each -> each.contains("422"));
        visitor.assertNoComplaints();
    }

    @Test
    void aPortIsFreedAfterItsPlanWasShown() {
        int port = hold();
        visitor.open("#/ports?q=" + port);
        row(Integer.toString(port)).getByRole(AriaRole.LINK).click();
        visitor.button("Free this port…").click();
        assertThat(visitor.dialog().locator(".steps")).containsText("Evict holders");
        assertThat(FreePorts.isFree(port)).as("after the plan alone").isFalse();
        visitor.inDialog("Free it").click();
        assertThat(page.locator(".toast")).containsText("port " + port + " is free now");
        assertThat(FreePorts.isFree(port)).isTrue();
        assertThat(row(Integer.toString(port))).hasCount(0);
        visitor.assertNoComplaints();
    }

    @Test
    void aPortIsReservedAndReleased() {
        int port = FreePorts.take();
        visitor.open("#/reservations");
        visitor.button("Reserve…").click();
        visitor.dialog().getByLabel("For whom").fill("ann");
        visitor.dialog()
                .getByLabel("Port", new Locator.GetByLabelOptions().setExact(true))
                .fill(Integer.toString(port));
        visitor.dialog().getByLabel("For how long").fill("1h");
        visitor.inDialog("Show the plan").click();
        visitor.inDialog("Reserve it").click();
        assertThat(row(Integer.toString(port))).containsText("ann");
        row(Integer.toString(port)).getByRole(AriaRole.BUTTON).click();
        visitor.inDialog("Release it").click();
        assertThat(row(Integer.toString(port))).hasCount(0);
        visitor.assertNoComplaints();
    }

    @Test
    void aSettingIsChangedAndPutBack() {
        visitor.open("#/settings");
        page.locator("#settings-search").fill("homeAfter");
        visitor.button("Change conflicts.homeAfter").click();
        visitor.dialog().getByLabel("Value").fill("soon");
        visitor.inDialog("Show the plan").click();
        assertThat(visitor.dialog().locator("[aria-invalid=true]")).hasCount(1);
        visitor.dialog().getByLabel("Value").fill("45s");
        visitor.inDialog("Show the plan").click();
        visitor.inDialog("Change it").click();
        assertThat(page.locator("main .settings .value")).containsText("45s");
        visitor.button("Put conflicts.homeAfter back").click();
        visitor.inDialog("Put it back").click();
        assertThat(page.locator("main .settings .value")).containsText("30s");
        visitor.complaints().removeIf(each -> each.contains("422"));
        visitor.assertNoComplaints();
    }
}
