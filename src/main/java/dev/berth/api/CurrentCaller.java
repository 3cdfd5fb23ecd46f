package dev.berth.api;

import dev.berth.model.Caller;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpConnection;
import jakarta.enterprise.context.RequestScoped;

/** Who makes the present request, as the gate found out. */
@RequestScoped
public class CurrentCaller {
    private final CurrentVertxRequest request;

    /** @param request the one that is being answered */
    public CurrentCaller(CurrentVertxRequest request) {
        this.request = request;
    }

    /** The caller; the gate lets nobody through without one. */
    public Caller get() {
        return request.getCurrent().get(Gate.CALLER);
    }

    /** Ends the caller's connection, for an answer that can't be ended in order; may be called after the request. */
    Runnable hangUp() {
        HttpConnection connection = request.getCurrent().request().connection();
        return connection::close;
    }
}
