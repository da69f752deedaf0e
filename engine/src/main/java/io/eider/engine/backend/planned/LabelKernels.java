package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.primitive.Pick;
import io.eider.engine.op.primitive.Place;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/** One column per row: pick and place. A label outside the classes stops the run with its index. */
public final class LabelKernels {
    /** Moves n rows' elements at the labels' columns between a matrix and a vector. */
    @FunctionalInterface
    public interface Call {
        /** Runs; returns a status or leaves one. */
        long of(long n, long classes, FloatPointer first, IntPointer labels, FloatPointer y, LongPointer statusWord);
    }

    private LabelKernels() {}

    /** Returns the kernels, given their calls. */
    public static List<Kernel> all(String prefix, Call pick, Call place) {
        return List.of(
                new Labelled(Pick.class, prefix + "_pick", pick), new Labelled(Place.class, prefix + "_place", place));
    }

    private record Labelled(Class<? extends Op> op, String name, Call call) implements Kernel {
        @Override
        public Prepared prepare(Node node) {
            return new PreparedLabelled(name, call, node);
        }
    }

    /** The matrix (n, C) among a node's tensors; for place it is the output. */
    private static Shape matrix(Node node) {
        return node.op() instanceof Place ? node.type(0).shape() : node.input(0).shape();
    }

    private static final class PreparedLabelled extends ExampleKernel {
        private final Call call;
        private final int n;
        private final int classes;
        private FloatPointer first;
        private IntPointer labels;
        private FloatPointer y;

        private PreparedLabelled(String name, Call call, Node node) {
            super(name, node.op().name(), badLabel(matrix(node).dim(1)));
            this.call = call;
            this.n = matrix(node).dim(0);
            this.classes = matrix(node).dim(1);
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            first = Address.floats(inputs[0]);
            labels = Address.ints(inputs[1]);
            y = Address.floats(outputs[0]);
        }

        @Override
        protected long call(LongPointer statusWord) {
            return call.of(n, classes, first, labels, y, statusWord);
        }
    }
}
