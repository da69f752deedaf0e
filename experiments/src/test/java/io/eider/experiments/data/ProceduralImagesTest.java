package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.experiments.data.LongTailSplit.Protocol;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProceduralImagesTest {
    @Test
    void isBalancedAndNamed() {
        ImageSet images = ProceduralImages.train(1, 7);
        int[] counts = new int[10];
        for (int label : images.labels()) {
            counts[label]++;
        }
        assertThat(counts).containsOnly(7);
        assertThat(images.classNames()).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void dependsOnSeedAndPartOnly() {
        byte[] train = ProceduralImages.train(1, 2).pixels();
        assertThat(ProceduralImages.train(1, 2).pixels()).isEqualTo(train);
        assertThat(ProceduralImages.train(2, 2).pixels()).isNotEqualTo(train);
        assertThat(ProceduralImages.test(1, 2).pixels()).isNotEqualTo(train);
    }

    @Test
    void aLargerSetBeginsWithTheSmallerOne() {
        byte[] few = ProceduralImages.train(1, 2).pixels();
        byte[] more = ProceduralImages.train(1, 3).pixels();
        assertThat(Arrays.copyOf(more, few.length)).isEqualTo(few);
    }

    @Test
    void drawsTheSamePixelsInEveryVersionOfThisProgram() {
        assertThat(Hashes.sha256(ProceduralImages.train(1, 2).pixels()))
                .isEqualTo("de044ed07276ce4e6d5700f9c47399332d0b8daa7c4b37fa5a7556bf7622d506");
    }

    @Test
    void colourAloneDoesNotTellTheClass() {
        // Mean colour over many images of a class: about the middle for all, so only the figure tells them apart.
        ImageSet images = ProceduralImages.train(3, 200);
        for (int label = 0; label < 10; label++) {
            double[] sum = new double[3];
            for (int i = label; i < images.size(); i += 10) {
                for (int v = 0; v < ImageSet.VALUES; v++) {
                    sum[v % 3] += images.pixels()[i * ImageSet.VALUES + v] & 0xff;
                }
            }
            for (double channel : sum) {
                // One image's mean has a deviation of about 45, that of 200 images 3.2: five of them.
                assertThat(channel / 200 / 1024).isBetween(127.5 - 16, 127.5 + 16);
            }
        }
    }

    @Test
    void canBeMadeLongTailed() {
        ImageSet images = ProceduralImages.train(1, 60);
        LongTailSplit split = LongTailSplit.of(images.labels(), images.classes(), 10, 1, Protocol.DEVELOPMENT);

        assertThat(split.counts()[0]).isEqualTo(50);
        assertThat(split.counts()[9]).isEqualTo(5);
        assertThat(split.development()).hasSize(100);
    }
}
