package io.eider.experiments.train;

/** How the images of a batch come into a graph. */
public enum ImageForm {
    /** Bytes with their draws, which the device crops, flips and normalises: a data set's. */
    PIXELS,
    /** Numbers, normalised before: those of a golden file, or what another library is given too. */
    NUMBERS
}
