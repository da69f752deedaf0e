package io.eider.experiments.data;

import java.util.Arrays;
import java.util.List;

/**
 * Ten classes of drawn 32 × 32 images, for trying things out without a download.
 *
 * <p>Class c and class 9 − c are two variants of one figure (a disc and an oval, a square and a diamond …), so in a
 * long-tailed split every tail class has a look-alike in the head. Position, size, angle, colours, a shade across the
 * background and noise are random and say nothing of the class. An image depends only on (seed, train or test, its index);
 * labels go round: image i has class i mod 10.
 */
public final class ProceduralImages {
    private static final List<String> NAMES = List.of(
            "disc", "square", "stripes", "plus", "ring", "crescent", "tee", "slanted stripes", "diamond", "oval");

    /** Draws per image: a handful of parameters, then one per pixel value for noise. */
    private static final int PARAMETERS = 32;

    private static final int DRAWS = PARAMETERS + ImageSet.VALUES;

    /** Standard deviation of the noise, in grey levels. */
    private static final double NOISE = 28;

    /** Least distance between figure and background in their brightest-changing channel, in grey levels. */
    private static final double CONTRAST = 70;

    private final CounterRandom random;

    private ProceduralImages(CounterRandom random) {
        this.random = random;
    }

    /**
     * Draws a balanced training set.
     *
     * @param seed decides every pixel
     * @param perClass images of each of the ten classes
     * @return 10 · perClass images
     */
    public static ImageSet train(long seed, int perClass) {
        return new ProceduralImages(CounterRandom.of(seed, "procedural train")).draw(perClass);
    }

    /**
     * Draws a balanced test set, of other images than any training set.
     *
     * @param seed decides every pixel
     * @param perClass images of each of the ten classes
     * @return 10 · perClass images
     */
    public static ImageSet test(long seed, int perClass) {
        return new ProceduralImages(CounterRandom.of(seed, "procedural test")).draw(perClass);
    }

    private ImageSet draw(int perClass) {
        int[] labels = new int[Math.multiplyExact(perClass, NAMES.size())];
        Arrays.setAll(labels, i -> i % NAMES.size());
        byte[] pixels = new byte[Math.multiplyExact(labels.length, ImageSet.VALUES)];
        for (int i = 0; i < labels.length; i++) {
            draw(labels[i], (long) i * DRAWS, pixels, i * ImageSet.VALUES);
        }
        return new ImageSet(pixels, labels, NAMES);
    }

    private void draw(int label, long counter, byte[] pixels, int at) {
        double centreX = 15.5 + between(counter, -4, 4);
        double centreY = 15.5 + between(counter + 1, -4, 4);
        double radius = between(counter + 2, 7, 11);
        double angle = Math.toRadians(between(counter + 3, -15, 15));
        double phase = between(counter + 4, 0, 1);
        double shade = between(counter + 5, -30, 30);
        double[] background = new double[ImageSet.CHANNELS];
        double[] figure = new double[ImageSet.CHANNELS];
        colours(counter + 6, background, figure);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        for (int y = 0; y < ImageSet.SIDE; y++) {
            for (int x = 0; x < ImageSet.SIDE; x++) {
                double u = ((x - centreX) * cos + (y - centreY) * sin) / radius;
                double v = ((y - centreY) * cos - (x - centreX) * sin) / radius;
                double inside = coverage(distance(label, u, v, phase) * radius);
                for (int c = 0; c < ImageSet.CHANNELS; c++) {
                    int i = (y * ImageSet.SIDE + x) * ImageSet.CHANNELS + c;
                    double ground = background[c] + shade * (x + y - 31) / 31;
                    double noise = NOISE * gaussian(counter + PARAMETERS + i);
                    double value = ground + inside * (figure[c] - ground) + noise;
                    pixels[at + i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
                }
            }
        }
    }

    /** A figure colour that stands out from the background in at least one channel. */
    private void colours(long counter, double[] background, double[] figure) {
        for (int c = 0; c < ImageSet.CHANNELS; c++) {
            background[c] = between(counter + c, 40, 215);
            figure[c] = between(counter + 3 + c, 40, 215);
        }
        int strong = random.below(counter + 6, ImageSet.CHANNELS);
        figure[strong] = background[strong] + (background[strong] < 127.5 ? CONTRAST : -CONTRAST);
    }

    /**
     * Signed distance from the figure's edge in units of its radius, negative inside, at (u, v) in the figure's own frame.
     */
    private static double distance(int label, double u, double v, double phase) {
        return switch (label) {
            case 0 -> Math.hypot(u, v) - 1;
            case 1 -> Math.max(Math.abs(u), Math.abs(v)) - 0.85;
            case 2 -> stripes(v + phase);
            case 3 -> Math.min(box(u, v, 1, 0.3), box(u, v, 0.3, 1));
            case 4 -> Math.abs(Math.hypot(u, v) - 0.75) - 0.25;
            case 5 -> Math.max(Math.abs(Math.hypot(u, v) - 0.75) - 0.25, u - 0.35);
            case 6 -> Math.min(box(u, v + 0.7, 1, 0.3), box(u, v, 0.3, 1));
            case 7 -> stripes(v * 0.82 + u * 0.57 + phase);
            case 8 -> (Math.abs(u) + Math.abs(v) - 1.2) * 0.71;
            default -> (Math.hypot(u, v / 0.62) - 1) * 0.8;
        };
    }

    private static double box(double u, double v, double halfWidth, double halfHeight) {
        return Math.max(Math.abs(u) - halfWidth, Math.abs(v) - halfHeight);
    }

    private static double stripes(double across) {
        double period = 0.8;
        return Math.abs(across - period * Math.rint(across / period)) - period / 4;
    }

    /** How much of a pixel whose centre is so many pixels outside the edge belongs to the figure. */
    private static double coverage(double pixels) {
        return Math.max(0, Math.min(1, 0.5 - pixels));
    }

    private double between(long counter, double low, double high) {
        return low + (high - low) * random.unit(counter);
    }

    /** About normal: the sum of four 16-bit uniforms, scaled to mean 0 and standard deviation 1. */
    private double gaussian(long counter) {
        long bits = random.bits(counter);
        double sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
        return (sum / 65_536 - 2) * 1.7320508075688772;
    }
}
