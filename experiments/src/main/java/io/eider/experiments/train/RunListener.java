package io.eider.experiments.train;

/** Hears how a run goes. Called on the thread that trains. */
public interface RunListener {
    /**
     * Training begins, goes on, or enters a stage.
     *
     * @param epoch the epoch it begins with, from 0
     * @param step the step of it
     * @param epochs epochs in all
     * @param stepsPerEpoch steps in each
     */
    default void started(int epoch, int step, int epochs, int stepsPerEpoch) {}

    /**
     * A step was run. Called often: must not allocate much.
     *
     * @param epoch from 0
     * @param step within the epoch, from 0
     * @param loss the loss that was descended
     */
    default void stepDone(int epoch, int step, double loss) {}

    /**
     * An epoch is finished and saved.
     *
     * @param metrics of the epoch
     */
    default void epochDone(EpochMetrics metrics) {}
}
