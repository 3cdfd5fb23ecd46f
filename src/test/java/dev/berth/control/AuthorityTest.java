package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.host.UserDirectory;
import dev.berth.model.Caller;
import dev.berth.model.Metadata;
import dev.berth.model.Mode;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceStatus;
import dev.berth.model.Token;
import dev.berth.model.Token.Scope;
import dev.berth.model.User;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of rights, row by row. */
class AuthorityTest {
    private static final Map<String, User> USERS = Map.of(
            "root", User.of(0, "root"),
            "ann", User.of(1001, "ann"),
            "ben", User.of(1002, "ben"),
            "carl", User.of(1003, "carl"),
            // Names that could be read as something else.
            "default", User.of(1004, "default"),
            "uid-1002", User.of(1005, "uid-1002"),
            "Dora.D", User.of(1006, "Dora.D"));
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    /** Carl administers. */
    private static final class Directory implements UserDirectory {
        private boolean readable = true;

        @Override
        public User of(long uid) throws IOException {
            require();
            return USERS.values().stream()
                    .filter(user -> user.uid() == uid)
                    .findFirst()
                    .orElseGet(() -> new User(uid, Optional.empty()));
        }

        @Override
        public Optional<User> named(String name) throws IOException {
            require();
            return Optional.ofNullable(USERS.get(name));
        }

        @Override
        public boolean isMember(User user, String group) throws IOException {
            require();
            return group.equals("berth-admin") && user.uid() == 1003;
        }

        private void require() throws IOException {
            if (!readable) {
                throw new IOException("/etc/passwd can't be read");
            }
        }
    }

    private final Directory directory = new Directory();
    private final Authority shared = new Authority(Mode.SHARED, User.of(0, "root"), directory, () -> "berth-admin");
    private final Authority single = new Authority(Mode.SINGLE, User.of(1001, "ann"), directory, () -> "berth-admin");

    private Caller caller(String name) throws IOException {
        return shared.admit(new User(USERS.get(name).uid(), Optional.empty()), Optional.empty())
                .orElseThrow();
    }

    private Caller caller(String name, Scope scope, boolean onlyOwn) throws IOException {
        return shared.admit(USERS.get(name), Optional.of(token(name, scope, onlyOwn)))
                .orElseThrow();
    }

    private static Token token(String owner, Scope scope, boolean onlyOwn) {
        return new Token("ci", "id-of-ci", USERS.get(owner), scope, onlyOwn, "", NOW, NOW.plusSeconds(1), 0);
    }

    private static Service service(String namespace, String owner, String... annotation) {
        return new Service(
                new Metadata(
                        namespace,
                        "web",
                        "u",
                        Map.of(),
                        annotation.length == 0 ? Map.of() : Map.of(Caller.DECLARED_BY, annotation[0]),
                        USERS.get(owner),
                        List.of(),
                        1,
                        1,
                        NOW,
                        Optional.empty()),
                ServiceSpec.builder().build(),
                ServiceStatus.unseen());
    }

    private Optional<String> change(Caller caller, Service service) throws IOException {
        return shared.whyNotChange(caller, service.key(), Optional.of(service));
    }

