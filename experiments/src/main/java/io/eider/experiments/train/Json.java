package io.eider.experiments.train;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.engine.program.Precision;
import io.eider.experiments.Choice;
import io.eider.experiments.UserError;
import io.eider.experiments.data.LongTailSplit.Protocol;
import io.eider.experiments.weighting.Reduction;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Records as JSON, with the names that the command line uses: {@code stage2-epoch}, {@code cifar10-lt}. */
public final class Json {
    private static final List<Class<? extends Enum<?>>> CHOICES = List.of(
            Dataset.class,
            Protocol.class,
            Method.class,
            Loss.class,
            DevelopmentLoss.class,
            StageImages.class,
            LogWeights.class,
            Precision.class,
            Reduction.class);

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            // What runs of before had no word for, and off.
            .injectableValues(new InjectableValues.Std()
                    .addValue("recompute", false)
                    .addValue("tf32", false)
                    .addValue("timed-search", false))
            .addModule(choices())
            .build();

    private Json() {}

    /**
     * A value as a tree.
     *
     * @param value a record, enum constant, list or number
     * @return its JSON form
     */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * An object to fill.
     *
     * @return an empty one
     */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * The text of a value.
     *
     * @param value a record or a tree
     * @return indented JSON
     */
    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value, e);
        }
    }

    /**
     * Parses a text.
     *
     * @param text JSON
     * @param origin names the text in messages
     * @return its tree
     * @throws UserError if it is not JSON
     */
    public static JsonNode parse(String text, String origin) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UserError(origin + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The record that a tree describes.
     *
     * @param <T> the record
     * @param tree its JSON form
     * @param type the record
     * @param origin names the tree in messages
     * @return the record
     * @throws UserError if something is missing, unknown or out of range
     */
    public static <T> T read(JsonNode tree, Class<T> type, String origin) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof UserError wrong) {
                throw wrong;
            }
            if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
                throw new UserError(
                        origin + ": " + key(mismatch) + " must be "
                                + mismatch.getTargetType().getSimpleName() + ": " + mismatch.getOriginalMessage(),
                        e);
            }
            throw new UserError(origin + " does not fit this version of eider: " + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw new UserError(origin + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    private static String key(MismatchedInputException mismatch) {
        return mismatch.getPath().stream()
                .map(Reference::getFieldName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
    }

    private static SimpleModule choices() {
        SimpleModule module = new SimpleModule();
        CHOICES.forEach(type -> add(module, type));
        return module;
    }

    private static <E extends Enum<E>> void add(SimpleModule module, Class<? extends Enum<?>> choice) {
        @SuppressWarnings("unchecked") // every element of CHOICES is an enum, hence an Enum of itself
        Class<E> type = (Class<E>) choice;
        module.addSerializer(type, new JsonSerializer<>() {
            @Override
            public void serialize(E value, JsonGenerator out, SerializerProvider provider) throws IOException {
                out.writeString(Choice.id(value));
            }
        });
        module.addDeserializer(type, new JsonDeserializer<>() {
            @Override
            public E deserialize(JsonParser in, DeserializationContext context) throws IOException {
                return Choice.parse(type, in.getText());
            }
        });
    }
}
