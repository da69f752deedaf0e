package io.eider.engine.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Evaluator;
import io.eider.engine.op.Snippets;
import io.eider.engine.op.primitive.Input;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code in the package's documentation is this code, so it compiles and its comments are true. */
class TutorialTest {
    @Test
    void theDerivativesAreWhatTheCommentsSay() {
        Tensor one = Input.input("one", TensorType.f32());
        // begin tutorial
        Tensor x = Input.input("x", TensorType.f32());
        Tensor y = x.times(x).times(x); // x³
        Tensor first = Autodiff.gradients(y, List.of(x)).get(0); // 3x² (a graph)
        Tensor second = Autodiff.gradients(first, List.of(x)).get(0); // 6x (reverse over reverse)
        Tensor mixed = Autodiff.jvp(first, List.of(x), List.of(one)); // 6x (forward over reverse)
        // end tutorial
        Evaluator evaluator = new Evaluator(Map.of(x, new double[] {5}, one, new double[] {1}));
        assertThat(evaluator.value(y)).containsExactly(125);
        assertThat(evaluator.value(first)).containsExactly(75);
        assertThat(evaluator.value(second)).containsExactly(30);
        assertThat(evaluator.value(mixed)).containsExactly(30);
    }

    @Test
    void theDocumentationShowsThisCode() throws IOException {
        String documented = Snippets.documented(Path.of("src/main/java/io/eider/engine/autodiff/package-info.java"));
        String compiled =
                Snippets.region(Path.of("src/test/java/io/eider/engine/autodiff/TutorialTest.java"), "tutorial");
        assertThat(Snippets.singleSpaced(documented)).isEqualTo(Snippets.singleSpaced(compiled));
    }
}
