package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTableTest {
    @TempDir
    private Path folder;

    @Test
    void findsColumnsByHeading() throws IOException {
        List<CsvTable.Row> rows =
                table("epoch,added,loss,eta\n0,x,2.5,\n1,,1e-3,0.1\n").rows().toList();
        assertThat(rows).hasSize(2);
        assertThat(rows.get(1).integer("epoch")).isOne();
        assertThat(rows.get(1).number("loss")).isEqualTo(1e-3);
        assertThat(rows.get(0).text("added")).isEqualTo("x");
        assertThat(rows).extracting(row -> row.has("eta")).containsExactly(false, true);
    }

    @Test
    void leavesOutALineThatIsBeingWritten() throws IOException {
        assertThat(table("epoch,loss\n0,2.5\n1,2").rows()).hasSize(1);
    }

    @Test
    void saysWhatIsDamaged() throws IOException {
        refuses(() -> table(""), "it has no headings");
        CsvTable longer = table("epoch,loss\n0,2.5,7\n");
        refuses(() -> longer.rows().toList(), "line 2 has 3 values under 2 headings");
        CsvTable.Row row = table("epoch,loss\n1,low\n").rows().findFirst().orElseThrow();
        refuses(() -> row.number("loss"), "line 2 has 'low' under 'loss'");
        refuses(() -> row.text("lr"), "it has no column 'lr'");
    }

    @Test
    void aFileThatIsNotThere() {
        Path missing = folder.resolve("missing.csv");
        assertThat(CsvTable.readIfPresent(missing)).isEmpty();
        assertThatThrownBy(() -> CsvTable.read(missing))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("missing.csv does not exist");
    }

    private static void refuses(ThrowingCallable reading, String what) {
        assertThatThrownBy(reading)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("t.csv is damaged: ")
                .hasMessageEndingWith(what);
    }

    private CsvTable table(String text) throws IOException {
        return CsvTable.read(Files.writeString(folder.resolve("t.csv"), text));
    }
}
