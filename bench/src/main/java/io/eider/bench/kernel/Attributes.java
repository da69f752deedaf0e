package io.eider.bench.kernel;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.KernelProvider;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.fused.LossFunction;
import io.eider.experiments.UserError;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Ops from text. An op is a record and its components are its attributes, so {@code conv2d stride=1 padding=1} names every
 * op there is a cpu kernel for, those of other jars too, without a list of them.
 */
final class Attributes {
    private static final SortedMap<String, Class<? extends Op>> OPS = find();

    private Attributes() {}

    /** Returns the ops that the cpu backend has a kernel for, by name. */
    static SortedMap<String, Class<? extends Op>> ops() {
        return OPS;
    }

    private static SortedMap<String, Class<? extends Op>> find() {
        SortedMap<String, Class<? extends Op>> ops = new TreeMap<>();
        try (Device cpu = Devices.open("cpu", 1)) {
            for (KernelProvider provider : ServiceLoader.load(KernelProvider.class)) {
                if (provider.backend().equals("cpu")) {
                    provider.kernels(cpu).stream().map(Kernel::op).forEach(op -> ops.put(name(op), op));
                }
            }
        }
        return Collections.unmodifiableSortedMap(ops);
    }

    /** Returns how an op is written, with the types of its attributes. */
    static String usage(Class<? extends Op> op) {
        return name(op)
                + Arrays.stream(op.getRecordComponents())
                        .map(component -> " " + component.getName() + "=" + kind(component.getGenericType()))
                        .collect(Collectors.joining());
    }

    /**
     * Returns an op. Attributes that are not given are false if they can be.
     *
     * @throws UserError if there is no such op or attribute, one is missing, or its value is not of its type
     */
    static Op op(String name, Map<String, String> attributes) {
        Class<? extends Op> op = ops().get(name);
        if (op == null) {
            throw new UserError("the cpu backend has no kernel for an op '" + name + "'; it has "
                    + String.join(", ", ops().keySet()));
        }
        RecordComponent[] components = op.getRecordComponents();
        List<String> unknown = new ArrayList<>(attributes.keySet());
        Arrays.stream(components).map(RecordComponent::getName).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new UserError(name + " has no attribute '" + unknown.get(0) + "'; it is written " + usage(op));
        }
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            String key = components[i].getName();
            Type type = components[i].getGenericType();
            String text = attributes.getOrDefault(key, type == boolean.class ? "false" : null);
            if (text == null) {
                throw new UserError(name + " needs " + key + "; it is written " + usage(op));
            }
            values[i] = value(key, type, text);
        }
        return create(op, components, values);
    }

    static int[] ints(String[] texts) {
        return Arrays.stream(texts).mapToInt(Integer::parseInt).toArray();
    }

    private static String name(Class<?> type) {
        String simple = type.getSimpleName();
        return Character.toLowerCase(simple.charAt(0)) + simple.substring(1);
    }

    private static String kind(Type type) {
        if (type instanceof ParameterizedType list) {
            return isOfDoubles(list) ? "DOUBLE,DOUBLE..." : "INT,INT...";
        }
        if (type == Shape.class || type == TensorType.class) {
            return "INTxINT...";
        }
        if (type == Op.class) {
            return "OP:VALUE...";
        }
        if (type == DType.class) {
            return Arrays.stream(DType.values()).map(DType::name).collect(Collectors.joining("|"));
        }
        return type == LossFunction.class
                ? String.join("|", losses().keySet())
                : ((Class<?>) type).getSimpleName().toUpperCase(Locale.ROOT);
    }

    /** Lists are of integers or of doubles. */
    private static boolean isOfDoubles(ParameterizedType list) {
        return list.getActualTypeArguments()[0] == Double.class;
    }

    private static Object value(String key, Type type, String text) {
        try {
            if (type == int.class) {
                return Integer.parseInt(text);
            }
            if (type == double.class) {
                return Double.parseDouble(text);
            }
            if (type == boolean.class && (text.equals("true") || text.equals("false"))) {
                return text.equals("true");
            }
            if (type instanceof ParameterizedType list) {
                String[] elements = text.split(",", -1);
                return isOfDoubles(list)
                        ? Arrays.stream(elements).map(Double::valueOf).toList()
                        : Arrays.stream(ints(elements)).boxed().toList();
            }
        } catch (NumberFormatException e) {
            throw wrong(key, type, text);
        }
        if (type == Shape.class) {
            return Operand.shape(text);
        }
        if (type == TensorType.class) {
            return new TensorType(DType.F32, Operand.shape(text));
        }
        if (type == LossFunction.class) {
            return loss(text);
        }
        if (type == Op.class) {
            return nested(key, text);
        }
        if (type == DType.class) {
            return Arrays.stream(DType.values())
                    .filter(dtype -> dtype.name().equals(text))
                    .findFirst()
                    .orElseThrow(() -> wrong(key, type, text));
        }
        throw wrong(key, type, text);
    }

    /** An op that is an attribute is its name and its attributes' values in order, with colons between. */
    private static Op nested(String key, String text) {
        String[] parts = text.split(":", -1);
        Class<? extends Op> op = ops().get(parts[0]);
        RecordComponent[] components = op == null ? new RecordComponent[0] : op.getRecordComponents();
        if (op == null || components.length != parts.length - 1) {
            throw wrong(key, Op.class, text);
        }
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(components[i].getName(), components[i].getGenericType(), parts[i + 1]);
        }
        return create(op, components, values);
    }

    private static UserError wrong(String key, Type type, String text) {
        return new UserError(key + "=" + text + " is not " + kind(type));
    }

    /** A loss is its name, and its one parameter after a colon if it has one. */
    private static LossFunction loss(String text) {
        String[] parts = text.split(":", 2);
        Class<?> loss = losses().get(parts[0]);
        int wanted = loss == null ? -1 : loss.getRecordComponents().length;
        if (wanted != parts.length - 1) {
            throw new UserError("'" + text + "' is not a loss; they are "
                    + losses().values().stream()
                            .map(known -> name(known)
                                    + Arrays.stream(known.getRecordComponents())
                                            .map(c -> ":" + c.getName().toUpperCase(Locale.ROOT))
                                            .collect(Collectors.joining()))
                            .collect(Collectors.joining(", ")));
        }
        Object[] values = wanted == 0 ? new Object[0] : new Object[] {value(parts[0], double.class, parts[1])};
        return (LossFunction) create(loss, loss.getRecordComponents(), values);
    }

    private static SortedMap<String, Class<?>> losses() {
        SortedMap<String, Class<?>> losses = new TreeMap<>();
        Arrays.stream(LossFunction.class.getPermittedSubclasses()).forEach(loss -> losses.put(name(loss), loss));
        return losses;
    }

    private static <T> T create(Class<T> type, RecordComponent[] components, Object[] values) {
        try {
            return type.getConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class[]::new))
                    .newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw new UserError(name(type) + ": " + refused.getMessage(), refused);
            }
            throw new IllegalStateException("the constructor of " + type + " threw", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is not a public record of this class path", e);
        }
    }
}
