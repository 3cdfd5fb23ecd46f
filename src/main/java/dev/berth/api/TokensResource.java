package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.berth.config.Document;
import dev.berth.config.Reading;
import dev.berth.config.TokenReader;
import dev.berth.control.Tokens;
import dev.berth.model.Caller;
import dev.berth.model.Token;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Secrets that stand for a user, where the kernel can't tell who calls, or where somebody shall have fewer rights. */
@Singleton
@Path("/tokens")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class TokensResource {
    private final Backend backend;
    private final Tokens tokens;
    private final CurrentCaller caller;

    TokensResource(Backend backend, Tokens tokens, CurrentCaller caller) {
        this.backend = backend;
        this.tokens = tokens;
        this.caller = caller;
    }

    /** @param token the secret; there only in the answer to who made it */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    @JsonPropertyOrder({"apiVersion", "kind", "name", "token"})
    record TokenView(
            String apiVersion,
            String kind,
            String name,
            Optional<String> token,
            ServiceView.OwnerView owner,
            String scope,
            boolean onlyOwn,
            String createdAt,
            String expiresAt,
            boolean expired) {
        static TokenView of(Token token, Optional<String> secret, Instant now) {
            return new TokenView(
                    Wire.API_VERSION,
                    "Token",
                    token.name(),
                    secret,
                    ServiceView.OwnerView.of(token.owner()),
                    Wire.lower(token.scope()),
                    token.onlyOwn(),
                    Wire.time(token.createdAt()),
                    Wire.time(token.expiresAt()),
                    token.isExpired(now));
        }
    }

    @POST
    @Consumes({Bodies.JSON, Bodies.YAML, Bodies.X_YAML, Bodies.TEXT_YAML})
    @Operation(summary = "Make a token with at most the caller's rights; its secret is shown this once (dryRun)")
    public Response make(@Context UriInfo uri, @Context HttpHeaders headers, byte @Nullable [] body) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        Document document = Bodies.one(body, headers);
        Reading.Valid<TokenReader.Wish> read = Bodies.valid(TokenReader.read(document.tree()), document, "the token");
        TokenReader.Wish wish = read.value();
        Caller by = caller.get();
        backend.permissions().requireTokens(by);
        if (wish.scope() == Token.Scope.ADMIN) {
            backend.permissions().requireAdministrator(by, "anything by a token of scope admin");
        }
        if (dryRun) {
            PlanView.Step step = new PlanView.Step(
                    "CreateToken", "Token " + wish.name(), "asked for", "scope " + Wire.lower(wish.scope()));
            return Response.ok(PlanView.reply(List.of(step), read.warnings())).build();
        }
        Tokens.Made made = Stored.answer(() -> tokens.make(wish.name(), wish.scope(), wish.onlyOwn(), wish.ttl(), by));
        if (made instanceof Tokens.Made.Refused refused) {
            throw Problems.conflict(refused.reason());
        }
        Tokens.Made.Done done = (Tokens.Made.Done) made;
        TokenView view = TokenView.of(
                done.token(), Optional.of(done.secret()), backend.clock().instant());
        return Response.status(Response.Status.CREATED)
                .header("Location", "/tokens/" + done.token().name())
                .entity(new Reply(view, () -> done.secret() + "\n"))
                .build();
    }

    @GET
    @Operation(summary = "The caller's tokens, or everybody's for administrators; never their secrets")
    public Response list(@Context UriInfo uri) {
        new Query(uri).end();
        List<TokenView> all = tokens.list(caller.get()).stream()
                .map(each ->
                        TokenView.of(each, Optional.empty(), backend.clock().instant()))
                .toList();
        return Response.ok(new Reply(
                        ListView.of(
                                "TokenList", all, Optional.of(backend.registry().resourceVersion()), Optional.empty()),
                        () -> table(all)))
                .build();
    }

    @DELETE
    @Path("/{name}")
    @Operation(summary = "Take a token back; it and what goes on with it end at once (dryRun)")
    public Response revoke(@PathParam("name") String name, @Context UriInfo uri) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        Caller by = caller.get();
        backend.permissions().requireTokens(by);
        if (dryRun) {
            if (tokens.list(by).stream().noneMatch(each -> each.name().equals(name))) {
                throw missing(name);
            }
            PlanView.Step step = new PlanView.Step("RevokeToken", "Token " + name, "asked for", "");
            return Response.ok(PlanView.reply(List.of(step), List.of())).build();
        }
        Token revoked =
                Stored.<Optional<Token>>answer(() -> tokens.revoke(name, by)).orElseThrow(() -> missing(name));
        TokenView view = TokenView.of(revoked, Optional.empty(), backend.clock().instant());
        return Response.ok(new Reply(view, () -> "The token " + revoked.name() + " is revoked.\n"))
                .build();
    }

    private static RuntimeException missing(String name) {
        return Problems.notFound("token " + Wire.quote(name) + " of yours");
    }

    private static String table(List<TokenView> tokens) {
        if (tokens.isEmpty()) {
            return "There are no tokens. Make one with: berth token create NAME\n";
        }
        TextTable table = TextTable.of("NAME", "OWNER", "SCOPE", "LIMIT", "CREATED", "EXPIRES");
        tokens.forEach(each -> table.row(
                each.name(),
                each.owner().name(),
                each.scope(),
                each.onlyOwn() ? "only its own" : "-",
                each.createdAt(),
                each.expired() ? "expired" : each.expiresAt()));
        return table.toString();
    }
}
