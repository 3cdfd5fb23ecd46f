package dev.berth.config;

import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactoryBuilder;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.IOException;
import java.io.Writer;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;

/** How Berth writes YAML: with as few quotes as will do, so that its own reader and those of others read the same texts. */
public final class YamlText {
    private YamlText() {}

    public static YAMLFactory factory() {
        return new Factory(YAMLFactory.builder()
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .stringQuotingChecker(new Quoting()));
    }

    /** A text that would be read as a number or a flag without quotes gets them, by YAML 1.1 and by 1.2. */
    private static final class Quoting extends StringQuotingChecker {
        private static final long serialVersionUID = 1L;

        /** What YAML 1.1 takes for numbers beside those of 1.2: hexadecimal, octal, base 60, with underscores. */
        private static final Pattern OLD_NUMBER = Pattern.compile(
                "[-+]?(0[xo][0-9a-fA-F]+|[0-9][0-9_]*(:[0-5]?[0-9])*(\\.[0-9_]*)?|\\.([iI]nf|INF|NaN|nan|NAN))");

        @Override
        public boolean needToQuoteName(String name) {
            return isReservedKeyword(name) || isNumber(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return isReservedKeyword(value)
                    || valueHasQuotableChar(value)
                    || isNumber(value)
                    || CoreSchema.NOTHING.matcher(value).matches();
        }

        private static boolean isNumber(String text) {
            return CoreSchema.WHOLE.matcher(text).matches()
                    || CoreSchema.DECIMAL.matcher(text).matches()
                    || OLD_NUMBER.matcher(text).matches();
        }
    }

    private static final class Factory extends YAMLFactory {
        private static final long serialVersionUID = 1L;

        Factory(YAMLFactoryBuilder builder) {
            super(builder);
        }

        @Override
        protected YAMLGenerator _createGenerator(Writer out, IOContext context) throws IOException {
            return new Generator(
                    context, _generatorFeatures, _yamlGeneratorFeatures, _quotingChecker, _objectCodec, out, _version);
        }
    }

    private static final class Generator extends YAMLGenerator {
        /** Ends of lines beside the usual one: outside of quotes a reader would make the usual one of them. */
        private static final Pattern OTHER_BREAKS = Pattern.compile("[\\r\\x{85}\\x{2028}\\x{2029}]");

        Generator(
                IOContext context,
                int jsonFeatures,
                int yamlFeatures,
                StringQuotingChecker quoting,
                ObjectCodec codec,
                Writer out,
                DumperOptions.Version version)
                throws IOException {
            super(context, jsonFeatures, yamlFeatures, quoting, codec, out, version);
        }

        @Override
        public void writeString(String text) throws IOException {
            if (OTHER_BREAKS.matcher(text).find()) {
                _verifyValueWrite("write String value");
                _writeScalar(text, "string", DumperOptions.ScalarStyle.DOUBLE_QUOTED);
            } else {
                super.writeString(text);
            }
        }
    }
}
