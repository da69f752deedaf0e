package io.eider.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractDoubleArrayAssert;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/** The numbers in the figures are those of the tables. */
class FiguresTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    @TempDir
    private Path temporary;

    private RunRecords ours;
    private RunRecords plain;

    @BeforeEach
    void write() {
        ours = RunFixture.read(RunFixture.ours(temporary.resolve("ours")));
        plain = RunFixture.read(RunFixture.plain(temporary.resolve("plain")));
    }

    @Test
    void epsilonIsInUnitsThatTicksShowWell() {
        XYChart chart = xy(EpsilonFigure.of(ours, 20, List.of(0, 3)).orElseThrow(), 0);
        assertThat(chart.getYAxisTitle()).isEqualTo("class mean of ε (in 10⁻⁶)");
        assertThat(names(chart)).containsExactly("eider, 400 images", "king eider, 5 images");
        assertXs(chart, 0).containsExactly(1, 2);
        assertYs(chart, 0).containsExactly(new double[] {1, 2}, ROUNDING);
        assertYs(chart, 1).containsExactly(new double[] {-4, -5}, ROUNDING);
    }

    @Test
    void epsilonOfTheLastEpochs() {
        XYChart chart = xy(EpsilonFigure.of(ours, 1, List.of(2)).orElseThrow(), 0);
        assertXs(chart, 0).containsExactly(2);
        assertYs(chart, 0).containsExactly(new double[] {4}, ROUNDING);
    }

    @Test
    void weightsAreCountedInTheLastEpoch() {
        Figure figure = WeightsFigure.of(ours, List.of(0, 1, 3)).orElseThrow();
        assertThat(figure.heading()).contains("ours, epoch 2");
        assertThat(figure.columns()).isEqualTo(2);
        assertThat(xy(figure, 0).getTitle()).isEqualTo("eider: 0.0500 + ε");
        assertThat(xy(figure, 2).getTitle()).isEqualTo("king eider: 4.00 + ε");
        double[] counts = series(xy(figure, 0), 0).getYData();
        assertThat(counts[0]).as("-1e-6").isOne();
        assertThat(counts[counts.length - 2]).as("2e-6").isOne();
        assertThat(series(xy(figure, 0), 0).getXData()).startsWith(new double[] {-1}, ROUNDING);
        assertThat(xy(figure, 0).getXAxisTitle()).isEqualTo("ε (in 10⁻⁶)");
        assertThat(xy(figure, 1).getXAxisTitle()).isEqualTo("ε");
    }

    @Test
    void weightsWithoutEpsilonAreCountedThemselves() {
        RunFixture.write(
                ours.folder(),
                "weights.csv",
                "epoch,image,label,epsilon,weight\n2,0,0,,0.25\n2,1,0,,0.75\n2,2,1,,0.5\n");
        Figure figure = WeightsFigure.of(ours, List.of(0, 1)).orElseThrow();
        assertThat(xy(figure, 0).getTitle()).isEqualTo("eider");
        assertThat(xy(figure, 0).getXAxisTitle()).startsWith("w");
        assertThat(Arrays.stream(series(xy(figure, 0), 0).getYData()).max()).hasValue(1);
    }

    @Test
    void weightsOfAClassThatIsMissing() {
        RunFixture.write(ours.folder(), "weights.csv", "epoch,image,label,epsilon,weight\n2,0,0,1e-6,1\n");
        assertThatThrownBy(() -> WeightsFigure.of(ours, List.of(0, 1)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("weights.csv is damaged: epoch 2 has no image of class 1");
    }

    @Test
    void accuracyOfTheLastLookAtTheTestSetSmallestClassFirst() {
        XYChart chart = xy(AccuracyFigure.of(List.of(ours, plain)).orElseThrow(), 0);
        assertThat(names(chart)).containsExactly("ours, epoch 2", "plain, epoch 2");
        assertXs(chart, 0).containsExactly(5, 20, 100, 400);
        assertYs(chart, 0).containsExactly(30, 50, 70, 90);
        assertXs(chart, 1).as("no accuracy is not a number").containsExactly(20, 100, 400);
        assertYs(chart, 1).containsExactly(30, 60, 95);
    }

    @Test
    void confusionIsInPercentOfTheTrueClass() {
        Figure figure = ConfusionFigure.of(ours).orElseThrow();
        HeatMapChart chart = (HeatMapChart) figure.charts().get(0);
        assertThat(chart.getHeatMapSeries().getXData()).isEqualTo(RunFixture.CLASSES);
        assertThat(List.<Object>copyOf(chart.getHeatMapSeries().getYData()))
                .as("from below")
                .containsExactly("king eider", "swan", "goose", "eider");
        assertThat(List.<Number[]>copyOf(chart.getHeatMapSeries().getHeatData()))
                .contains(new Number[] {0, 3, 90.0}, new Number[] {0, 2, 30.0}, new Number[] {3, 1, 50.0})
                .as("a class without test images")
                .contains(new Number[] {3, 0, 0.0})
                .hasSize(16);
    }

    @Test
    void confusionOfOtherClassesThanItSays() {
        RunFixture.write(ours.folder(), "confusion.csv", "true,eider,goose\neider,1,2\nswan,3,4\n");
        assertThatThrownBy(() -> ConfusionFigure.of(ours))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("confusion.csv is damaged");
    }

    @Test
    void lossesLeaveOutWhatIsNotThere() {
        Figure figure = LossFigure.of(List.of(ours, plain));
        assertThat(figure.charts()).hasSize(3);
        assertYs(xy(figure, 0), 0).containsExactly(2, 1, 0.5);
        assertYs(xy(figure, 1), 0).containsExactly(2, 0.5, 0.125);
        assertXs(xy(figure, 2), 0).containsExactly(0, 2);
        assertYs(xy(figure, 2), 0).containsExactly(60, 40);
        assertYs(xy(figure, 2), 1).containsExactly(60, 55, 50);
        assertThat(LossFigure.of(List.of(plain)).charts())
                .as("weighted or not is the same")
                .hasSize(2);
    }

    @Test
    void saysWhatIsSkipped() {
        Figures figures = Figures.of(List.of(ours, plain), 20, List.of());
        assertThat(figures.drawn())
                .extracting(Figure::name)
                .containsExactly("epsilon-ours", "weights-ours", "accuracy-by-size", "confusion-ours", "losses");
        assertThat(figures.skipped())
                .containsExactly(
                        "epsilon: plain has no conditional weights; stage 2 of --method ours has",
                        "weights: plain has no weights.csv; stage 2 writes it unless --log-weights is none",
                        "confusion: plain has no confusion.csv");
    }

    private static XYChart xy(Figure figure, int index) {
        return (XYChart) figure.charts().get(index);
    }

    private static List<String> names(XYChart chart) {
        return chart.getSeriesCollection().stream().map(XYSeries::getName).toList();
    }

    private static XYSeries series(XYChart chart, int index) {
        return List.copyOf(chart.getSeriesCollection()).get(index);
    }

    private static AbstractDoubleArrayAssert<?> assertXs(XYChart chart, int index) {
        return assertThat(series(chart, index).getXData());
    }

    private static AbstractDoubleArrayAssert<?> assertYs(XYChart chart, int index) {
        return assertThat(series(chart, index).getYData());
    }
}
