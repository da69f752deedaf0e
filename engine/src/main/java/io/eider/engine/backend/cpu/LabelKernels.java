package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.fused.CrossEntropyGradient;
import io.eider.engine.op.fused.CrossEntropyTangent;
import io.eider.engine.op.primitive.Pick;
import io.eider.engine.op.primitive.Place;
import io.eider.natives.Kernels;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;

/** The ops that read labels: the loss family, pick and place. A bad example stops the run with its index. */
final class LabelKernels {
    private interface Call {
        long of(long n, long classes, FloatPointer first, IntPointer labels, FloatPointer y);
    }

    private interface WeightedCall {
        long of(long n, long classes, FloatPointer logits, IntPointer labels, FloatPointer third, FloatPointer y);
    }

    private LabelKernels() {}

    static List<Kernel> all() {
        return List.of(
                new Plain(Pick.class, "eider_pick", Kernels::eider_pick_f32),
                new Plain(Place.class, "eider_place", Kernels::eider_place_f32),
                new Plain(CrossEntropy.class, "eider_cross_entropy", Kernels::eider_cross_entropy_f32),
                new Weighted(
                        CrossEntropyGradient.class,
                        "eider_cross_entropy_gradient",
                        Kernels::eider_cross_entropy_gradient_f32),
                new Weighted(
                        CrossEntropyTangent.class,
                        "eider_cross_entropy_tangent",
                        Kernels::eider_cross_entropy_tangent_f32));
    }

    /** Ops of a tensor and labels. */
    private record Plain(Class<? extends Op> op, String name, Call call) implements Kernel {
        @Override
        public Prepared prepare(Node node) {
            return new PreparedPlain(name, call, node);
        }
    }

    /** Ops of logits, labels and one tensor more. */
    private record Weighted(Class<? extends Op> op, String name, WeightedCall call) implements Kernel {
        @Override
        public Prepared prepare(Node node) {
            return new PreparedWeighted(name, call, node);
        }
    }

    /** The matrix (n, C) among a node's tensors; for place it is the output. */
    private static Shape matrix(Node node) {
        return node.op() instanceof Place ? node.type(0).shape() : node.input(0).shape();
    }

    private static final class PreparedPlain extends OwnKernel {
        private final Call call;
        private final String op;
        private final int n;
        private final int classes;
        private FloatPointer first;
        private IntPointer labels;
        private FloatPointer y;

        private PreparedPlain(String name, Call call, Node node) {
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

    private static final class PreparedWeighted extends OwnKernel {
        private final WeightedCall call;
        private final String op;
        private final int n;
        private final int classes;
        private FloatPointer logits;
        private IntPointer labels;
        private FloatPointer third;
        private FloatPointer y;

        private PreparedWeighted(String name, WeightedCall call, Node node) {
            super(name);
            this.call = call;
            this.op = node.op().name();
            this.n = matrix(node).dim(0);
            this.classes = matrix(node).dim(1);
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            logits = Address.floats(inputs[0]);
            labels = Address.ints(inputs[1]);
            third = Address.floats(inputs[2]);
            y = Address.floats(outputs[0]);
        }

        @Override
        public void run() {
            examples(op, classes, call.of(n, classes, logits, labels, third, y));
        }
    }
}
