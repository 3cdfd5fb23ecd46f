package dev.berth.store.sqlite;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * Makes up records of any type from a seed. It reads their components, so that a field which is added to the model is
 * tested without anybody remembering to.
 */
final class GeneratedObjects {
    /** A record may refuse what was made up for it, such as a range that goes downward; then something else is made up. */
    private static final int ATTEMPTS = 100;

    private final Random random;

    GeneratedObjects(long seed) {
        random = new Random(seed);
    }

    <T> T next(Class<T> type) {
        return type.cast(value(type, "", ""));
    }

    private Object value(Type type, String name, String owner) {
        if (type instanceof ParameterizedType generic) {
            return container(generic, name, owner);
        }
        Class<?> raw = (Class<?>) type;
        if (raw == String.class) {
            return text(name, owner);
        } else if (raw == int.class || raw == Integer.class) {
            // Most numbers of the model are ports, so that a range of 1 to 65535 is what they take.
            return 1 + random.nextInt(65535);
        } else if (raw == long.class || raw == Long.class) {
            return random.nextInt(4) == 0 ? random.nextLong() : (long) random.nextInt(100_000);
        } else if (raw == boolean.class) {
            return random.nextBoolean();
        } else if (raw == Instant.class) {
            return Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(3) * 333_333_333L);
        } else if (raw == Duration.class) {
            return Duration.ofNanos(random.nextInt(3) * 1_000_000_001L);
        } else if (raw == OptionalInt.class) {
            return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(65535));
        } else if (raw == OptionalLong.class) {
            return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong());
        } else if (raw.isEnum()) {
            return raw.getEnumConstants()[random.nextInt(raw.getEnumConstants().length)];
        } else if (raw.isSealed()) {
            return value(
                    raw.getPermittedSubclasses()[random.nextInt(raw.getPermittedSubclasses().length)], name, owner);
        } else if (raw.isRecord()) {
            return record(raw);
        }
        throw new AssertionError("no idea how to make up a " + type + " for " + owner + "." + name);
    }

    private Object container(ParameterizedType type, String name, String owner) {
        Type[] of = type.getActualTypeArguments();
        if (type.getRawType() == Optional.class) {
            return random.nextBoolean() ? Optional.empty() : Optional.of(value(of[0], name, owner));
        }
        int size = random.nextInt(4);
        if (type.getRawType() == List.class) {
            List<Object> list = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                list.add(value(of[0], name, owner));
            }
            return list;
        }
        if (type.getRawType() == Set.class) {
            Set<Object> set = new LinkedHashSet<>();
            for (int i = 0; i < size; i++) {
                set.add(value(of[0], name, owner));
            }
            return set;
        }
        if (type.getRawType() == Map.class) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                map.put(value(of[0], name, owner), value(of[1], name, owner));
            }
            return map;
        }
        throw new AssertionError("no idea how to make up a " + type + " for " + owner + "." + name);
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = value(components[i].getGenericType(), components[i].getName(), type.getSimpleName());
            }
            try {
                var constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
                return constructor.newInstance(values);
            } catch (InvocationTargetException refused) {
                if (!(refused.getCause() instanceof IllegalArgumentException)) {
                    throw new AssertionError(type + " failed on made-up values", refused.getCause());
                }
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError(type + " refused everything that was made up for it");
    }

    private String text(String name, String owner) {
        if (owner.equals("ServiceKey")
                || (owner.equals("Metadata") && (name.equals("name") || name.equals("namespace")))) {
            return List.of("a", "backend", "x-1", "a".repeat(63)).get(random.nextInt(4));
        }
        return List.of(
                        "",
                        "plain",
                        "ü → 日本 \uD83D\uDEA2",
                        "\"quoted\" \\ \n\t\u0000\u001f",
                        " ",
                        "null",
                        "{}",
                        "{\"a\":1}")
                .get(random.nextInt(8));
    }
}
