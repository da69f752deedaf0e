package io.eider.experiments.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.experiments.UserError;
import io.eider.models.nn.Names;
import java.util.ArrayList;
import java.util.List;

/** Changes to a tree of settings, of which no key is new. */
public final class Settings {
    private Settings() {}

    /**
     * Replaces values.
     *
     * @param tree is changed
     * @param changes values by key
     * @param origin names the changes in messages
     * @throws UserError if there is no such setting; names the nearest
     */
    public static void put(ObjectNode tree, JsonNode changes, String origin) {
        changes.properties().forEach(change -> {
            if (!tree.has(change.getKey())) {
                List<String> known = new ArrayList<>();
                tree.fieldNames().forEachRemaining(known::add);
                throw new UserError(origin + ": there is no setting '" + change.getKey() + "'; did you mean "
                        + String.join(", ", Names.nearest(known, change.getKey())) + "?");
            }
            tree.set(change.getKey(), change.getValue());
        });
    }

    /**
     * Replaces one value.
     *
     * @param tree is changed
     * @param assignment {@code key=value}, the value as in YAML
     * @throws UserError if it is no assignment, or there is no such setting
     */
    public static void put(ObjectNode tree, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new UserError("--set takes key=value, such as --set depth=8, not '" + assignment + "'");
        }
        try {
            ObjectNode change = tree.objectNode();
            change.set(assignment.substring(0, equals).strip(), ConfigFiles.value(assignment.substring(equals + 1)));
            put(tree, change, "--set " + assignment);
        } catch (JsonProcessingException e) {
            throw new UserError("--set " + assignment + ": the value is not valid YAML", e);
        }
    }

    /**
     * Shortens the schedule: epochs, warm-up, drops and the beginning of stage 2 are multiplied and rounded. What began before
     * the last epoch still does.
     *
     * @param tree is changed
     * @param scale above 0; 1 leaves everything
     * @throws UserError if it is not above 0
     */
    public static void scaleEpochs(ObjectNode tree, double scale) {
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new UserError("--epochs-scale must be above 0, such as 0.1, not " + scale);
        }
        int before = tree.get("epochs").asInt();
        int epochs = Math.max(1, scaled(tree.get("epochs"), scale));
        for (String key : List.of("stage2-epoch", "warmup-epochs")) {
            int last = tree.get(key).asInt() < before ? epochs - 1 : Integer.MAX_VALUE;
            tree.put(key, Math.min(scaled(tree.get(key), scale), last));
        }
        tree.put("epochs", epochs);
        ArrayNode drops = tree.arrayNode();
        tree.get("lr-drops").forEach(drop -> drops.add(scaled(drop, scale)));
        tree.set("lr-drops", drops);
    }

    private static int scaled(JsonNode epochs, double scale) {
        return (int) Math.round(epochs.asInt() * scale);
    }
}
