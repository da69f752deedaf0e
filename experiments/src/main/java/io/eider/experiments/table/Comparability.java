package io.eider.experiments.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.experiments.config.Changes;
import io.eider.experiments.train.Difference;
import io.eider.experiments.train.Json;
import io.eider.experiments.train.TrainConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What keeps numbers from being compared with the paper's: schedules that were scaled, settings that were changed. */
final class Comparability {
    private static final Set<String> FREE = Set.of("seed", "device", "threads", "log-weights", "recompute");

    private Comparability() {}

    /** Returns each in one line. */
    static List<String> warnings(TableResult table) {
        Set<Double> scales = new TreeSet<>();
        Set<String> changed = new TreeSet<>();
        table.cells().filter(cell -> cell.record().isPresent()).forEach(cell -> {
            scales.add(cell.epochsScale());
            changes(cell)
                    .forEach(difference -> changed.add(
                            difference.key() + " " + difference.now() + " instead of " + difference.before()));
        });
        List<String> warnings = new ArrayList<>();
        scales.stream()
                .filter(scale -> scale != 1)
                .forEach(scale -> warnings.add("schedules scaled by " + scale + ": not comparable with the paper"));
        if (!changed.isEmpty()) {
            warnings.add("settings changed: not comparable with the paper: " + String.join(", ", changed));
        }
        return warnings;
    }

    private static List<Difference> changes(CellResult cell) {
        ObjectNode named = new Changes(cell.epochsScale(), List.of())
                .apply(cell.cell().config().settings());
        return Difference.between(
                        Json.tree(TrainConfig.of(named, cell.cell().name())),
                        cell.record().orElseThrow().path("configuration"))
                .stream()
                .filter(difference -> !FREE.contains(difference.key()))
                .toList();
    }
}
