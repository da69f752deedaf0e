package io.eider.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Every figure that some runs give.
 *
 * @param drawn the figures
 * @param skipped for each that they do not give, a line that says why
 */
public record Figures(List<Figure> drawn, List<String> skipped) {
    /**
     * Draws all figures.
     *
     * @param runs what to draw; each alone in some figures, all together in others
     * @param epochs how many of the last epochs to show ε of
     * @param classes classes to show ε and weights of; empty for four of them
     * @return the figures
     * @throws io.eider.experiments.UserError if a table is damaged, or there is no such class
     */
    public static Figures of(List<RunRecords> runs, int epochs, List<Integer> classes) {
        Figures figures = new Figures(new ArrayList<>(), new ArrayList<>());
        figures.addEach(
                runs,
                run -> EpsilonFigure.of(run, epochs, ClassChoice.of(classes, run)),
                "epsilon: %s has no conditional weights; stage 2 of --method ours has");
        figures.addEach(
                runs,
                run -> WeightsFigure.of(run, ClassChoice.of(classes, run)),
                "weights: %s has no weights.csv; stage 2 writes it unless --log-weights is none");
        figures.add(AccuracyFigure.of(runs), "accuracy-by-size: no run has been tried on the test set yet");
        figures.addEach(runs, ConfusionFigure::of, "confusion: %s has no confusion.csv");
        figures.drawn.add(LossFigure.of(runs));
        return figures;
    }

    private void addEach(List<RunRecords> runs, Function<RunRecords, Optional<Figure>> drawing, String reason) {
        for (RunRecords run : runs) {
            Optional<Figure> figure = drawing.apply(run);
            add(runs.size() == 1 ? figure : figure.map(one -> one.ofRun(run)), String.format(reason, run.name()));
        }
    }

    private void add(Optional<Figure> figure, String reason) {
        figure.ifPresentOrElse(drawn::add, () -> skipped.add(reason));
    }
}
