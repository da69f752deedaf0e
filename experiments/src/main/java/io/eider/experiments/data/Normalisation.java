package io.eider.experiments.data;

import java.util.List;

/** What a byte is normalised by, (byte − mean) / deviation, for red, green and blue: the authors' numbers for both CIFAR sets. */
public final class Normalisation {
    /** Mean of each channel, in units of a byte. */
    public static final List<Double> MEAN = List.of(125.3, 123.0, 113.9);

    /** Standard deviation of each channel, in units of a byte. */
    public static final List<Double> DEVIATION = List.of(63.0, 62.1, 66.7);

    private Normalisation() {}
}