    @ParameterizedTest
    @CsvSource({
        // caller, namespace, owner of what is there, may
        "ann,  ann,     ann,  true",
        "ann,  ben,     ben,  false",
        "ann,  default, root, false",
        "ann,  default, ann,  false",
        "ann,  team,    ann,  false",
        // Left by somebody else before the user was given that name.
        "ann,  ann,     root, false",
        "ann,  ann,     ben,  false",
        "ben,  uid-1002, ben, true",
        "root, ann,     ann,  true",
        "root, default, root, true",
        "carl, ann,     ann,  true",
        "carl, default, root, true"
    })
    void aUserChangesWhatIsTheirsAndAnAdministratorEverything(
            String caller, String namespace, String owner, boolean may) throws IOException {
        assertThat(change(caller(caller), service(namespace, owner)).isEmpty()).isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({
        "ann,  ann,      true",
        "ann,  ben,      false",
        "ann,  default,  false",
        "ann,  nobodys,  false",
        "ann,  uid-1001, true",
        "ann,  uid-1002, false",
        "carl, nobodys,  true",
        "root, ann,      true"
    })
    void aNewServiceIsDeclaredInOnesOwnNamespace(String caller, String namespace, boolean may) throws IOException {
        assertThat(shared.whyNotChange(caller(caller), new ServiceKey(namespace, "web"), Optional.empty())
                        .isEmpty())
                .isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({
        "root, ann,      1001",
        "carl, ann,      1001",
        "carl, uid-1002, 1002",
        "ann,  ann,      1001",
        "carl, default,  1003",
        "root, default,  0",
        "root, nobodys,  0"
    })
    void whatIsDeclaredInAUsersNamespaceIsTheirsWhoeverDeclaresIt(String caller, String namespace, long uid)
            throws IOException {
        assertThat(shared.owner(namespace, caller(caller)).uid()).isEqualTo(uid);
    }

    @ParameterizedTest
    @CsvSource({"ann, ann", "root, root", "default, uid-1004", "uid-1002, uid-1005", "Dora.D, uid-1006"})
    void noUsersNamespaceCanBeTakenForAnothers(String name, String namespace) throws IOException {
        Caller caller = caller(name);
        assertThat(caller.namespace()).isEqualTo(namespace);
        assertThat(shared.owner(namespace, caller).uid())
                .isEqualTo(USERS.get(name).uid());
    }

    @Test
    void theRefusalNamesWhoseItIs() throws IOException {
        assertThat(change(caller("ann"), service("ben", "ben")))
                .hasValueSatisfying(
                        words -> assertThat(words).contains("belongs to ben", "you are ann", "yours is ann"));
    }

    @ParameterizedTest
    @CsvSource({
        // owner of the token, scope, limited, namespace, declared by that token, may
        "ann,  READ,   false, ann, false, false",
        "ann,  MANAGE, false, ann, false, true",
        "ann,  MANAGE, false, ben, false, false",
        "ann,  ADMIN,  false, ben, false, false",
        "ann,  MANAGE, true,  ann, false, false",
        "ann,  MANAGE, true,  ann, true,  true",
        "carl, MANAGE, false, ann, false, false",
        "carl, READ,   false, ann, false, false",
        "carl, ADMIN,  false, ann, false, true",
        "carl, ADMIN,  true,  ann, false, false",
        "carl, ADMIN,  true,  ann, true,  true",
        "root, MANAGE, false, ann, false, false"
    })
    void aTokenHasNeverMoreRightsThanItsOwner(
            String owner, Scope scope, boolean onlyOwn, String namespace, boolean declared, boolean may)
            throws IOException {
        Service service = declared ? service(namespace, namespace, "id-of-ci") : service(namespace, namespace);
        assertThat(change(caller(owner, scope, onlyOwn), service).isEmpty()).isEqualTo(may);
    }

    /** Ann left, and her uid was given to Carl; or to nobody. */
    @ParameterizedTest
    @CsvSource({"1003, ann, false", "1099, ann, false", "1001, ann, true", "1001, , true", "0, toor, true"})
    void aTokenIsNotOneOfWhoGotItsOwnersUid(long uid, String name, boolean admitted) throws IOException {
        User stored = new User(uid, Optional.ofNullable(name));
        Token token = new Token("ci", "id", stored, Scope.MANAGE, false, "", NOW, NOW.plusSeconds(1), 0);
        assertThat(shared.admit(stored, Optional.of(token)).isPresent()).isEqualTo(admitted);
    }

    @Test
    void whatIsDeclaredByUidKeepsTheNameThatTellsTheUserLater() throws IOException {
        assertThat(shared.owner("uid-1002", caller("ben"))).isEqualTo(USERS.get("ben"));
    }

    @ParameterizedTest
    @CsvSource({
        "root, , true",
        "carl, , true",
        "ann, , false",
        "ann, ADMIN, false",
        "carl, ADMIN, true",
        "carl, MANAGE, false",
        "root, READ, false"
    })
    void settingsAreForAdministrators(String name, Scope scope, boolean may) throws IOException {
        Caller caller = scope == null ? caller(name) : caller(name, scope, false);
        assertThat(shared.whyNotAdminister(caller, "the settings").isEmpty()).isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({"ann, ann, true", "ann, ben, false", "carl, ben, true", "root, ben, true", "ben, root, false"})
    void secretsAreForTheirOwnerAndAdministrators(String reader, String owner, boolean may) throws IOException {
        assertThat(shared.mayReadSecrets(caller(reader), USERS.get(owner))).isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({"ann, false", "carl, true", "root, true"})
    void whatBerthWasGivenIsForAdministrators(String name, boolean may) throws IOException {
        assertThat(shared.mayReadOwn(caller(name))).isEqualTo(may);
        assertThat(single.mayReadOwn(caller(name))).isTrue();
    }

    @Test
    void aBerthOfOneUserLetsInThatUserAndRoot() throws IOException {
        assertThat(single.admit(USERS.get("ben"), Optional.empty())).isEmpty();
        assertThat(single.admit(USERS.get("carl"), Optional.empty())).isEmpty();
        for (String name : List.of("ann", "root")) {
            Caller caller = single.admit(USERS.get(name), Optional.empty()).orElseThrow();
            assertThat(caller.namespace()).isEqualTo("default");
            assertThat(single.whyNotChange(caller, new ServiceKey("default", "web"), Optional.empty()))
                    .isEmpty();
            assertThat(single.whyNotAdminister(caller, "the settings")).isEmpty();
            assertThat(single.owner("default", caller).uid()).isEqualTo(1001);
        }
    }

    @Test
    void whatCanNotBeToldIsNotPermitted() throws IOException {
        Caller ann = caller("ann");
        directory.readable = false;
        assertThatThrownBy(() -> caller("ann")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> change(ann, service("ann", "ann"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> shared.owner("ann", ann)).isInstanceOf(IOException.class);
    }

    @Test
    void rightsThatWereTakenAwayAreNoticed() throws IOException {
        Caller carl = caller("carl");
        assertThat(shared.isStill(carl)).isTrue();
        assertThat(shared.isStill(caller("carl", Scope.READ, false))).isTrue();
        Authority later = new Authority(Mode.SHARED, User.of(0, "root"), directory, () -> "others");
        assertThat(later.isStill(carl)).isFalse();
        assertThat(later.isStill(caller("ann"))).isTrue();
        assertThat(single.isStill(caller("ben"))).as("let in nowhere here").isFalse();
        directory.readable = false;
        assertThat(shared.isStill(carl)).as("can't be told").isFalse();
    }
}
