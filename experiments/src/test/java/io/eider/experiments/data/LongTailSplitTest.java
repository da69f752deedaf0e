package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import io.eider.experiments.data.LongTailSplit.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LongTailSplitTest {
    private static final int[] CIFAR10 = balanced(10, 5000);
    private static final int[] CIFAR100 = balanced(100, 500);

    @TempDir
    Path folder;

    /** Labels of a balanced set, in no simple order, as in the real files. */
    static int[] balanced(int classes, int perClass) {
        int[] labels =
                IntStream.range(0, classes * perClass).map(i -> i % classes).toArray();
        CounterRandom.of(3, "labels").shuffle(labels, 0);
        return labels;
    }

    @ParameterizedTest
    @CsvSource({
        "200, 4990 2769 1537 853 473 262 145 80 44 24, 11177",
        "100, 4990 2991 1793 1075 644 386 231 138 83 49, 12380",
        "50, 4990 3230 2091 1354 877 567 367 238 154 99, 13967",
        "20, 4990 3577 2564 1838 1317 944 677 485 348 249, 16989",
        "10, 4990 3863 2991 2316 1793 1388 1075 832 644 499, 20391",
        "1, 4990 4990 4990 4990 4990 4990 4990 4990 4990 4990, 49900"
    })
    void cifar10CountsWithDevelopmentSetAreThoseOfThePaper(double imbalance, String counts, int total) {
        LongTailSplit split = LongTailSplit.of(CIFAR10, 10, imbalance, 1, Protocol.DEVELOPMENT);
        int[] expected =
                Arrays.stream(counts.split(" ")).mapToInt(Integer::parseInt).toArray();

        assertThat(split.counts()).containsExactly(expected);
        assertThat(split.train()).hasSize(total);
        assertThat(countsOf(CIFAR10, 10, split.train())).containsExactly(expected);
        assertThat(countsOf(CIFAR10, 10, split.development())).containsOnly(10);
    }

    @ParameterizedTest
    @CsvSource({"200, 9304, 2", "100, 10626, 4", "50, 12354, 9", "20, 15594, 24", "10, 19183, 49", "1, 49000, 490"})
    void cifar100CountsWithDevelopmentSetAreThoseOfThePaper(double imbalance, int total, int tail) {
        LongTailSplit split = LongTailSplit.of(CIFAR100, 100, imbalance, 1, Protocol.DEVELOPMENT);

        assertThat(split.train()).hasSize(total);
        assertThat(split.counts()[0]).isEqualTo(490);
        assertThat(split.counts()[99]).isEqualTo(tail);
        assertThat(countsOf(CIFAR100, 100, split.train())).containsExactly(split.counts());
        assertThat(split.development()).hasSize(1000);
    }

    @ParameterizedTest
    @CsvSource({"200, 11203, 9502", "100, 12406, 10847", "50, 13996, 12608", "20, 17023, 15907", "10, 20431, 19573"})
    void totalsWithoutDevelopmentSetAreThoseOfTheOtherProtocol(double imbalance, int cifar10, int cifar100) {
        LongTailSplit ten = LongTailSplit.of(CIFAR10, 10, imbalance, 1, Protocol.FULL);
        LongTailSplit hundred = LongTailSplit.of(CIFAR100, 100, imbalance, 1, Protocol.FULL);

        assertThat(ten.train()).hasSize(cifar10);
        assertThat(ten.counts()[0]).isEqualTo(5000);
        assertThat(hundred.train()).hasSize(cifar100);
        assertThat(hundred.counts()[0]).isEqualTo(500);
        assertThat(ten.development()).isEmpty();
    }

    @Test
    void trainingAndDevelopmentAreDisjointAndDistinct() {
        LongTailSplit split = LongTailSplit.of(CIFAR10, 10, 1, 1, Protocol.DEVELOPMENT);

        assertThat(IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.development()))
                        .distinct()
                        .count())
                .isEqualTo(50_000);
    }

    @Test
    void factorsShareTheDevelopmentSetAndNestTheirTrainingSets() {
        LongTailSplit mild = LongTailSplit.of(CIFAR10, 10, 10, 1, Protocol.DEVELOPMENT);
        LongTailSplit strong = LongTailSplit.of(CIFAR10, 10, 200, 1, Protocol.DEVELOPMENT);

        assertThat(strong.development()).containsExactly(mild.development());
        assertThat(boxed(mild.train())).containsAll(boxed(strong.train()));
    }

    @Test
    void isAPureFunctionOfItsArguments() {
        LongTailSplit split = LongTailSplit.of(CIFAR10, 10, 100, 1, Protocol.DEVELOPMENT);
        LongTailSplit again = LongTailSplit.of(CIFAR10.clone(), 10, 100, 1, Protocol.DEVELOPMENT);
        LongTailSplit otherSeed = LongTailSplit.of(CIFAR10, 10, 100, 2, Protocol.DEVELOPMENT);

        assertThat(again.sha256()).isEqualTo(split.sha256());
        assertThat(otherSeed.train()).isNotEqualTo(split.train());
        assertThat(otherSeed.sha256()).isNotEqualTo(split.sha256());
    }

    @Test
    void drawsTheSameImagesInEveryVersionOfThisProgram() {
        // Pinned so that a change to the draws, which would silently change every published result, cannot pass.
        assertThat(LongTailSplit.of(CIFAR10, 10, 100, 1, Protocol.DEVELOPMENT).sha256())
                .isEqualTo("5d1d4a58ec4a6dbc0e085ac6407029e67dc918dc76d791884a9690cdaadebc29");
    }

    @Test
    void manifestComesBackUnchanged() {
        Path file = folder.resolve("split.txt");
        LongTailSplit split = LongTailSplit.of(CIFAR10, 10, 50, 7, Protocol.DEVELOPMENT);
        split.write(file);
        LongTailSplit read = LongTailSplit.read(file, CIFAR10);

        assertThat(read.train()).containsExactly(split.train());
        assertThat(read.development()).containsExactly(split.development());
        assertThat(read.counts()).containsExactly(split.counts());
        assertThat(read.sha256()).isEqualTo(split.sha256());
        assertThat(file).content().endsWith("sha256 " + split.sha256() + "\n");
    }

    @Test
    void manifestWithoutDevelopmentSetComesBackUnchanged() {
        Path file = folder.resolve("split.txt");
        LongTailSplit split = LongTailSplit.of(CIFAR10, 10, 50, 7, Protocol.FULL);
        split.write(file);

        assertThat(LongTailSplit.read(file, CIFAR10).sha256()).isEqualTo(split.sha256());
    }

    @Test
    void changedManifestIsRefused() throws IOException {
        Path file = folder.resolve("split.txt");
        LongTailSplit.of(CIFAR10, 10, 50, 7, Protocol.FULL).write(file);
        Files.writeString(file, Files.readString(file).replace("seed 7", "seed 8"));

        assertThatThrownBy(() -> LongTailSplit.read(file, CIFAR10))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("SHA-256");
    }

    @Test
    void manifestOfAnotherDataSetIsRefused() {
        Path file = folder.resolve("split.txt");
        LongTailSplit.of(CIFAR10, 10, 50, 7, Protocol.FULL).write(file);

        assertThatThrownBy(() -> LongTailSplit.read(file, CIFAR100))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("another data set");
    }

    @Test
    void fileThatIsNoManifestIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("other.txt"), "hello\n");

        assertThatThrownBy(() -> LongTailSplit.read(file, CIFAR10))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("not a split manifest");
        assertThatThrownBy(() -> LongTailSplit.read(folder.resolve("none.txt"), CIFAR10))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("none.txt");
    }

    @ParameterizedTest
    @CsvSource({"0.01", "0", "-5", "NaN", "Infinity", "100000"})
    void badImbalanceFactorIsRefused(double imbalance) {
        assertThatThrownBy(() -> LongTailSplit.of(CIFAR10, 10, imbalance, 1, Protocol.DEVELOPMENT))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("imbalance factor " + imbalance);
    }

    @Test
    void dataSetWithASmallClassIsRefused() {
        int[] labels = balanced(10, 100);
        Arrays.setAll(labels, i -> labels[i] == 0 && i % 2 == 0 ? 1 : labels[i]);

        assertThatThrownBy(() -> LongTailSplit.of(labels, 10, 10, 1, Protocol.DEVELOPMENT))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("class 0 has");
    }

    private static int[] countsOf(int[] labels, int classes, int[] images) {
        int[] counts = new int[classes];
        for (int image : images) {
            counts[labels[image]]++;
        }
        return counts;
    }

    private static List<Integer> boxed(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
