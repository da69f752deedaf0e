package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BatchStreamTest {
    private final ImageSet images = AugmentationTest.noise(250);
    private final int[] train = IntStream.range(5, 210).toArray();
    private final int[] development = IntStream.range(210, 250).toArray();

    private TrainBatches trainBatches() {
        return new TrainBatches(images, train, 20, 1);
    }

    @Test
    void anEpochVisitsEveryTrainingImageOnceAndKeepsTheLastBatch() {
        TrainBatches source = trainBatches();
        assertThat(source.stepsPerEpoch()).isEqualTo(11);
        int[] seen = new int[0];
        Batch batch = new Batch(20);
        for (int step = 0; step < 11; step++) {
            source.fill(source.iteration(2, step), batch);
            assertThat(batch.size()).isEqualTo(step < 10 ? 20 : 5);
            int before = seen.length;
            seen = Arrays.copyOf(seen, before + batch.size());
            System.arraycopy(batch.indices(), 0, seen, before, batch.size());
        }
        assertThat(seen).isNotEqualTo(train);
        Arrays.sort(seen);
        assertThat(seen).containsExactly(train);
    }

    @Test
    void epochsHaveDifferentOrders() {
        Batch first = new Batch(20);
        Batch second = new Batch(20);
        TrainBatches source = trainBatches();
        source.fill(source.iteration(0, 0), first);
        source.fill(source.iteration(1, 0), second);

        assertThat(first.indices()).isNotEqualTo(second.indices());
    }

    @Test
    void labelsAndPixelsAreThoseOfTheImages() {
        Batch batch = new Batch(20);
        trainBatches().fill(7, batch);

        for (int i = 0; i < batch.size(); i++) {
            assertThat(batch.labels()[i]).isEqualTo(images.labels()[batch.indices()[i]]);
            assertThat(pixels(batch, i)).isEqualTo(pixels(batch.indices()[i]));
        }
        assertThat(batch.iteration()).isEqualTo(7);
    }

    @Test
    void streamStartedAnywhereGivesTheSameBits() {
        try (BatchStream whole = new BatchStream(trainBatches(), 3);
                BatchStream resumed = new BatchStream(trainBatches(), 2)) {
            whole.startAt(0);
            for (int i = 0; i < 17; i++) {
                whole.next();
            }
            resumed.startAt(trainBatches().iteration(1, 6));
            for (int i = 17; i < 40; i++) {
                Batch expected = whole.next();
                Batch actual = resumed.next();
                assertThat(actual.iteration()).isEqualTo(i);
                assertThat(actual.size()).isEqualTo(expected.size());
                assertThat(Arrays.copyOf(actual.pixels(), actual.size() * ImageSet.VALUES))
                        .isEqualTo(Arrays.copyOf(expected.pixels(), actual.size() * ImageSet.VALUES));
                assertThat(Arrays.copyOf(actual.draws(), actual.size() * 3))
                        .containsExactly(Arrays.copyOf(expected.draws(), actual.size() * 3));
                assertThat(Arrays.copyOf(actual.labels(), actual.size()))
                        .containsExactly(Arrays.copyOf(expected.labels(), actual.size()));
            }
        }
    }

    @Test
    void startingAgainGivesTheSameBits() {
        try (BatchStream stream = new BatchStream(trainBatches(), 3)) {
            stream.startAt(4);
            Batch batch = stream.next();
            byte[] first = batch.pixels().clone();
            int[] draws = batch.draws().clone();
            stream.next();
            stream.startAt(4);
            batch = stream.next();
            assertThat(batch.pixels()).isEqualTo(first);
            assertThat(batch.draws()).isEqualTo(draws);
        }
    }

    @Test
    void aBatchStaysUntouchedUntilTheNextCall() throws InterruptedException {
        try (BatchStream stream = new BatchStream(trainBatches(), 2)) {
            stream.startAt(0);
            Batch held = stream.next();
            // Time enough for the worker to fill every slot it may fill.
            Thread.sleep(50);
            Batch first = new Batch(20);
            trainBatches().fill(0, first);
            assertThat(held).usingRecursiveComparison().isEqualTo(first);
        }
    }

    @Test
    void developmentBatchesAreDrawnAfreshFromTheWholeSet() {
        DevelopmentBatches all = new DevelopmentBatches(images, development, 100, 1);
        assertThat(all.batchSize()).isEqualTo(40);
        Batch first = new Batch(40);
        Batch second = new Batch(40);
        all.fill(0, first);
        all.fill(1, second);
        assertThat(first.indices()).isNotEqualTo(second.indices());
        assertThat(Arrays.stream(first.indices()).sorted().toArray()).containsExactly(development);

        DevelopmentBatches some = new DevelopmentBatches(images, development, 10, 1);
        Batch batch = new Batch(10);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            some.fill(i, batch);
            Set<Integer> drawn = new HashSet<>();
            for (int index : batch.indices()) {
                drawn.add(index);
            }
            assertThat(drawn).hasSize(10);
            seen.addAll(drawn);
        }
        assertThat(seen).hasSize(40);
    }

    @Test
    void developmentImagesAreAugmentedAnewEveryIteration() {
        DevelopmentBatches source = new DevelopmentBatches(images, new int[] {3}, 1, 1);
        Batch batch = new Batch(1);
        Set<Integer> different = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            source.fill(i, batch);
            different.add(Arrays.hashCode(batch.draws()));
        }
        assertThat(different).hasSizeGreaterThan(30);
    }

    @Test
    void evaluationKeepsTheOrderAndEnds() {
        try (BatchStream stream = new BatchStream(new EvaluationBatches(images, 100), 2)) {
            stream.startAt(0);
            int[] sizes = new int[3];
            for (int b = 0; b < 3; b++) {
                Batch batch = stream.next();
                sizes[b] = batch.size();
                for (int i = 0; i < batch.size(); i++) {
                    assertThat(batch.indices()[i]).isEqualTo(100 * b + i);
                    assertThat(pixels(batch, i)).isEqualTo(pixels(100 * b + i));
                    assertThat(Arrays.copyOfRange(batch.draws(), 3 * i, 3 * i + 3))
                            .containsExactly(4, 4, 0);
                }
            }
            assertThat(sizes).containsExactly(100, 100, 50);
            assertThat(stream.hasNext()).isFalse();
            assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void failureInTheWorkerReachesTheConsumerAfterTheGoodBatches() {
        BatchSource failing = new FailingSource(2);
        try (BatchStream stream = new BatchStream(failing, 4)) {
            stream.startAt(0);
            stream.next();
            stream.next();
            assertThatThrownBy(stream::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("batch 2 could not be assembled")
                    .hasMessageContaining("bad image")
                    .hasCauseInstanceOf(ArithmeticException.class);
            stream.startAt(0);
            assertThat(stream.next().iteration()).isZero();
        }
    }

    @Test
    void closingEndsTheThread() {
        BatchStream stream = new BatchStream(trainBatches(), 2);
        stream.startAt(0);
        stream.next();
        stream.close();
        stream.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("eider-batches"));
        assertThatThrownBy(() -> {
                    stream.next();
                    stream.next();
                    stream.next();
                })
                .hasMessageContaining("not started");
    }

    @Test
    void badSizesAreRefused() {
        assertThatThrownBy(() -> new TrainBatches(images, new int[0], 10, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DevelopmentBatches(images, development, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BatchStream(trainBatches(), 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neitherSideAllocatesOnceRunning() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int steps = 2000;
        try (BatchStream stream = new BatchStream(trainBatches(), 3)) {
            stream.startAt(0);
            long worker = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("eider-batches"))
                    .findFirst()
                    .orElseThrow()
                    .getId();
            for (int i = 0; i < 200; i++) {
                stream.next();
            }
            long here = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(worker) + threads.getThreadAllocatedBytes(here);
            for (int i = 0; i < steps; i++) {
                stream.next();
            }
            long bytes = threads.getThreadAllocatedBytes(worker) + threads.getThreadAllocatedBytes(here) - before;
            // The smallest object has 16 bytes; the few bytes below one per step are the measurement's own.
            assertThat(bytes).isLessThan(16L * steps / 2);
        }
    }

    private static byte[] pixels(Batch batch, int slot) {
        return Arrays.copyOfRange(batch.pixels(), slot * ImageSet.VALUES, (slot + 1) * ImageSet.VALUES);
    }

    private byte[] pixels(int image) {
        return Arrays.copyOfRange(images.pixels(), image * ImageSet.VALUES, (image + 1) * ImageSet.VALUES);
    }

    /** Fills empty batches until {@code good} of them are done, then fails. */
    private record FailingSource(int good) implements BatchSource {
        @Override
        public int batchSize() {
            return 1;
        }

        @Override
        public long batches() {
            return Long.MAX_VALUE;
        }

        @Override
        public void fill(long iteration, Batch batch) {
            if (iteration >= good) {
                throw new ArithmeticException("bad image");
            }
            batch.begin(iteration, 1);
        }
    }
}
