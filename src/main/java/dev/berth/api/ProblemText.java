package dev.berth.api;

import dev.berth.model.Fault;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns a problem into a sentence for who asked for text: a shell shows it as it comes. */
@Provider
public class ProblemText implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof HttpProblem problem
                && ProblemSentence.isWanted(Optional.ofNullable(request.getHeaderString(HttpHeaders.ACCEPT)))) {
            List<Fault> faults = new ArrayList<>();
            if (problem.getParameters().get(Problems.ERRORS) instanceof List<?> errors) {
                errors.forEach(error -> faults.add((Fault) error));
            }
            response.setEntity(
                    ProblemSentence.of(problem.getDetail(), faults),
                    new Annotation[0],
                    MediaType.valueOf(ReplyWriter.TEXT));
        }
    }
}
