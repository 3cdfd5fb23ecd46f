package dev.berth.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageScriptTest {
    @Test
    void eachModuleIsThereOnceAndAfterThoseThatItImports() {
        String script = link(Map.of("app.js", """
                // Begins.
                import { one, two as second } from "./some-parts.js";
                import * as all from "./other.js";

                one(second, all.LIMIT);
                """, "some-parts.js", """
                import { LIMIT } from "./other.js";

                export function one() { return LIMIT; }
                export async function two() {}
                function own() {}
                """, "other.js", """
                export const LIMIT = 3;
                export class Problem extends Error {}
                """));
        assertThat(script).isEqualTo("""
                "use strict";
                const other_js = (() => {
                const LIMIT = 3;
                class Problem extends Error {}
                return { LIMIT, Problem };
                })();

                const some_parts_js = (() => {
                const { LIMIT } = other_js;

                function one() { return LIMIT; }
                async function two() {}
                function own() {}
                return { one, two };
                })();

                const app_js = (() => {
                // Begins.
                const { one, two: second } = some_parts_js;
                const all = other_js;

                one(second, all.LIMIT);
                return {  };
                })();
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import \"./other.js\";",
                "import all from \"./other.js\";",
                "import { one }\n  from \"./other.js\";",
                "import { one } from \"https://elsewhere.example/other.js\";",
                "export default 3;",
                "export let changing = 3;",
                "export { one };",
                "const later = import(\"./other.js\");",
                "fetch(import.meta.url);"
            })
    void whatIsntUnderstoodIsRefused(String line) {
        assertThatThrownBy(() -> link(Map.of("app.js", "const one = 1;\n" + line + "\n", "other.js", "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("module app.js has what can't be made part of one script: ");
    }

    @Test
    void aCircleIsRefused() {
        assertThatThrownBy(() -> link(Map.of(
                        "app.js", "import { a } from \"./a.js\";\n",
                        "a.js", "import { b } from \"./b.js\";\n",
                        "b.js", "import { a } from \"./a.js\";\n")))
                .hasMessage("the modules of the page import each other in a circle: [app.js, a.js, b.js]");
    }

    private static String link(Map<String, String> modules) {
        return PageScript.link("app.js", modules::get);
    }
}
