package io.eider.experiments.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.experiments.UserError;
import io.eider.models.nn.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All named configurations. */
public final class NamedConfigs {
    /**
     * A data set of the tables.
     *
     * @param factors imbalance factors, in the tables' order
     * @param set its settings
     */
    record Dataset(List<Integer> factors, ObjectNode set) {}

    private static final List<Row> ROWS = List.of(ConfigFiles.value(ConfigFiles.read("rows.yaml"), Row[].class));
    private static final Map<String, Dataset> DATASETS = datasets();
    private static final JsonNode SCHEDULES = ConfigFiles.read("schedules.yaml");

    private NamedConfigs() {}

    /**
     * Every configuration, by data set, imbalance factor and row.
     *
     * @return in the order of the tables
     */
    public static List<NamedConfig> all() {
        List<NamedConfig> all = new ArrayList<>();
        DATASETS.forEach((name, dataset) ->
                dataset.factors().forEach(factor -> ROWS.forEach(row -> all.add(new NamedConfig(name, factor, row)))));
        return all;
    }

    /**
     * The configuration of a name.
     *
     * @param name such as {@code cifar10-lt/if100/ours-focal}
     * @return the configuration
     * @throws UserError if there is none; names the nearest
     */
    public static NamedConfig find(String name) {
        List<NamedConfig> all = all();
        return all.stream()
                .filter(config -> config.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names = all.stream().map(NamedConfig::name).toList();
                    return new UserError("there is no configuration '" + name + "'; did you mean "
                            + String.join(", ", Names.nearest(names, name)) + "? `eider configs list` names all");
                });
    }

    /**
     * All rows.
     *
     * @return those of the paper's table first
     */
    public static List<Row> rows() {
        return ROWS;
    }

    /**
     * The data sets that have tables.
     *
     * @return names, each with its imbalance factors in order
     */
    public static Map<String, List<Integer>> factors() {
        Map<String, List<Integer>> factors = new LinkedHashMap<>();
        DATASETS.forEach((name, dataset) -> factors.put(name, dataset.factors()));
        return factors;
    }

    static Dataset dataset(String name) {
        return DATASETS.get(name);
    }

    static JsonNode schedule(String name) {
        return SCHEDULES.required(name);
    }

    private static Map<String, Dataset> datasets() {
        JsonNode tree = ConfigFiles.read("datasets.yaml");
        Map<String, Dataset> datasets = new LinkedHashMap<>();
        tree.properties()
                .forEach(entry -> datasets.put(entry.getKey(), ConfigFiles.value(entry.getValue(), Dataset.class)));
        return datasets;
    }
}
