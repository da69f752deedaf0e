package io.eider.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class EiderTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine eider =
            Eider.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @Test
    void tellsItsVersion() {
        assertThat(eider.execute("--version")).isZero();
        assertThat(out.toString()).startsWith("eider ").contains("JVM ");
    }

    @Test
    void withoutACommandItIsAUsageError() {
        assertThat(eider.execute()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("Missing command").contains("Usage: eider");
    }
}
