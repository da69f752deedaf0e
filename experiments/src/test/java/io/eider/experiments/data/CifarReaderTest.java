package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarReaderTest {
    private static final CifarFile SMALL = new CifarFile("small.bin", 2, "");

    @TempDir
    Path folder;

    /** Two records whose pixel byte is a function of record, plane and place. */
    private static byte[] records(int labelBytes, int... labels) {
        byte[] bytes = new byte[labels.length * (labelBytes + 3072)];
        for (int r = 0; r < labels.length; r++) {
            int start = r * (labelBytes + 3072);
            bytes[start] = 9;
            bytes[start + labelBytes - 1] = (byte) labels[r];
            for (int c = 0; c < 3; c++) {
                for (int i = 0; i < 1024; i++) {
                    bytes[start + labelBytes + c * 1024 + i] = (byte) (r * 100 + c * 50 + i % 37);
                }
            }
        }
        return bytes;
    }

    @Test
    void readsLabelsAndInterleavesPlanes() throws IOException {
        Files.write(folder.resolve("small.bin"), records(1, 3, 7));
        ImageSet images = CifarReader.read(Cifar.CIFAR10, folder, List.of(SMALL));

        assertThat(images.labels()).containsExactly(3, 7);
        assertThat(images.size()).isEqualTo(2);
        for (int r = 0; r < 2; r++) {
            for (int i = 0; i < 1024; i++) {
                for (int c = 0; c < 3; c++) {
                    assertThat(images.pixels()[(r * 1024 + i) * 3 + c]).isEqualTo((byte) (r * 100 + c * 50 + i % 37));
                }
            }
        }
    }

    @Test
    void cifar100LabelIsTheFineOne() throws IOException {
        Files.write(folder.resolve("small.bin"), records(2, 99, 42));

        assertThat(CifarReader.read(Cifar.CIFAR100, folder, List.of(SMALL)).labels())
                .containsExactly(99, 42);
    }

    @Test
    void labelOutOfRangeNamesFileAndRecord() throws IOException {
        Files.write(folder.resolve("small.bin"), records(1, 3, 10));

        assertThatThrownBy(() -> CifarReader.read(Cifar.CIFAR10, folder, List.of(SMALL)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("small.bin: record 1 has label 10")
                .hasMessageContaining("eider data fetch cifar10");
    }

    @Test
    void fileOfAnotherSizeIsRefused() throws IOException {
        Files.write(folder.resolve("small.bin"), new byte[100]);

        assertThatThrownBy(() -> CifarReader.read(Cifar.CIFAR10, folder, List.of(SMALL)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("100 bytes instead of 6146");
    }

    @Test
    void missingFileSaysHowToGetIt() {
        assertThatThrownBy(() -> CifarReader.train(Cifar.CIFAR10, folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(folder.resolve("data_batch_1.bin") + " is missing")
                .hasMessageContaining("eider data fetch cifar10")
                .hasMessageContaining("eider data import DIR");
    }

    @Test
    void realCifar10HasItsPublishedStatistics() {
        DataFolder data = RealData.with(Cifar.CIFAR10);
        ImageSet train = data.train(Cifar.CIFAR10);

        double[] sums = new double[3];
        for (int i = 0; i < train.pixels().length; i++) {
            sums[i % 3] += train.pixels()[i] & 0xff;
        }
        double[] means = {125.307, 122.950, 113.865};
        for (int c = 0; c < 3; c++) {
            assertThat(sums[c] / 50_000 / 1024).isCloseTo(means[c], within(0.001));
        }
        int[] counts = new int[10];
        for (int label : train.labels()) {
            counts[label]++;
        }
        assertThat(counts).containsOnly(5000);
        assertThat(train.classNames().get(train.labels()[0])).isEqualTo("frog");
        assertThat(data.test(Cifar.CIFAR10).size()).isEqualTo(10_000);
    }
}
