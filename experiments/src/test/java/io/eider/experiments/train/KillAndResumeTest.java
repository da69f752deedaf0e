package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Ends a run with {@code kill -9} again and again, at random moments of both stages and while it saves, and lets it go on:
 * it must end with the bits of the run that was left alone.
 *
 * <p>{@code -Deider.kills=20} for more kills than the few that every build makes, {@code -Deider.kill.seed=N} for other
 * moments.
 */
@Isolated // it takes time that other tests are measured by
class KillAndResumeTest {
    private static final int KILLS = Integer.getInteger("eider.kills", 4);
    private static final long SEED = Long.getLong("eider.kill.seed", 1);
    private static final int EPOCHS = 8;
    private static final int STEPS_PER_EPOCH = 5;
    private static final int LAST_KILL = EPOCHS * STEPS_PER_EPOCH - 8;
    private static final List<String> RESULTS =
            List.of("last.safetensors", "best.safetensors", "metrics.csv", "classes.csv", "split.txt", "report.md");

    private static final int LONGEST_WAIT = 60;

    @TempDir
    private Path temporary;

    private final Random random = new Random(SEED);
    private int killsWhileSaving;

    @Test
    void endsWithTheBitsOfTheRunThatWasLeftAlone() throws IOException, InterruptedException {
        Path alone = temporary.resolve("alone");
        Path killed = temporary.resolve("killed");
        assertThat(start(alone).waitFor()).as(log(alone)).isZero();
        int[] moments = random.ints(KILLS, 0, LAST_KILL + 1).sorted().toArray();
        for (int moment : moments) {
            kill(start(killed), killed, moment);
        }
        assertThat(start(killed).waitFor()).as(log(killed)).isZero();
        System.out.printf(
                "%d kills (seed %d), %d of them while saving; went on in epoch.step %s%n",
                KILLS, SEED, killsWhileSaving, resumptions(killed));
        for (String result : RESULTS) {
            assertThat(killed.resolve(result)).hasSameBinaryContentAs(alone.resolve(result));
        }
    }

    /** Kills a run that has come to a step: while it saves, or a random while later. */
    private void kill(Process run, Path folder, int step) throws IOException, InterruptedException {
        Path last = folder.resolve("last.safetensors");
        while (stepsDone(last) < step) {
            assertThat(run.waitFor(1, TimeUnit.MILLISECONDS)).as(log(folder)).isFalse();
        }
        if (random.nextBoolean()) {
            while (run.isAlive() && !isSaving(folder)) {
                Thread.onSpinWait();
            }
        } else {
            Thread.sleep(random.nextInt(LONGEST_WAIT));
        }
        assertThat(run.isAlive()).as("it ended too early; " + log(folder)).isTrue();
        run.destroyForcibly().waitFor();
        killsWhileSaving += isSaving(folder) ? 1 : 0;
    }

    private static int stepsDone(Path checkpoint) {
        if (!Files.exists(checkpoint)) {
            return 0;
        }
        TrainingState state = RunCheckpoint.peek(checkpoint).orElseThrow().state();
        return state.epoch() * STEPS_PER_EPOCH + state.step();
    }

    /** Whether a file lies there under its temporary name. */
    private static boolean isSaving(Path folder) throws IOException {
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(folder, "*.tmp")) {
            return unfinished.iterator().hasNext();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Process start(Path out) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                "io.eider.experiments.cli.Eider"));
        command.addAll(List.of(("train --dataset procedural-lt --imbalance 300 --epochs " + EPOCHS
                        + " --stage2-epoch 4 --lr-drops 4 --lr-factor 0.1")
                .split(" ")));
        command.addAll(
                List.of("--depth 8 --batch 150 --development-batch 50 --evaluate-every 3 --threads 1".split(" ")));
        command.addAll(List.of("--device", FastestDevice.NAME, "--checkpoint-every", "1", "--resume"));
        command.addAll(List.of("--out", out.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile(out)))
                .start();
    }

    private static File logFile(Path out) {
        return out.resolveSibling(out.getFileName() + ".log").toFile();
    }

    private static String log(Path out) throws IOException {
        return Files.exists(logFile(out).toPath())
                ? Files.readString(logFile(out).toPath())
                : "";
    }

    /** Where the run went on, from its log. */
    private static String resumptions(Path out) throws IOException {
        return log(out).lines()
                .filter(line -> line.contains("going on from"))
                .map(line -> line.replaceFirst(".* in epoch (\\d+), step (\\d+)", "$1.$2"))
                .toList()
                .toString();
    }
}
