package io.eider.experiments.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A setting that two configurations do not share.
 *
 * @param key its name on the command line
 * @param before its value in the first, as JSON; empty if that has none
 * @param now the same in the second
 */
public record Difference(String key, String before, String now) {
    private static final Set<String> OFF = Set.of("", "false");

    /**
     * Compares two configurations. A switch that one does not know is off in it.
     *
     * @param before the first, as a tree
     * @param now the second
     * @return every setting in which they differ
     */
    public static List<Difference> between(JsonNode before, JsonNode now) {
        Set<String> keys = new LinkedHashSet<>();
        before.fieldNames().forEachRemaining(keys::add);
        now.fieldNames().forEachRemaining(keys::add);
        List<Difference> differences = new ArrayList<>();
        for (String key : keys) {
            String first = text(before, key);
            String second = text(now, key);
            boolean bothOff = OFF.contains(first) && OFF.contains(second);
            if (!first.equals(second) && !bothOff) {
                differences.add(new Difference(key, first, second));
            }
        }
        return differences;
    }

    private static String text(JsonNode tree, String key) {
        JsonNode value = tree.path(key);
        return value instanceof MissingNode ? "" : value.toString();
    }

    @Override
    public String toString() {
        return "--" + key + " was " + named(before) + " and is now " + named(now);
    }

    private static String named(String value) {
        return value.isEmpty() ? "not there" : value;
    }
}
