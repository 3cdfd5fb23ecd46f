package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML into trees by the core rules of YAML 1.2: {@code yes}, {@code 010} and {@code 12:30} are texts, only
 * {@code true}, decimal numbers and {@code null} are not. Nothing is constructed from tags. Jackson's own reader is not used:
 * it takes an alias for the text of its name, and doesn't say where things stand.
 */
final class YamlDocuments {
    private final Total total;
    private final Map<String, Location> places = new HashMap<>();

    /** What all documents of a text amount to, aliases followed. */
    private static final class Total {
        private int nodes;
        private long characters;
    }

    private YamlDocuments(Total total) {
        this.total = total;
    }

    static List<Document> read(String text) throws DocumentException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Documents.MAX_BYTES);
        options.setNestingDepthLimit(Documents.MAX_DEPTH);
        // What aliases stand for is counted as nodes.
        options.setMaxAliasesForCollections(Documents.MAX_NODES);
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        StreamReader stream = new StreamReader(text);
        try {
            Composer composer = new Composer(new ParserImpl(stream, options), new CoreSchema(), options);
            List<Document> documents = new ArrayList<>();
            Total total = new Total();
            while (composer.checkNode()) {
                Node root = composer.getNode();
                if (isEmpty(root)) {
                    continue;
                }
                if (documents.size() == Documents.MAX_DOCUMENTS) {
                    throw new DocumentException("there are more than " + Documents.MAX_DOCUMENTS + " documents in it");
                }
                YamlDocuments reader = new YamlDocuments(total);
                JsonNode tree = reader.value(root, "", location(root), 0);
                documents.add(new Document(tree, reader.places));
            }
            if (documents.isEmpty()) {
                throw new DocumentException("there is nothing in it: a document is wanted");
            }
            return documents;
        } catch (MarkedYAMLException malformed) {
            String problem = Optional.ofNullable(malformed.getProblem()).orElse("unreadable");
            String context = Optional.ofNullable(malformed.getContext())
                    .map(each -> each + ", ")
                    .orElse("");
            Mark mark = malformed.getProblemMark();
            String message = "this is not YAML: " + Texts.shorten(context + problem);
            throw mark == null ? new DocumentException(message) : new DocumentException(message, location(mark));
        } catch (YAMLException malformed) {
            String message = Optional.ofNullable(malformed.getMessage()).orElse("unreadable");
            if (message.startsWith("Nesting Depth exceeded")) {
                throw new DocumentException(
                        "it is nested deeper than " + Documents.MAX_DEPTH + " levels", location(stream.getMark()));
            }
            throw new DocumentException("this is not YAML: "
                    + Texts.shorten(message.lines().findFirst().orElse(message)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NullPointerException unexpected) {
            // The library lets these out of a few malformed texts, such as a tag that begins with an escaped space.
            throw new DocumentException("this is not YAML: unreadable");
        } catch (StackOverflowError deep) {
            throw new DocumentException("it is nested too deeply");
        }
    }

    /** Such as what stands before a leading {@code ---}, or after a trailing one. */
    private static boolean isEmpty(Node root) {
        return root instanceof ScalarNode scalar && scalar.getValue().isEmpty() && scalar.isPlain();
    }

    private JsonNode value(Node node, String path, Location place, int depth) throws DocumentException {
        if (++total.nodes > Documents.MAX_NODES) {
            throw new DocumentException("it has more than " + Documents.MAX_NODES + " values, aliases counted", place);
        }
        if (depth > Documents.MAX_DEPTH) {
            throw new DocumentException("it is nested deeper than " + Documents.MAX_DEPTH + " levels", place);
        }
        // What is merged comes after what stands in the map itself, and doesn't hide where that is.
        places.putIfAbsent(path, place);
        if (node instanceof MappingNode mapping) {
            requireTag(node, Tag.MAP);
            return object(mapping, path, depth);
        }
        if (node instanceof SequenceNode sequence) {
            requireTag(node, Tag.SEQ);
            return array(sequence, path, depth);
        }
        ScalarNode scalar = (ScalarNode) node;
        total.characters += scalar.getValue().length();
        if (total.characters > Documents.MAX_CHARACTERS) {
            throw new DocumentException(
                    "it has more than " + Documents.MAX_CHARACTERS + " characters, aliases counted", place);
        }
        return scalar(scalar, place);
    }

    private ObjectNode object(MappingNode mapping, String path, int depth) throws DocumentException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        List<Node> merged = new ArrayList<>();
        for (NodeTuple entry : mapping.getValue()) {
            Location place = location(entry.getKeyNode());
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new DocumentException("a key is a word, not a list or a map", place);
            }
            if (key.isPlain() && key.getValue().equals("<<")) {
                merged.add(entry.getValueNode());
                continue;
            }
            String name = Documents.checkedKey(key.getValue(), place);
            if (object.has(name)) {
                throw new DocumentException("the key \"" + Texts.shorten(name) + "\" comes twice", place);
            }
            object.set(name, value(entry.getValueNode(), Document.member(path, name), place, depth + 1));
        }
        for (Node each : merged) {
            merge(each, object, path, depth);
        }
        return object;
    }

    /** {@code <<: *defaults}: what stands in the map itself wins over what is merged, and the first merged over the next. */
    private void merge(Node source, ObjectNode into, String path, int depth) throws DocumentException {
        List<Node> sources = source instanceof SequenceNode several ? several.getValue() : List.of(source);
        for (Node each : sources) {
            Location place = location(each);
            if (!(each instanceof MappingNode mapping)) {
                throw new DocumentException("\"<<\" merges maps, and this is none", place);
            }
            if (depth > Documents.MAX_DEPTH) {
                throw new DocumentException("it is nested deeper than " + Documents.MAX_DEPTH + " levels", place);
            }
            object(mapping, path, depth + 1).properties().forEach(entry -> {
                if (!into.has(entry.getKey())) {
                    into.set(entry.getKey(), entry.getValue());
                }
            });
        }
    }

    private ArrayNode array(SequenceNode sequence, String path, int depth) throws DocumentException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Node each : sequence.getValue()) {
            array.add(value(each, Document.element(path, array.size()), location(each), depth + 1));
        }
        return array;
    }

    private static JsonNode scalar(ScalarNode scalar, Location place) throws DocumentException {
        String text = Documents.checked(scalar.getValue(), place);
        JsonNodeFactory make = JsonNodeFactory.instance;
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return make.textNode(text);
        }
        if (tag.equals(Tag.NULL) && CoreSchema.NOTHING.matcher(text).matches()) {
            return make.nullNode();
        }
        if (tag.equals(Tag.BOOL) && CoreSchema.FLAG.matcher(text).matches()) {
            return make.booleanNode(text.toLowerCase(Locale.ROOT).equals("true"));
        }
        if (text.length() > Documents.MAX_NUMBER_LENGTH) {
            throw new DocumentException("a number has more than " + Documents.MAX_NUMBER_LENGTH + " digits", place);
        }
        if (tag.equals(Tag.INT) && CoreSchema.WHOLE.matcher(text).matches()) {
            return make.numberNode(new BigInteger(text));
        }
        if (tag.equals(Tag.FLOAT) && CoreSchema.DECIMAL.matcher(text).matches()) {
            return make.numberNode(new BigDecimal(text));
        }
        throw new DocumentException(
                "the tag " + Texts.shorten(tag.getValue()) + " is not taken here, or not on such a value", place);
    }

    private static void requireTag(Node node, Tag wanted) throws DocumentException {
        if (!node.getTag().equals(wanted)) {
            throw new DocumentException(
                    "the tag " + Texts.shorten(node.getTag().getValue()) + " is not taken here", location(node));
        }
    }

    private static Location location(Node node) {
        return location(node.getStartMark());
    }

    private static Location location(Mark mark) {
        return new Location(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
