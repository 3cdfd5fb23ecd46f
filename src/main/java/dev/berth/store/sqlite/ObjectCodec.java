package dev.berth.store.sqlite;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MutableConfigOverride;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.berth.model.Command;
import dev.berth.model.ObjectRef;
import dev.berth.model.StoredObject;
import dev.berth.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stored objects as JSON. What the JSON says is this package's affair: the model knows nothing of it. Fields that a newer
 * Berth wrote are ignored; lists and optional values that an older one did not know are empty.
 */
final class ObjectCodec {
    private final ObjectMapper json = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .serializationInclusion(JsonInclude.Include.NON_ABSENT)
            .withConfigOverride(List.class, ObjectCodec::emptyWhenAbsent)
            .withConfigOverride(Set.class, ObjectCodec::emptyWhenAbsent)
            .withConfigOverride(Map.class, ObjectCodec::emptyWhenAbsent)
            // The components of the records, and none of their derived answers.
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
            .addMixIn(Command.class, CommandForms.class)
            .build();

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "form")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Command.Shell.class, name = "shell"),
        @JsonSubTypes.Type(value = Command.Exec.class, name = "exec")
    })
    private interface CommandForms {}

    private static void emptyWhenAbsent(MutableConfigOverride collection) {
        collection.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    }

    String write(StoredObject object) {
        try {
            return json.writeValueAsString(object);
        } catch (JsonProcessingException defect) {
            throw new IllegalStateException(object.ref() + " can't be written as JSON", defect);
        }
    }

    StoredObject read(ObjectRef.Kind kind, String snapshot) throws StoreException {
        try {
            return json.readValue(snapshot, kind.type());
        } catch (JsonProcessingException unreadable) {
            throw new StoreException(
                    StoreException.Cause.CORRUPT,
                    "a stored " + kind.label() + " can't be read (" + unreadable.getOriginalMessage()
                            + "); was it written by a newer Berth?",
                    unreadable);
        }
    }
}
