package io.eider.experiments.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/**
 * A cell of a table.
 *
 * @param dataset of {@code datasets.yaml}
 * @param factor imbalance factor
 * @param row method, loss and schedule
 */
public record NamedConfig(String dataset, int factor, Row row) {
    /**
     * The name.
     *
     * @return such as {@code cifar10-lt/if100/ours-focal}
     */
    public String name() {
        return dataset + "/if" + factor + "/" + row.name();
    }

    /**
     * The settings: defaults, then the data set's, the schedule's and the row's.
     *
     * @return a tree of its own at each call
     */
    public ObjectNode settings() {
        ObjectNode tree = ConfigFiles.defaults();
        Settings.put(tree, NamedConfigs.dataset(dataset).set(), "datasets.yaml");
        tree.put("imbalance", factor);
        Settings.put(tree, NamedConfigs.schedule(row.schedule()), "schedules.yaml");
        Settings.put(tree, row.set(), "rows.yaml");
        return tree;
    }

    /**
     * The published test error.
     *
     * @return percent, or nothing if the paper has no such number
     */
    public OptionalDouble published() {
        JsonNode error =
                ConfigFiles.read("paper.yaml").path(dataset).path(row.name()).path(Integer.toString(factor));
        return error.isNumber() ? OptionalDouble.of(error.doubleValue()) : OptionalDouble.empty();
    }
}
