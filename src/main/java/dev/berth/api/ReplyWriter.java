package dev.berth.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.config.YamlText;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/** Writes answers in the form that was asked for. */
@Provider
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class ReplyWriter implements MessageBodyWriter<Object> {
    static final String JSON = MediaType.APPLICATION_JSON;
    static final String YAML = "application/yaml";
    static final String TEXT = "text/plain;charset=UTF-8";

    private final ObjectMapper json;
    private final ObjectMapper yaml;

    /** @param json the framework's, whose rules hold for YAML as well */
    public ReplyWriter(ObjectMapper json) {
        this.json = json;
        this.yaml = json.copyWith(YamlText.factory());
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return type == Reply.class || type == YamlReply.class;
    }

    @Override
    public void writeTo(
            Object entity,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        if (entity instanceof YamlReply own) {
            boolean json = mediaType.getSubtype().contains("json");
            out.write(
                    json ? this.json.writeValueAsBytes(own.view()) : own.text().getBytes(StandardCharsets.UTF_8));
            return;
        }
        Reply reply = (Reply) entity;
        if (mediaType.getSubtype().contains("yaml")) {
            out.write(yaml.writeValueAsBytes(reply.view()));
        } else if (mediaType.getType().equals("text")) {
            out.write(reply.text().get().getBytes(StandardCharsets.UTF_8));
        } else {
            out.write(json.writeValueAsBytes(reply.view()));
        }
    }
}
