package io.eider.experiments.table;

import io.eider.experiments.train.EpochMetrics;
import io.eider.experiments.train.Work;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Guesses when a table is done, from the work that is left and the seconds an image took so far in each kind of step. A kind
 * that was not met yet is guessed from the others: a look-ahead takes 3.4 times a plain step, a test a third of it.
 */
final class TimeLeft {
    private static final double LOOK_AHEAD = 3.4;
    private static final double TEST = 1.0 / 3;

    private final Map<Cell, Work> left = new HashMap<>();
    private final Pace plain = new Pace();
    private final Pace lookAhead = new Pace();
    private final Pace test = new Pace();
    private double all;

    /** Seconds and images so far. */
    private static final class Pace {
        private double seconds;
        private long images;

        void add(double moreSeconds, long moreImages) {
            seconds += moreSeconds;
            images += moreImages;
        }

        double secondsPerImage(double guess) {
            return images == 0 ? guess : seconds / images;
        }
    }

    /** What is left of a cell, before the first begins. */
    void expect(Cell cell, Work work) {
        left.put(cell, work);
        all += plainImages(work);
    }

    /** An epoch was trained; {@code work} is left after it. */
    void epoch(Cell cell, EpochMetrics metrics, boolean looksAhead, long testImages, Work work) {
        left.put(cell, work);
        (looksAhead ? lookAhead : plain).add(metrics.trainSeconds(), metrics.images());
        if (metrics.test().isPresent()) {
            test.add(metrics.testSeconds(), testImages);
        }
    }

    /** A cell has ended, well or not. */
    void end(Cell cell) {
        left.put(cell, Work.NONE);
    }

    /** The share of the work that is done. */
    double share() {
        return all == 0 ? 1 : 1 - plainImages(work()) / all;
    }

    /** Until the end, with so many cells at a time; nothing before the first epoch. */
    Optional<Duration> at(int jobs) {
        if (plain.images == 0 && lookAhead.images == 0) {
            return Optional.empty();
        }
        double unit = plain.secondsPerImage(lookAhead.secondsPerImage(0) / LOOK_AHEAD);
        Work work = work();
        double seconds = work.plain() * unit
                + work.lookAhead() * lookAhead.secondsPerImage(unit * LOOK_AHEAD)
                + work.test() * test.secondsPerImage(unit * TEST);
        return Optional.of(Duration.ofSeconds(Math.round(seconds / jobs)));
    }

    private Work work() {
        return left.values().stream().reduce(Work.NONE, Work::plus);
    }

    private static double plainImages(Work work) {
        return work.plain() + LOOK_AHEAD * work.lookAhead() + TEST * work.test();
    }
}
