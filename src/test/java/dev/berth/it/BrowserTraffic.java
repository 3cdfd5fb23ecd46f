package dev.berth.it;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * With which status each request of a page was answered, by the browser's own records: preflights, handshakes and answers
 * that it hides from the page are among them.
 */
final class BrowserTraffic {
    private static final String HANDSHAKE = "Unexpected response code: ";

    private final Page page;
    private final Map<String, Integer> statuses = new TreeMap<>();

    /** Method and address by the browser's id of a request, whose answer is told apart from it. */
    private final Map<String, String> requests = new HashMap<>();

    private final Map<String, Integer> unmatched = new HashMap<>();

    private BrowserTraffic(Page page) {
        this.page = page;
    }

    /** From now on. */
    static BrowserTraffic of(BrowserContext context, Page page) {
        BrowserTraffic traffic = new BrowserTraffic(page);
        CDPSession session = context.newCDPSession(page);
        session.on("Network.requestWillBeSent", traffic::sent);
        session.on("Network.responseReceivedExtraInfo", traffic::answered);
        session.send("Network.enable");
        page.onWebSocket(socket -> socket.onSocketError(error -> traffic.refused(socket.url(), error)));
        return traffic;
    }

    private void sent(JsonObject event) {
        JsonObject request = event.getAsJsonObject("request");
        String id = event.get("requestId").getAsString();
        requests.put(
                id,
                request.get("method").getAsString() + " " + request.get("url").getAsString());
        match(id);
    }

    private void answered(JsonObject event) {
        String id = event.get("requestId").getAsString();
        unmatched.put(id, event.get("statusCode").getAsInt());
        match(id);
    }

    /** The two events come in any order. */
    private void match(String id) {
        if (requests.containsKey(id) && unmatched.containsKey(id)) {
            statuses.put(requests.get(id), unmatched.remove(id));
        }
    }

    private void refused(String url, String error) {
        int code = error.indexOf(HANDSHAKE);
        if (code >= 0) {
            statuses.put(
                    "upgrade " + url,
                    Integer.valueOf(error.substring(code + HANDSHAKE.length()).strip()));
        }
    }

    /** Waits for the first answer to a request with this in its address, and returns all that have come by then. */
    Map<String, Integer> answersTo(String part) {
        page.waitForCondition(
                () -> statuses.keySet().stream().anyMatch(request -> request.contains(part)),
                new Page.WaitForConditionOptions().setTimeout(Berth.PATIENCE.toMillis()));
        Map<String, Integer> answers = new TreeMap<>(statuses);
        answers.keySet().removeIf(request -> !request.contains(part));
        return answers;
    }
}
