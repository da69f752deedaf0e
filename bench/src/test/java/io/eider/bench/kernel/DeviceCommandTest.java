package io.eider.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.backend.Devices;
import io.eider.engine.backend.cuda.StandIn;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A GPU that fails while it is tried. */
@Tag("cuda")
class DeviceCommandTest {
    private final StandIn standIn = StandIn.get();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @AfterEach
    void failNoMore() {
        standIn.failAt(0);
    }

    @Test
    void a_device_that_is_lost_at_an_op_is_one_line_and_what_was_found_is_kept() throws IOException {
        standIn.loseAt(1000);
        assertThat(line().execute(arguments())).isEqualTo(1);
        // A launch goes by the name of its kernel.
        String failed = standIn.failed().equals("cudaLaunchKernel") ? "eider_cuda_" : standIn.failed();
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("bench: the device is lost")
                .contains(failed);
        assertThat(out.toString()).startsWith("cuda:0").contains("| 1 WRONG ");
        assertThat(report().at("/ops/passed").asInt()).isPositive();
        assertThat(report().at("/ops/failures")).hasSize(1);
        assertThat(report().get("steps")).isEmpty();
    }

    @Test
    void a_device_that_is_lost_later_leaves_what_was_found() throws IOException {
        long calls = finish();
        JsonNode whole = report();
        assertThat(whole.get("failures")).isEmpty();
        assertThat(whole.get("steps")).hasSize(4);

        standIn.loseAt(calls - 50);
        assertThatThrownBy(this::finish)
                .isInstanceOf(DeviceFailedException.class)
                .hasMessageContaining("the device is lost")
                .hasMessageContaining("stage-2 step, BF16: ");
        JsonNode partly = report();
        assertThat(partly.get("kernels")).hasSameSizeAs(whole.get("kernels"));
        assertThat(partly.get("steps")).hasSize(3);
        assertThat(partly.at("/failures/0/what").asText()).isEqualTo("stage-2 step, BF16");
        assertThat(partly.at("/failures/0/why").asText()).isNotBlank();
        assertThat(out.toString()).contains("| plain step, ResNet-8, batch 1 ", "| stage-2 step, BF16 ");

        standIn.loseAt(60);
        assertThatThrownBy(this::finish).hasMessageContaining("it was lost at a copy of 1 MB: ");
        assertThat(report().get("kernels")).isEmpty();

        Files.delete(file());
        Files.createDirectory(file());
        standIn.loseAt(60);
        assertThatThrownBy(this::finish)
                .hasMessageContaining("it was lost at a copy of 1 MB: ")
                .hasMessageContaining(file() + " could not be written: ");
        Files.delete(file());

        standIn.failAt(60);
        finish();
        JsonNode all = report();
        assertThat(all.at("/failures/0/what").asText()).isEqualTo("a copy of 1 MB");
        assertThat(all.get("steps")).as("the device was not lost").hasSize(4);
    }

    @Test
    void what_cannot_be_replayed_is_said_before_anything_is_checked() {
        long before = standIn.calls();
        assertThat(line().execute(
                                "device", "--golden", folder.resolve("nowhere").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("nowhere does not exist");
        assertThat(standIn.calls()).isEqualTo(before);
    }

    /** Everything but the checks of ops, on a device of its own; returns the calls up to its end, from its opening on. */
    private long finish() throws IOException {
        DeviceCommand command = new DeviceCommand();
        new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .parseArgs(List.of(arguments()).subList(1, arguments().length).toArray(String[]::new));
        long before = standIn.calls();
        try (Device device = Devices.open("cuda", 1)) {
            command.finish(device, new DeviceReport(device.description(), new OpChecks(0, List.of())), Map.of());
            return standIn.calls() - before;
        }
    }

    private CommandLine line() {
        return Bench.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    }

    private String[] arguments() {
        return ("device pad/8x8x64 --depth 8 --batch 1 --rounds 1 --copy-mb 1 --out " + file()).split(" ");
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(file().toFile());
    }

    private Path file() {
        return folder.resolve("device.json");
    }
}
