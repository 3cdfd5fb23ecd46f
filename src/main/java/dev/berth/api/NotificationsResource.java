package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.notify.Notifier;
import dev.berth.notify.WebhookStatus;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** How notifications fare, and whether they would arrive. */
@Singleton
@Path("/notifications")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class NotificationsResource {
    private static final String WHAT = "the notifications";

    private final Notifier notifier;
    private final Backend backend;
    private final CurrentCaller caller;

    NotificationsResource(Notifier notifier, Backend backend, CurrentCaller caller) {
        this.notifier = notifier;
        this.backend = backend;
        this.caller = caller;
    }

    /** @param behind changes that it has yet to look at; 0 when everything was told */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record WebhookView(
            String name,
            String url,
            String format,
            String minSeverity,
            boolean signed,
            long behind,
            long delivered,
            long retried,
            long givenUp,
            long dropped,
            Optional<PendingView> pending,
            Optional<LastView> last) {
        static WebhookView of(WebhookStatus status) {
            return new WebhookView(
                    status.webhook().name(),
                    status.webhook().shownUrl(),
                    status.webhook().format().word(),
                    Wire.lower(status.webhook().minSeverity()),
                    status.webhook().secret().isPresent(),
                    status.behind(),
                    status.delivered(),
                    status.retried(),
                    status.givenUp(),
                    status.dropped(),
                    status.pending()
                            .map(each -> new PendingView(
                                    each.id(), each.title(), each.attempts(), Wire.time(each.nextAt()))),
                    status.last().map(each -> new LastView(Wire.time(each.at()), each.id(), each.result())));
        }

        /** Titles name other users' processes, and results what a machine of the administrators answered. */
        WebhookView withoutWords() {
            return new WebhookView(
                    name,
                    ServiceView.WITHHELD,
                    format,
                    minSeverity,
                    signed,
                    behind,
                    delivered,
                    retried,
                    givenUp,
                    dropped,
                    pending.map(
                            each -> new PendingView(each.id(), ServiceView.WITHHELD, each.attempts(), each.nextAt())),
                    last.map(each -> new LastView(each.at(), each.id(), ServiceView.WITHHELD)));
        }
    }

    record PendingView(String id, String title, int attempts, String nextAt) {}

    record LastView(String at, String id, String result) {}

    @GET
    @Operation(summary = "Each webhook: what was delivered, what is being tried again, the last result")
    public Response list(@Context UriInfo uri) {
        new Query(uri).end();
        boolean whole = backend.permissions().mayReadOwn(caller.get());
        List<WebhookView> webhooks = notifier.status().stream()
                .map(WebhookView::of)
                .map(each -> whole ? each : each.withoutWords())
                .toList();
        ListView<WebhookView> view = ListView.of("NotificationList", webhooks, Optional.empty(), Optional.empty());
        return Response.ok(new Reply(view, () -> table(webhooks))).build();
    }

    private static String table(List<WebhookView> webhooks) {
        if (webhooks.isEmpty()) {
            return "No webhooks are set: see docs/notifications.md.\n";
        }
        TextTable table = TextTable.of("WEBHOOK", "TO", "FROM SEVERITY", "DELIVERED", "GIVEN UP", "DROPPED", "LAST");
        webhooks.forEach(each -> table.row(
                each.name(),
                each.url(),
                each.minSeverity(),
                each.delivered(),
                each.givenUp(),
                each.dropped(),
                each.last().map(LastView::result).orElse("-")));
        return table.toString();
    }

    @POST
    @Path("/test")
    @Operation(summary = "Send a test to every webhook or to one (name), and tell what became of it (dryRun)")
    public Response test(@Context UriInfo uri) {
        Query query = new Query(uri);
        Optional<String> name = query.text("name");
        boolean dryRun = query.dryRun();
        query.end();
        backend.permissions().requireAdministrator(caller.get(), WHAT);
        List<WebhookStatus> chosen = notifier.status().stream()
                .filter(each ->
                        name.isEmpty() || name.get().equals(each.webhook().name()))
                .toList();
        if (chosen.isEmpty()) {
            throw Problems.notFound(
                    name.isPresent() ? "webhook " + Wire.quote(name.get()) : "webhook in notifications.webhooks");
        }
        if (dryRun) {
            return Response.ok(PlanView.reply(
                            chosen.stream()
                                    .map(each -> new PlanView.Step(
                                            "SendTest",
                                            "Webhook " + each.webhook().name(),
                                            "asked for",
                                            each.webhook().shownUrl()))
                                    .toList(),
                            List.of()))
                    .build();
        }
        List<Notifier.Tested> results = notifier.test(name);
        ListView<Notifier.Tested> view = ListView.of("TestList", results, Optional.empty(), Optional.empty());
        return Response.ok(new Reply(view, () -> {
                    TextTable table = TextTable.of("WEBHOOK", "RESULT");
                    results.forEach(each -> table.row(each.webhook(), each.result()));
                    return table.toString();
                }))
                .build();
    }
}
