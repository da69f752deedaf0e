package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.primitive.Pick;
import io.eider.engine.op.primitive.Place;
import io.eider.natives.Kernels;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;

/** One column per row: pick and place. A label outside the classes stops the run with its index. */
final class LabelKernels {
    private interface Call {
        long of(long n, long classes, FloatPointer first, IntPointer labels, FloatPointer y);
    }

    private LabelKernels() {}

    static List<Kernel> all() {
        return List.of(
                new Labelled(Pick.class, "eider_pick", Kernels::eider_pick_f32),
                new Labelled(Place.class, "eider_place", Kernels::eider_place_f32));
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

    private static final class PreparedLabelled extends OwnKernel {
        private final Call call;
        private final String op;
        private final int n;
        private final int classes;
        private FloatPointer first;
        private IntPointer labels;
        private FloatPointer y;

        private PreparedLabelled(String name, Call call, Node node) {
            super(name);
            this.call = call;
            this.op = node.op().name();
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
        public void run() {
            examples(op, classes, call.of(n, classes, first, labels, y));
        }
    }
}
