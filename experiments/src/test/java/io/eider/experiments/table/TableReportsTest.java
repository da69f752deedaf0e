package io.eider.experiments.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.eider.experiments.config.Changes;
import io.eider.experiments.train.Json;
import io.eider.experiments.train.MadeUpRun;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class TableReportsTest {
    private static final double CLOSE = 1e-9;

    private final Selection selection = Selection.of(
            "cifar10-lt",
            List.of("100"),
            List.of("ce", "ours-ce", "l2rw", "ldam", "ours-ce-no-epsilon", "focal"),
            List.of(1L, 2L, 3L));

    @TempDir
    private Path out;

    @BeforeEach
    void makeUpRuns() throws IOException {
        complete("ce", 1, List.of(100, 80, 30), List.of());
        complete("ce", 2, List.of(100, 80, 36), List.of());
        complete("ce", 3, List.of(100, 80, 24), List.of());
        complete("ours-ce", 1, List.of(90, 90, 60), List.of(-2e-5, 1e-6, 3e-4));
        PlannedCell killed = planned("ours-ce", 2);
        MadeUpRun.record(killed.folder().path(), killed.config(), "running");
        PlannedCell failed = planned("l2rw", 1);
        failed.folder().begin(failed.cell(), Changes.NONE);
        failed.folder().fail("no <room> & no hope");
        complete("ours-ce-no-epsilon", 1, List.of(90, 90, 60), List.of());
        complete("focal", 1, List.of(90, 90, 60), List.of());
        Files.writeString(planned("focal", 1).folder().path().resolve("last.safetensors"), "damaged");
    }

    @Test
    void meanDeviationAndDifference() throws IOException {
        String report = report("table.md");
        // Errors 30, 28, 32; the paper has 29.64.
        assertThat(row(report, "Cross-entropy"))
                .containsExactly("29.64", "30.00 ± 2.00", "10.00 ± 0.00", "+0.36", "3", "");
        assertThat(row(report, "Ours, cross-entropy"))
                .as("one seed has no deviation")
                .containsExactly(
                        "23.59", "20.00", "10.00", "−3.59", "1 of 3, 1 unfinished, 1 missing", "−2.0e−05 … 3.0e−04");
        assertThat(row(report, "L2RW"))
                .containsExactly("27.77", "failed", "failed", "—", "0 of 3, 1 failed, 2 missing", "");
        assertThat(row(report, "LDAM")).containsExactly("26.65", "missing", "missing", "—", "0 of 3, 3 missing", "");
        assertThat(row(report, "Ours, cross-entropy, ε = 0")).contains("—", "20.00");
        assertThat(report)
                .contains("best epoch (chosen on the test set)", "many (> 100), 1 class |")
                .contains(" 100.00 ± 0.00 | ", " 80.00 ± 0.00 | ", " 30.00 ± 6.00 | 70.00 ± 2.00 |")
                .contains("- cifar10-lt/if100/l2rw seed 1: no <room> & no hope")
                .contains("focal seed 1: cannot use this checkpoint")
                .contains("0123456789ab |", "0.1+abc", "0:03:40", "2 of 200", "cpu <2 threads> | x")
                .doesNotContain("not comparable", "0123456789abc");
    }

    @Test
    void htmlIsWellFormedAndNeedsNothingElse() throws Exception {
        String report = report("table.html");
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(report)));
        assertThat(document.getElementsByTagName("table").getLength()).isEqualTo(3);
        assertThat(report)
                .doesNotContain("http:", "https:", "src=", "<link", "@import", "url(")
                .contains("title=\"0123456789abcdef\"", "no &lt;room&gt; &amp; no hope", "prefers-color-scheme: dark");
    }

    @Test
    void jsonHasEverything() throws IOException {
        JsonNode table = Json.parse(report("table.json"), "test").at("/factors/0/rows");
        JsonNode ce = table.get(0);
        assertThat(ce.at("/paper").doubleValue()).isEqualTo(29.64);
        assertThat(ce.at("/last/sd").doubleValue()).isCloseTo(2, within(CLOSE));
        assertThat(ce.at("/last-less-paper").doubleValue()).isCloseTo(0.36, within(CLOSE));
        assertThat(ce.at("/accuracy-last/few/mean").doubleValue()).isCloseTo(30, within(CLOSE));
        assertThat(ce.at("/cells/2/run/split/sha256").asText()).isEqualTo("0123456789abcdef");
        assertThat(ce.at("/cells/2/train-seconds").doubleValue()).isEqualTo(200);
        assertThat(table.get(1).at("/last/sd").isNull()).isTrue();
        assertThat(table.get(1).at("/class-mean-epsilon/max").doubleValue()).isEqualTo(3e-4);
        assertThat(table.get(2).at("/cells/0/failure").asText()).isEqualTo("no <room> & no hope");
    }

    @Test
    void saysWhatCannotBeCompared() throws IOException {
        Changes changes = new Changes(0.05, List.of("depth=8"));
        PlannedCell scaled = TablePlan.of(
                        Selection.of("cifar10-lt", List.of("100"), List.of("ldam"), List.of(1L)), changes, 1, out)
                .cells()
                .get(0);
        scaled.folder().begin(scaled.cell(), changes);
        MadeUpRun.complete(
                scaled.folder().path(), scaled.config(), List.of(90, 90, 60), List.of(90, 90, 90), List.of());
        assertThat(report("table.md"))
                .contains("> **Warning:** schedules scaled by 0.05: not comparable with the paper")
                .contains("not comparable with the paper: depth 8 instead of 32\n")
                .contains("× 0.05");
    }

    private void complete(String row, long seed, List<Integer> correct, List<Double> epsilon) throws IOException {
        PlannedCell cell = planned(row, seed);
        MadeUpRun.complete(cell.folder().path(), cell.config(), correct, List.of(90, 90, 90), epsilon);
    }

    private PlannedCell planned(String row, long seed) {
        Selection one = Selection.of("cifar10-lt", List.of("100"), List.of(row), List.of(seed));
        return TablePlan.of(one, Changes.NONE, 1, out).cells().get(0);
    }

    private String report(String name) throws IOException {
        TableReports.write(selection, out);
        return Files.readString(out.resolve(name));
    }

    /** The entries of the first row of a title, without the title. */
    private static List<String> row(String report, String title) {
        String line = report.lines()
                .filter(row -> row.startsWith("| " + title + " ") && !row.startsWith("| " + title + ","))
                .findFirst()
                .orElseThrow();
        List<String> entries =
                List.of(line.split("\\|", -1)).stream().map(String::strip).toList();
        return entries.subList(2, entries.size() - 1);
    }
}
