package io.eider.experiments.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.experiments.Choice;
import io.eider.experiments.report.ShotGroup;
import io.eider.experiments.train.Json;
import io.eider.experiments.train.TrainedRun;
import java.util.Arrays;

/** Everything that the reports say, for programs. Errors and accuracies are percent; what is not there is null. */
final class TableJson {
    private TableJson() {}

    static String of(TableResult table) {
        ObjectNode root = Json.object().put("dataset", table.dataset());
        root.set("warnings", Json.tree(Comparability.warnings(table)));
        ArrayNode factors = root.putArray("factors");
        table.factors().forEach(factor -> {
            ArrayNode rows = factors.addObject().put("factor", factor.factor()).putArray("rows");
            factor.rows().forEach(row -> rows.add(row(row)));
        });
        return Json.text(root) + "\n";
    }

    private static ObjectNode row(RowResult row) {
        ObjectNode tree = Json.object()
                .put("name", row.row().name())
                .put("title", row.row().title())
                .put("in-paper-table", row.row().table());
        tree.put("paper", row.published().isPresent() ? row.published().getAsDouble() : null);
        tree.set("last", summary(row.last()));
        tree.set("best-on-test-set", summary(row.best()));
        tree.put(
                "last-less-paper",
                row.difference().isPresent() ? row.difference().getAsDouble() : null);
        ObjectNode groups = tree.putObject("accuracy-last");
        Arrays.stream(ShotGroup.values())
                .forEach(group -> groups.set(
                        Choice.id(group),
                        row.group(group).map(TableJson::summary).orElse(null)));
        tree.putNull("class-mean-epsilon");
        row.epsilon()
                .ifPresent(means -> tree.putObject("class-mean-epsilon")
                        .put("min", means.getMin())
                        .put("max", means.getMax()));
        ArrayNode cells = tree.putArray("cells");
        row.cells().forEach(cell -> cells.add(cell(cell)));
        return tree;
    }

    private static ObjectNode cell(CellResult cell) {
        ObjectNode tree = Json.object()
                .put("seed", cell.cell().seed())
                .put(
                        "folder",
                        cell.cell().config().name() + "/seed" + cell.cell().seed())
                .put("status", Choice.id(cell.status()))
                .put("failure", cell.failure().orElse(null))
                .put("epochs-scale", cell.epochsScale())
                .put("epochs-done", cell.time().epochs())
                .put("train-seconds", cell.time().trainSeconds())
                .put("test-seconds", cell.time().testSeconds());
        tree.set("run", cell.record().orElse(null));
        tree.set("result", cell.run().map(TableJson::result).orElse(null));
        return tree;
    }

    /** The configuration stands in the run's record already. */
    private static ObjectNode result(TrainedRun run) {
        ObjectNode tree = Json.object()
                .put("last-error", run.last().error())
                .put("best-error", run.best().error());
        tree.set("class-names", Json.tree(run.classNames()));
        tree.set("last", Json.tree(run.last()));
        tree.set("best", Json.tree(run.best()));
        tree.set("epsilon", Json.tree(run.epsilon()));
        return tree;
    }

    private static ObjectNode summary(Summary summary) {
        return Json.object()
                .put("n", summary.n())
                .put("mean", number(summary.mean()))
                .put("sd", number(summary.deviation()));
    }

    private static Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
