package dev.berth.api;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;

/** Where the services of every namespace are. */
@Singleton
@Path("/discovery")
public class DiscoveryResource extends DiscoveryMethods {
    DiscoveryResource(Backend backend) {
        super(backend);
    }

    @Override
    Optional<String> namespace(UriInfo uri) {
        return Optional.empty();
    }
}
