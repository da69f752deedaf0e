package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AugmentationTest {
    private final ImageSet images = noise(3);

    static ImageSet noise(int count) {
        byte[] pixels = new byte[count * ImageSet.VALUES];
        CounterRandom random = CounterRandom.of(11, "noise");
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.bits(i);
        }
        int[] labels = new int[count];
        Arrays.setAll(labels, i -> i % 10);
        return new ImageSet(pixels, labels, Collections.nCopies(10, "class"));
    }

    @Test
    void normalisesWithTheAuthorsMeanAndDeviation() {
        assertThat(Normalisation.of(0, (byte) 0)).isCloseTo(-125.3f / 63.0f, within(1e-6f));
        assertThat(Normalisation.of(1, (byte) 123)).isZero();
        assertThat(Normalisation.of(2, (byte) 255)).isCloseTo((255 - 113.9f) / 66.7f, within(1e-6f));
    }

    @Test
    void writesPlainImagesInPlace() {
        float[] out = new float[2 * ImageSet.VALUES];
        Normalisation.write(images, 1, out, ImageSet.VALUES);

        assertThat(Arrays.copyOf(out, ImageSet.VALUES)).containsOnly(0f);
        for (int i = 0; i < ImageSet.VALUES; i++) {
            assertThat(out[ImageSet.VALUES + i]).isEqualTo(pixel(1, 0, i / 3, i % 3));
        }
    }

    @Test
    void centreWindowIsTheImageItself() {
        float[] out = new float[ImageSet.VALUES];
        float[] plain = new float[ImageSet.VALUES];
        Augmentation.crop(images, 2, 4, 4, false, out, 0);
        Normalisation.write(images, 2, plain, 0);

        assertThat(out).isEqualTo(plain);
    }

    @Test
    void everyWindowAgreesWithAPaddedImage() {
        // The padded image, spelled out: four reflected columns or rows on each side, edge not repeated.
        int[] source = new int[40];
        int[] before = {4, 3, 2, 1};
        int[] after = {30, 29, 28, 27};
        System.arraycopy(before, 0, source, 0, 4);
        System.arraycopy(after, 0, source, 36, 4);
        for (int i = 0; i < 32; i++) {
            source[4 + i] = i;
        }
        float[] out = new float[ImageSet.VALUES];
        for (int top = 0; top <= 8; top++) {
            for (int left = 0; left <= 8; left++) {
                for (boolean flip : new boolean[] {false, true}) {
                    Augmentation.crop(images, 1, top, left, flip, out, 0);
                    for (int y = 0; y < 32; y++) {
                        for (int x = 0; x < 32; x++) {
                            int shown = flip ? 31 - x : x;
                            for (int c = 0; c < 3; c++) {
                                assertThat(out[(y * 32 + shown) * 3 + c])
                                        .isEqualTo(pixel(1, source[top + y], source[left + x], c));
                            }
                        }
                    }
                }
            }
        }
    }

    @Test
    void windowsAndFlipsAreEquallyLikely() {
        // An image whose value tells row and column at its centre.
        byte[] pixels = new byte[ImageSet.VALUES];
        for (int i = 0; i < 1024; i++) {
            pixels[i * 3] = (byte) (i / 32);
            pixels[i * 3 + 1] = (byte) (i % 32);
        }
        ImageSet grid = new ImageSet(pixels, new int[] {0}, Collections.nCopies(1, "grid"));
        Augmentation augmentation = new Augmentation(5, "test");
        float[] out = new float[ImageSet.VALUES];
        Map<String, Integer> seen = new HashMap<>();
        int rounds = 16_200;
        for (int round = 0; round < rounds; round++) {
            augmentation.write(grid, 0, round, out, 0);
            int centre = (16 * 32 + 16) * 3;
            boolean flipped = out[centre + 1] > out[centre + 4];
            seen.merge(out[centre] + " " + out[centre + 1] + flipped, 1, Integer::sum);
        }
        // 9 · 9 · 2 cases, 100 expected in each, standard deviation 10: five of them.
        assertThat(seen).hasSize(162);
        assertThat(seen.values()).allSatisfy(count -> assertThat(count).isBetween(50, 150));
    }

    @Test
    void drawsDependOnSeedPurposeRoundAndImage() {
        float[] reference = augmented(1, "train", 3, 0);

        assertThat(augmented(1, "train", 3, 0)).containsExactly(reference);
        // One in 162 draws is the same window by chance, so several are looked at together.
        assertThat(many(2, "train", 3)).isNotEqualTo(many(1, "train", 3));
        assertThat(many(1, "development", 3)).isNotEqualTo(many(1, "train", 3));
        assertThat(many(1, "train", 4)).isNotEqualTo(many(1, "train", 3));
    }

    private float[] many(long seed, String purpose, long round) {
        float[] out = new float[3 * ImageSet.VALUES];
        for (int image = 0; image < 3; image++) {
            new Augmentation(seed, purpose).write(images, image, round, out, image * ImageSet.VALUES);
        }
        return out;
    }

    private float[] augmented(long seed, String purpose, long round, int image) {
        float[] out = new float[ImageSet.VALUES];
        new Augmentation(seed, purpose).write(images, image, round, out, 0);
        return out;
    }

    private float pixel(int image, int y, int x, int c) {
        return Normalisation.of(c, images.pixels()[((image * 32 + y) * 32 + x) * 3 + c]);
    }
}
