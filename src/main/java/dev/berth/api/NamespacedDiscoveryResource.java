package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;

/** Where the services of one namespace are. */
@Singleton
@Path("/namespaces/{namespace}/discovery")
public class NamespacedDiscoveryResource extends DiscoveryMethods {
    NamespacedDiscoveryResource(Backend backend) {
        super(backend);
    }

    @Override
    Optional<String> namespace(UriInfo uri) {
        return uri.getPathParameters().getOrDefault("namespace", List.of()).stream()
                .findFirst();
    }
}
