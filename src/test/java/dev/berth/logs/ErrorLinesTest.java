package dev.berth.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs really print. In the texts, what is to be chosen begins with {@code >}. */
class ErrorLinesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2030-01-31 12:00:00 ERROR [main] no database",
                "12:00:00.000 FATAL out of memory",
                "CRITICAL:root:disk full",
                "SEVERE: Servlet.service() threw",
                "java.lang.IllegalStateException: closed",
                "Exception in thread \"main\" java.lang.Error",
                "TypeError: x is not a function",
                "error: no such option",
                "fatal: not a git repository",
                "main.c:3:5: error: expected ';'",
                "npm ERR! code ELIFECYCLE",
                "{\"level\":\"error\",\"msg\":\"bad\"}",
                "level=error msg=bad",
                "time=x lvl=fatal msg=bad",
                "2030/01/31 12:00:00 [error] 7#7: connect() failed",
                "[EMERG] bind failed",
                "panic: runtime error: index out of range",
                "Segmentation fault (core dumped)"
            })
    void isAnError(String line) {
        assertThat(new ErrorLines().test(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0 errors, 3 warnings",
                "GET /error 200",
                "no exceptional load",
                "error handling is on",
                "level=info msg=\"error budget is fine\"",
                "ERROR_COUNT=0",
                "don't panic",
                "    an indented line"
            })
    void isNone(String line) {
        assertThat(new ErrorLines().test(line)).isFalse();
    }

    static Stream<String> logs() {
        return Stream.of("""
                 listening
                >Traceback (most recent call last):
                >  File "app.py", line 3, in <module>
                >    main()
                >KeyboardInterrupt
                 stopped
                   indented
                """, """
                >Traceback (most recent call last):
                >  File "app.py", line 3, in <module>
                >KeyError: 'x'

                >During handling of the above exception, another Exception occurred:

                >Traceback (most recent call last):
                >  File "app.py", line 5, in <module>
                >mypackage.Broken
                 next
                """, """
                 /app/index.js:3
                 throw new TypeError('x');

                >TypeError: x
                >    at Object.<anonymous> (/app/index.js:3:7)
                >    at node:internal/main/run_main_module:28:49

                 Node.js v20.0.0
                """, """
                 started
                >panic: runtime error: index out of range [3] with length 3
                >
                >goroutine 1 [running]:
                >main.main()
                >\t/app/main.go:8 +0x1d
                >created by net/http.(*Server).Serve in goroutine 1
                >\t/go/http.go:3 +0x2
                >exit status 2
                 restarted
                """, """
                >thread 'main' panicked at src/main.rs:2:5:
                >the database is gone
                >note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
                 bye
                """, """
                >12:00 ERROR request failed
                >java.lang.IllegalStateException: closed
                >\tat dev.berth.A.b(A.java:3)
                >\tSuppressed: java.io.IOException: also
                >\t\tat dev.berth.A.c(A.java:4)
                >Caused by: java.io.IOException: disk
                >\t... 12 more
                 12:00 INFO next
                """);
    }

    @ParameterizedTest
    @MethodSource("logs")
    void tracesAreWhole(String marked) {
        ErrorLines filter = new ErrorLines();
        List<String> chosen = marked.lines()
                .map(line -> filter.test(line.isEmpty() ? "" : line.substring(1)) ? ">" + line.substring(1) : line)
                .toList();
        assertThat(chosen).isEqualTo(marked.lines().collect(Collectors.toList()));
    }

    @Test
    void aTraceThatNeverEndsIsCut() {
        ErrorLines filter = new ErrorLines();
        assertThat(filter.test("ERROR")).isTrue();
        assertThat(Stream.generate(() -> "  indented").limit(10_000).filter(filter))
                .hasSize(ErrorLines.LONGEST_TRACE);
    }
}
