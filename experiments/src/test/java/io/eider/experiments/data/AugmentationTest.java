package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AugmentationTest {
    private static final int IMAGES = 3;

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
    void windowsAndFlipsAreEquallyLikely() {
        Augmentation augmentation = new Augmentation(5, "test");
        int[] draws = new int[Augmentation.DRAWS];
        Map<List<Integer>, Integer> seen = new HashMap<>();
        int rounds = 16_200;
        for (int round = 0; round < rounds; round++) {
            augmentation.draw(1, 0, round, draws, 0);
            seen.merge(Arrays.stream(draws).boxed().collect(Collectors.toList()), 1, Integer::sum);
        }
        assertThat(seen.keySet()).allSatisfy(draw -> {
            assertThat(draw.get(0)).isBetween(0, 8);
            assertThat(draw.get(1)).isBetween(0, 8);
            assertThat(draw.get(2)).isBetween(0, 1);
        });
        // 9 · 9 · 2 cases, 100 expected in each, standard deviation 10: five of them.
        assertThat(seen).hasSize(162);
        assertThat(seen.values()).allSatisfy(count -> assertThat(count).isBetween(50, 150));
    }

    /** Published results hang on them. */
    @Test
    void drawsAreThoseThatTheyAlwaysWere() {
        assertThat(many(1, "train augmentation", 3)).containsExactly(8, 2, 0, 6, 3, 1, 5, 0, 1);
    }

    @Test
    void drawsDependOnSeedPurposeRoundAndImage() {
        int[] reference = many(1, "train", 3);

        assertThat(many(1, "train", 3)).containsExactly(reference);
        // One in 162 draws is the same by chance, so several are looked at together.
        assertThat(many(2, "train", 3)).isNotEqualTo(reference);
        assertThat(many(1, "development", 3)).isNotEqualTo(reference);
        assertThat(many(1, "train", 4)).isNotEqualTo(reference);
        assertThat(Arrays.copyOfRange(reference, 3, 6)).isNotEqualTo(Arrays.copyOf(reference, 3));
    }

    private static int[] many(long seed, String purpose, long round) {
        int[] out = new int[IMAGES * Augmentation.DRAWS];
        for (int image = 0; image < IMAGES; image++) {
            new Augmentation(seed, purpose).draw(IMAGES, image, round, out, image * Augmentation.DRAWS);
        }
        return out;
    }
}
