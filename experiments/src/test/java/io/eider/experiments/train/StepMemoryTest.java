package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A thousand stage-2 steps leave next to no garbage and no native memory behind. */
class StepMemoryTest {
    private static final int BATCH = 4;
    private static final int STEPS = 1000;

    @Test
    void aThousandStepsLeaveNothingBehind() throws IOException {
        try (Device device = Devices.open("cpu", 1)) {
            CifarResnet network = new CifarResnet(8, 10);
            Variables variables = new Variables(network);
            variables.initialise(device, 1);
            Learner learner = new Learner(device, network, variables, new Sgd(0.9, 5e-4, true));
            try (TrainingStep step = TrainingStep.domainAdaptation(
                    learner, new DomainAdaptation(Reduction.SUM), ImageForm.PIXELS, BATCH, BATCH)) {
                byte[] pixels = new byte[BATCH * 32 * 32 * 3];
                new Random(1).nextBytes(pixels);
                int[] labels = {1, 2, 3, 4};
                float[] weights = {1, 1, 0.5f, 2};
                float[] losses = new float[BATCH];
                run(step, 100, pixels, labels, weights, losses);
                ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                long allocated = threads.getCurrentThreadAllocatedBytes();
                long resident = residentBytes();
                run(step, STEPS, pixels, labels, weights, losses);
                long garbage = threads.getCurrentThreadAllocatedBytes() - allocated;
                long growth = residentBytes() - resident;
                System.out.printf(
                        "%d stage-2 steps: %d bytes of garbage, resident memory grew by %d KiB%n",
                        STEPS, garbage, growth / 1024);
                // Two numbers a step go in as double[1] and are rounded in a float[1].
                assertThat(garbage / STEPS).isLessThan(200);
                // A leak of one activation (16 KiB at this size) a step would be 16 MiB; the JVM's own growth is less.
                assertThat(growth).isLessThan(8L << 20);
            }
        }
    }

    private static void run(
            TrainingStep step, int steps, byte[] pixels, int[] labels, float[] weights, float[] losses) {
        int[] draws = {4, 4, 0, 0, 8, 1, 3, 5, 0, 8, 0, 1};
        for (int i = 0; i < steps; i++) {
            step.batch(pixels, draws, labels, weights);
            step.developmentBatch(pixels, draws, labels);
            step.run(1e-3, 1e-3, 1e-2);
            step.losses(losses);
        }
    }

    private static long residentBytes() throws IOException {
        String pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1];
        return Long.parseLong(pages) * 4096;
    }
}
