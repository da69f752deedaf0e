package io.eider.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Executable;
import io.eider.engine.backend.reference.ReferenceBackend;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.program.Program;
import java.util.List;
import java.util.Random;

/** Runs a graph on the CPU and on the reference backend, from the same random inputs, and compares the outputs. */
final class Both {
    private Both() {}

    /** Labels are drawn from 0…{@code classes}−1, other inputs from a normal distribution, made positive if asked for. */
    static void agree(Device cpu, double tolerance, int classes, boolean positive, Tensor... outputs) {
        Graph graph = new Graph(List.of(outputs), List.of());
        try (Device reference = new ReferenceBackend().open(1);
                Program expected = Program.compile(reference, List.of(outputs), List.of());
                Executable actual = cpu.load(graph)) {
            fill(graph, classes, positive, expected, actual);
            expected.run();
            actual.run();
            actual.run();
            for (int i = 0; i < outputs.length; i++) {
                double[] wanted = new double[(int) outputs[i].shape().size()];
                double[] got = new double[wanted.length];
                expected.get(outputs[i], wanted);
                actual.output(i).read(got);
                for (int k = 0; k < got.length; k++) {
                    assertThat(got[k])
                            .as("%s, output %d, element %d", outputs[i].node(), i, k)
                            .isCloseTo(wanted[k], within(tolerance * (1 + Math.abs(wanted[k]))));
                }
            }
        }
    }

    private static void fill(Graph graph, int classes, boolean positive, Program expected, Executable actual) {
        Random random = new Random(7);
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Input) {
                Tensor input = node.output(0);
                int size = (int) input.shape().size();
                if (input.dtype() == DType.I32) {
                    int[] labels = random.ints(size, 0, classes).toArray();
                    expected.set(input, labels);
                    actual.input(input).write(labels);
                } else {
                    double[] values = new double[size];
                    for (int i = 0; i < size; i++) {
                        // Rounded as the CPU will round them, so that both compute from the same numbers.
                        float value = (float) random.nextGaussian();
                        values[i] = positive ? Math.abs(value) + 0.125f : value;
                    }
                    expected.set(input, values);
                    actual.input(input).write(values);
                }
            }
        }
    }
}
