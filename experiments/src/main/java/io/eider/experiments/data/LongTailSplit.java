package io.eider.experiments.data;

import io.eider.experiments.UserError;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * A long-tailed choice of training images, with or without a balanced development set: a pure function of (labels, number of
 * classes, imbalance factor, seed, protocol).
 *
 * <p>Class c of C keeps {@code n_c = ⌊n_max · μ^(c/(C−1))⌋} images, μ = 1/(imbalance factor), computed in f64, so class 0 is the
 * head and class C − 1 the tail. Within a class the images are shuffled; under {@link Protocol#DEVELOPMENT} the first 10 go
 * to the development set, then the next n_c are kept. {@code n_max} is the number of images per class that remain (⌊remaining
 * / C⌋): CIFAR-10 4990 or 5000, CIFAR-100 490 or 500.
 *
 * <p>The shuffle does not depend on the imbalance factor: with one seed, all factors share one development set, and a
 * more imbalanced training set is a subset of a less imbalanced one. Index lists are in ascending order.
 *
 * <p>Source: Jamal et al., CVPR 2020 (development protocol); Cui et al., CVPR 2019 (full protocol and profile).
 */
public final class LongTailSplit {
    /** Development images taken from every class under {@link Protocol#DEVELOPMENT}. */
    public static final int DEVELOPMENT_PER_CLASS = 10;

    /** What happens before the long-tail profile is applied. */
    public enum Protocol {
        /** First 10 images per class become the balanced development set, disjoint from training. */
        DEVELOPMENT,
        /** No development set; all images may be trained on. */
        FULL;

        /**
         * The name in manifests and on the command line.
         *
         * @return {@code development} or {@code full}
         */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Protocol protocol;
    private final double imbalance;
    private final long seed;
    private final String labelsSha256;
    private final int[] counts;
    private final int[] train;
    private final int[] development;

    LongTailSplit(
            Protocol protocol,
            double imbalance,
            long seed,
            String labelsSha256,
            int[] counts,
            int[] train,
            int[] development) {
        this.protocol = protocol;
        this.imbalance = imbalance;
        this.seed = seed;
        this.labelsSha256 = labelsSha256;
        this.counts = counts;
        this.train = train;
        this.development = development;
    }

    /**
     * Draws the split.
     *
     * @param labels class indices of all training images, shape (N), each in [0, classes)
     * @param classes number of classes C, at least 2
     * @param imbalance imbalance factor n_max/n_min, at least 1 (200 … 1 in the paper)
     * @param seed decides which images are kept
     * @param protocol with or without development set
     * @return the split
     * @throws UserError if the imbalance factor is below 1 or not finite, or leaves a class without images, or a class has
     *     too few images
     */
    public static LongTailSplit of(int[] labels, int classes, double imbalance, long seed, Protocol protocol) {
        int reserved = protocol == Protocol.DEVELOPMENT ? DEVELOPMENT_PER_CLASS : 0;
        int[][] byClass = imagesByClass(labels, classes);
        int[] counts = profile(labels.length / classes - reserved, imbalance, classes);
        int[] train = new int[Arrays.stream(counts).sum()];
        int[] development = new int[reserved * classes];
        CounterRandom random = CounterRandom.of(seed, "long-tailed split");
        int kept = 0;
        for (int c = 0; c < classes; c++) {
            int[] images = byClass[c];
            if (images.length < reserved + counts[c]) {
                throw new UserError("class " + c + " has " + images.length + " images, but the split needs " + reserved
                        + " for development and " + counts[c] + " for training; use a balanced data set");
            }
            random.shuffle(images, (long) c << 32);
            System.arraycopy(images, 0, development, c * reserved, reserved);
            System.arraycopy(images, reserved, train, kept, counts[c]);
            kept += counts[c];
        }
        Arrays.sort(train);
        Arrays.sort(development);
        return new LongTailSplit(protocol, imbalance, seed, sha256OfLabels(labels), counts, train, development);
    }

    /**
     * The long-tail profile {@code n_c = ⌊n_max · (1/imbalance)^(c/(C−1))⌋}, computed in f64.
     *
     * @param largest n_max, the count of class 0, at least 1
     * @param imbalance imbalance factor n_max/n_min, at least 1
     * @param classes number of classes C, at least 2
     * @return training counts, shape (C), not increasing
     * @throws UserError if an argument is out of range or the last class would be empty
     */
    public static int[] profile(int largest, double imbalance, int classes) {
        if (!(imbalance >= 1) || Double.isInfinite(imbalance)) {
            throw new UserError("imbalance factor " + imbalance
                    + " is not a number of at least 1; it is n_max/n_min, such as 100, not its inverse");
        }
        if (classes < 2 || largest < 1) {
            throw new UserError("a long-tailed split needs at least 2 classes and 1 training image per class, not "
                    + classes + " classes and " + largest + " images");
        }
        double mu = 1 / imbalance;
        int[] counts = new int[classes];
        for (int c = 0; c < classes; c++) {
            // StrictMath: the floor below must not depend on which pow the processor has.
            counts[c] = (int) Math.floor(largest * StrictMath.pow(mu, c / (classes - 1.0)));
        }
        if (counts[classes - 1] == 0) {
            throw new UserError("imbalance factor " + imbalance + " leaves class " + (classes - 1)
                    + " without images; use at most " + largest);
        }
        return counts;
    }

    private static int[][] imagesByClass(int[] labels, int classes) {
        int[] sizes = new int[classes];
        for (int label : labels) {
            sizes[label]++;
        }
        int[][] byClass = new int[classes][];
        for (int c = 0; c < classes; c++) {
            byClass[c] = new int[sizes[c]];
        }
        int[] filled = new int[classes];
        for (int i = 0; i < labels.length; i++) {
            byClass[labels[i]][filled[labels[i]]++] = i;
        }
        return byClass;
    }

    private static String sha256OfLabels(int[] labels) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * labels.length);
        bytes.asIntBuffer().put(labels);
        return Hashes.sha256(bytes.array());
    }

    /**
     * With or without development set.
     *
     * @return the protocol
     */
    public Protocol protocol() {
        return protocol;
    }

    /**
     * The imbalance factor asked for.
     *
     * @return n_max/n_min before rounding down
     */
    public double imbalance() {
        return imbalance;
    }

    /**
     * The seed of the shuffles.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    /**
     * Identifies the data set the indices point into.
     *
     * @return SHA-256 of the labels of all N images as big-endian 32-bit integers, in hexadecimal
     */
    public String labelsSha256() {
        return labelsSha256;
    }

    /**
     * Training images per class.
     *
     * @return n_c, shape (C), a copy
     */
    public int[] counts() {
        return counts.clone();
    }

    /**
     * The training images.
     *
     * @return indices into the N images, ascending, a copy
     */
    public int[] train() {
        return train.clone();
    }

    /**
     * The development images; none under {@link Protocol#FULL}.
     *
     * @return indices into the N images, ascending, a copy
     */
    public int[] development() {
        return development.clone();
    }

    /**
     * SHA-256 of the manifest: two splits have the same sum only if every index and every setting agree.
     *
     * @return 64 hexadecimal digits
     */
    public String sha256() {
        return SplitManifest.sha256(this);
    }

    /**
     * Writes the manifest, atomically.
     *
     * @param file where to
     * @throws UserError if it cannot be written
     */
    public void write(Path file) {
        SplitManifest.write(this, file);
    }

    /**
     * Reads a manifest and checks its sum, and that it belongs to these labels.
     *
     * @param file where from
     * @param labels class indices of all images the manifest points into, shape (N)
     * @return the split
     * @throws UserError if the file cannot be read, was changed, or was made for other labels
     */
    public static LongTailSplit read(Path file, int[] labels) {
        LongTailSplit split = SplitManifest.read(file);
        if (!split.labelsSha256.equals(sha256OfLabels(labels))) {
            throw new UserError(
                    file + " was made for another data set; use the one it was made for or write a new split");
        }
        return split;
    }
}
