package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.eider.engine.backend.Device;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepGarbageTest {
    /** What a step may leave: the handful of objects of a map lookup and a scalar's way through the device. */
    private static final long BYTES = 1024;

    @TempDir
    private Path temporary;

    @Test
    void aStepLeavesNextToNothing() {
        Assumptions.assumeTrue(FastestDevice.NAME.equals("cpu"), "the reference device allocates by design");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Long> allocated = new ArrayList<>(64);
        TrainConfig config = Configs.with(Configs.tiny(Method.OURS), "epochs", 12);
        try (Device device = FastestDevice.open();
                RunFolder folder = RunFolder.open(temporary.resolve("run"))) {
            new TrainingRun(config, Configs.images(config), device, folder, new TrainingRun.Options(false, false, 0))
                    .execute(new RunListener() {
                        private long before;

                        @Override
                        public void stepDone(int epoch, int step, double loss) {
                            long now = threads.getCurrentThreadAllocatedBytes();
                            if (step > 0) {
                                allocated.add(now - before);
                            }
                            before = threads.getCurrentThreadAllocatedBytes();
                        }
                    });
        }
        // The median: a step that compiles a program or initialises a class leaves more.
        assertThat(allocated.stream().sorted().toList().get(allocated.size() / 2))
                .isLessThan(BYTES);
        System.out.println(
                "bytes a step leaves, sorted: " + allocated.stream().sorted().toList());
    }
}
