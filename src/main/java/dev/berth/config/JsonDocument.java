package dev.berth.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** Reads one JSON text, remembering where each part of it stands. */
final class JsonDocument {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Documents.MAX_DEPTH)
                    .maxNumberLength(Documents.MAX_NUMBER_LENGTH)
                    .maxStringLength(Documents.MAX_BYTES)
                    .build())
            .build();

    private final String text;
    private final Map<String, Location> places = new HashMap<>();
    private int nodes;

    JsonDocument(String text) {
        this.text = text;
    }

    Document read() throws DocumentException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            JsonNode tree = value(parser, "", location(parser.currentTokenLocation()));
            if (parser.nextToken() != null) {
                throw new DocumentException(
                        "one JSON value is wanted, and there is more after it",
                        location(parser.currentTokenLocation()));
            }
            return new Document(tree, places);
        } catch (JsonProcessingException malformed) {
            throw new DocumentException("this is not JSON: " + words(malformed), location(malformed.getLocation()));
        } catch (IOException impossible) {
            throw new UncheckedIOException("a text in memory can't be read", impossible);
        }
    }

    private JsonNode value(JsonParser parser, String path, Location place) throws IOException, DocumentException {
        if (++nodes > Documents.MAX_NODES) {
            throw new DocumentException("it has more than " + Documents.MAX_NODES + " values", place);
        }
        places.put(path, place);
        JsonNodeFactory make = JsonNodeFactory.instance;
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser, path);
            case START_ARRAY -> array(parser, path);
            case VALUE_STRING -> make.textNode(Documents.checked(parser.getText(), place));
            case VALUE_NUMBER_INT -> make.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> make.numberNode(decimal(parser, place));
            case VALUE_TRUE, VALUE_FALSE -> make.booleanNode(token == JsonToken.VALUE_TRUE);
            default -> make.nullNode();
        };
    }

    /** Jackson checks the length of a number, and then trips over an exponent of more than ten digits. */
    private static BigDecimal decimal(JsonParser parser, Location place) throws IOException, DocumentException {
        try {
            return parser.getDecimalValue();
        } catch (NumberFormatException tooFar) {
            throw new DocumentException(
                    "the number " + Texts.shorten(parser.getText()) + " has an exponent that is too large", place);
        }
    }

    private ObjectNode object(JsonParser parser, String path) throws IOException, DocumentException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Location place = location(parser.currentTokenLocation());
            String name = Documents.checkedKey(parser.currentName(), place);
            if (object.has(name)) {
                throw new DocumentException("the key \"" + Texts.shorten(name) + "\" comes twice", place);
            }
            parser.nextToken();
            object.set(name, value(parser, Document.member(path, name), place));
        }
        return object;
    }

    private ArrayNode array(JsonParser parser, String path) throws IOException, DocumentException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, Document.element(path, array.size()), location(parser.currentTokenLocation())));
        }
        return array;
    }

    private static Location location(JsonLocation place) {
        return place == null
                ? new Location(1, 1)
                : new Location(Math.max(1, place.getLineNr()), Math.max(1, place.getColumnNr()));
    }

    /** Jackson's own sentence, without where it was (said better elsewhere) and without the names of its classes. */
    private static String words(JsonProcessingException malformed) {
        String message = malformed.getOriginalMessage();
        return Texts.shorten(message.lines()
                .findFirst()
                .orElse("unreadable")
                .replaceAll(",? from `?StreamReadConstraints[^)`]*\\(\\)`?", "")
                .replaceAll("\\s*\\(start marker at .*", "")
                .strip());
    }
}
