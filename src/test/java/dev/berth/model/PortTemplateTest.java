package dev.berth.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.PortTemplate.Facet;
import dev.berth.model.PortTemplate.Reference;
import dev.berth.testing.Gen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortTemplateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "serve {port}                          | serve 8000",
                "{port}{port}                          | 80008000",
                "--db={services.db.port}               | --db=5432",
                "{services.db.host}:{services.db.port} | ::1:5432",
                "{services.db.url}/health              | http://[::1]:5432/health",
                "{\"http\":{\"port\":{port}}}          | {\"http\":{\"port\":8000}}",
            })
    void placesAreFilled(String text, String filled) {
        assertThat(fill(text)).isEqualTo(filled);
        assertThat(PortTemplate.malformed(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{",
                "}{",
                "{prt}",
                "{PORT}",
                "{ port }",
                "${port}",
                "${services.db.port}",
                "{{port}}",
                "{{services.db.port}}",
                "{port",
                "{services.db.port",
                "{services}",
                "{a,b}",
                "{services.json,services.yaml}",
                "{port,host}",
                "{\"port\": 1}",
                "{service.db.port}"
            })
    void everythingElseInBracesIsLeftAlone(String text) {
        assertThat(fill(text)).isEqualTo(text);
        assertThat(PortTemplate.references(text)).isEmpty();
        assertThat(PortTemplate.malformed(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{services.}",
                "{services.db}",
                "{services.db.}",
                "{services.db.prt}",
                "{services.db.PORT}",
                "{services.Db.port}",
                "{services.my_db.port}",
                "{services..port}",
                "{services.ns.db.port}"
            })
    void aSlipIsMalformedAndStaysAsItIs(String text) {
        assertThat(PortTemplate.malformed("x " + text + " {port}")).containsExactly(text);
        assertThat(fill("x " + text)).isEqualTo("x " + text);
    }

    @Test
    void whatIsReferredToIsToldOnceInOrder() {
        assertThat(PortTemplate.references("{services.b.url} {port} {services.a.port} {services.b.url}"))
                .containsExactly(
                        new Reference(Optional.of("b"), Facet.URL),
                        Reference.OWN,
                        new Reference(Optional.of("a"), Facet.PORT));
    }

    @Test
    void aTextOfAnyPiecesIsFilledPieceByPiece() {
        Gen.check(2_000, gen -> {
            StringBuilder text = new StringBuilder();
            StringBuilder expected = new StringBuilder();
            List<Reference> references = new ArrayList<>();
            // A space in between: what stands before a brace decides whether it is ours.
            for (String piece : gen.list(
                    0,
                    8,
                    () -> gen.oneOf(
                            "{port}", "{services.db.port}", "{services.a-1.url}", "$1", "\\", "{x}", "}", "é"))) {
                text.append(piece).append(' ');
                switch (piece) {
                    case "{port}" -> expected.append("$0");
                    case "{services.db.port}" -> expected.append("\\1");
                    case "{services.a-1.url}" -> expected.append("{port}");
                    default -> expected.append(piece);
                }
                expected.append(' ');
                PortTemplate.references(piece).stream()
                        .filter(each -> !references.contains(each))
                        .forEach(references::add);
            }
            String filled = PortTemplate.fill(
                    text.toString(),
                    reference -> reference.equals(Reference.OWN)
                            ? "$0"
                            : reference.facet() == Facet.PORT ? "\\1" : "{port}");
            assertThat(filled).isEqualTo(expected.toString());
            assertThat(PortTemplate.references(text.toString())).containsExactlyElementsOf(references);
        });
    }

    private static String fill(String text) {
        return PortTemplate.fill(text, reference -> switch (reference.facet()) {
            case PORT -> reference.equals(Reference.OWN) ? "8000" : "5432";
            case HOST -> "::1";
            case URL -> "http://[::1]:5432";
        });
    }
}
