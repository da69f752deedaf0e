package io.eider.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.op.OpCase.Tolerance;
import io.eider.engine.op.primitive.Add;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table itself: a tolerance so wide that a test cannot fail is a defect of the table. */
class OpCasesTest {
    private static final double WIDEST = 1e-2;

    @Test
    void noToleranceIsTooWideToFail() {
        assertThat(tooWide(OpCases.all())).isEmpty();
    }

    @Test
    void aToleranceThatIsTooWideIsFound() {
        OpCase wide = OpCase.op(new Add()).tolerance(1e5, 1, "would pass anything");
        assertThat(tooWide(List.of(wide))).containsExactly(wide);
    }

    @Test
    void everyToleranceHasAReason() {
        assertThat(OpCases.all())
                .allSatisfy(row -> assertThat(row.tolerance().reason()).isNotBlank());
    }

    @Test
    void casesAreToldApartByName() {
        assertThat(OpCases.all()).extracting(OpCase::toString).doesNotHaveDuplicates();
    }

    private static List<OpCase> tooWide(List<OpCase> cases) {
        return cases.stream()
                .filter(row -> !(row.tolerance().of(Tolerance.EPS32) <= WIDEST))
                .toList();
    }
}
