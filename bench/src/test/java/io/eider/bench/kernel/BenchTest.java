package io.eider.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {
    private static final String FAST = " --quick --iterations 2 --millis 1 --threads 1";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Another build on this machine may be at it. */
    @BeforeAll
    static void ignoreTheLock() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    private int bench(String line) {
        return Bench.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.split(" "));
    }

    @Test
    void aWrongKernelIsNotTimed() throws IOException {
        PlantedKernel.RUNS.set(0);
        Path file = folder.resolve("file.json");
        assertThat(bench("op planted --shapes 10" + FAST + " --out " + file)).isEqualTo(1);
        assertThat(PlantedKernel.RUNS).hasValue(1);
        assertThat(err.toString()).contains("not timed: planted of 10: output 0 of planted of 10 is wrong: element ");
        assertThat(ResultFile.read(file).cases()).isEmpty();
        assertThat(ResultFile.read(file).refused()).containsOnlyKeys("planted of 10");
    }

    @Test
    void anOpIsTimedAndTwoFilesCompared() throws IOException {
        Path file = folder.resolve("file.json");
        assertThat(bench("op matmul --shapes 8x4,5x4 --transposeB --note busy" + FAST + " --out " + file))
                .isZero();
        assertThat(out.toString()).contains("| matmul transposeB=true of 8x4 5x4 |", "written to " + file);
        ResultFile read = ResultFile.read(file);
        assertThat(read.note()).isEqualTo("busy");
        assertThat(read.cases()).hasSize(1);
        Result result = read.cases().get(0);
        assertThat(result.flops()).isEqualTo(2 * 8 * 4 * 5);
        assertThat(result.micros()).hasSize(2).allMatch(micros -> micros > 0 && micros < 1e6);
        assertThat(result.gemmGflops()).isPositive();
        assertThat(result.copyGbs()).isPositive();
        assertThat(bench("compare " + file + " " + file)).isZero();
        assertThat(out.toString()).contains("large product 1.000, copies 1.000", "| 1.000 |");
    }

    @Test
    void aDeviceIsCheckedAndTimed() throws IOException {
        Path file = folder.resolve("device.json");
        String options = " --device cpu --depth 8 --batch 2 --rounds 1 --copy-mb 1 --out " + file;
        assertThat(bench("device loss/crossEntropy-meta batchNorm/16x16" + options))
                .isZero();
        assertThat(out.toString()).contains("| loss/crossEntropy-meta ", " ok |", "| stage-2 step, ResNet-8, batch 2");
        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertThat(report.get("kernels")).isNotEmpty().allSatisfy(kernel -> {
            assertThat(kernel.get("result").asText()).isEqualTo("ok");
            assertThat(kernel.get("gigabytes").asDouble()).isPositive();
        });
        assertThat(report.at("/ops/passed").asInt()).isGreaterThan(500);
        assertThat(report.at("/ops/failures")).isEmpty();
        assertThat(report.get("steps"))
                .hasSize(4)
                .allSatisfy(step -> assertThat(step.get("micros").asDouble()).isPositive());
    }

    @Test
    void aMissingDeviceIsOneLine() {
        assertThat(bench("device --device cuda:9999")).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void namedCasesAreTimedIntoANamedFile() throws IOException {
        assertThat(bench("run sum/bias sgdStep/16x3" + FAST + " --out " + folder))
                .isZero();
        try (var files = Files.list(folder)) {
            assertThat(ResultFile.read(files.findFirst().orElseThrow()).cases())
                    .extracting(Result::name)
                    .containsExactly("sum/bias", "sgdStep/16x3x3x16");
        }
    }

    @Test
    void aCaseWithoutAKernelHereIsSaidAndTheOthersAreTimed() {
        KernelCase sum = Cases.of("convolutionPlus/8x8x64-bf16");
        assertThat(bench("run " + sum.name() + " sum/bias" + FAST + " --out " + folder))
                .isZero();
        try (Device device = Devices.open("cpu", 1)) {
            assertThat(out.toString().contains("no kernel for " + sum.name()))
                    .isNotEqualTo(device.supports(sum.node()));
        }
        assertThat(out.toString()).contains("| sum/bias ");
    }

    @Test
    void casesAndOpsAreListed() {
        assertThat(bench("list conv2d/")).isZero();
        assertThat(out.toString()).contains("conv2d stride=1 padding=1 of 100x32x32x16 16x3x3x16");
        assertThat(bench("list --ops")).isZero();
        assertThat(out.toString()).contains("conv2dGradFilter stride=INT padding=INT height=INT width=INT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "measure | Unmatched argument at index 0: 'measure'",
                "run --threads 0 | --threads must be at least 1, not 0",
                "run --millis x | Invalid value for option '--millis'",
                "run softmax | no case begins with 'softmax'; there are conv2d/",
                "op | Missing required parameter: 'OP'",
                "op conv3d --shapes 1x1 | no kernel for an op 'conv3d'; it has add",
                "op conv2d --shapes 1x8x8x1,1x3x3x1 --stride 1 | conv2d needs padding; it is written conv2d stride=INT",
                "op conv2d --shapes 1x8x8x1,1x3x3x1 --stride 1 --pading 1 | conv2d has no attribute 'pading'",
                "op conv2d --shapes 1x8x8x1,1x3x3x1 1 | '1' is not --ATTRIBUTE VALUE of conv2d",
                "op add --shapes 3,4 | types must be equal",
                "op exp --shapes 3:bf16 | there is no kernel for exp of 3:bf16 on cpu, ",
                "op fill --value 1 --type 3 | nothing to time",
                "compare nowhere.json nowhere.json | nowhere.json does not exist",
                "compare nowhere.json | Missing required parameter: 'AFTER'",
            })
    void whatTheUserCanPutRightIsOneLineAndExitCode2(String line, String message) {
        assertThat(bench(line)).isEqualTo(2);
        assertThat(err.toString().lines().filter(said -> said.startsWith("bench: ")))
                .singleElement()
                .asString()
                .contains(message);
        assertThat(err.toString().lines().filter(said -> !said.startsWith("1/1 ")))
                .hasSize(1);
    }
}
