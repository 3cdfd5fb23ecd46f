package dev.berth.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Metadata;
import dev.berth.model.ObjectRef;
import dev.berth.model.Service;
import dev.berth.model.StoredObject;
import dev.berth.store.StoreException;
import dev.berth.store.StoredSamples;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ObjectCodecTest {
    private final ObjectCodec codec = new ObjectCodec();

    @ParameterizedTest
    @EnumSource
    void whatIsReadIsWhatWasWritten(ObjectRef.Kind kind) throws StoreException {
        long seed = Long.getLong("berth.seed", new Random().nextLong());
        GeneratedObjects generated = new GeneratedObjects(seed);
        for (int i = 0; i < 1000; i++) {
            StoredObject object = generated.next(kind.type());
            String json = codec.write(object);
            assertThat(codec.read(kind, json))
                    .as("-Dberth.seed=%d, object %d, as %s", seed, i, json)
                    .isEqualTo(object);
        }
    }

    @Test
    void whatANewerBerthAddedIsIgnored() throws StoreException {
        Service service = StoredSamples.service("backend");
        String newer = codec.write(service)
                .replaceFirst("\\{", "{\"mood\":{\"is\":[\"fine\"]},")
                .replaceFirst("\"spec\":\\{", "\"spec\":{\"colour\":\"green\",");
        assertThat(newer).contains("mood", "colour");
        assertThat(codec.read(ObjectRef.Kind.SERVICE, newer)).isEqualTo(service);
    }

    @Test
    void whatAnOlderBerthDidNotKnowIsEmpty() throws StoreException {
        Service service = StoredSamples.service("backend");
        String older = codec.write(service)
                .replaceFirst("\"finalizers\":\\[\\],", "")
                .replaceFirst("\"labels\":\\{\\},", "")
                .replaceFirst("\"conditions\":\\[\\]", "\"conditions\":null");
        assertThat(older).doesNotContain("finalizers", "labels").contains("\"conditions\":null");
        assertThat(codec.read(ObjectRef.Kind.SERVICE, older)).isEqualTo(service);
    }

    @Test
    void labelsKeepTheirOrder() throws StoreException {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String key : List.of("z", "a", "m", "b")) {
            labels.put(key, "");
        }
        Service service = StoredSamples.service("backend");
        Service labelled =
                new Service(service.metadata().withLabels(labels, Map.of()), service.spec(), service.status());
        assertThat(((Service) codec.read(ObjectRef.Kind.SERVICE, codec.write(labelled)))
                        .metadata()
                        .labels()
                        .keySet())
                .containsExactly("z", "a", "m", "b");
    }

    @Test
    void onlyComponentsAreStored() {
        Metadata metadata = StoredSamples.service("backend").metadata();
        assertThat(metadata.key()).isNotNull();
        assertThat(codec.write(StoredSamples.service("backend"))).doesNotContain("observed\"", "\"key\"", "\"ref\"");
    }

    @Test
    void whatMakesNoSenseIsCorruptAndSaysSo() {
        assertThatThrownBy(() -> codec.read(ObjectRef.Kind.SERVICE, "{\"metadata\": 1}"))
                .isInstanceOfSatisfying(StoreException.class, why -> {
                    assertThat(why.kind()).isEqualTo(StoreException.Cause.CORRUPT);
                    assertThat(why).hasMessageContaining("Service");
                });
    }
}
