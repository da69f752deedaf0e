package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.Cleanup;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.fused.ConvolutionPlus;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Conv2dGradFilter;
import io.eider.engine.op.primitive.Conv2dGradInput;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Convolution, its two adjoints, and their sums with a tensor, by cuDNN on NHWC images of f32 or bf16. A sum costs nothing
 * where it may lie on its addend: cuDNN adds to what is there.
 */
final class CudaConvolutions {
    private CudaConvolutions() {}

    static List<Kernel> all(CudaContext context) {
        return Stream.of(Conv2d.class, Conv2dGradInput.class, Conv2dGradFilter.class, ConvolutionPlus.class)
                .<Kernel>map(op -> new ConvolutionKernel(context, op))
                .toList();
    }

    private record ConvolutionKernel(CudaContext context, Class<? extends Op> op) implements Kernel {
        @Override
        public Set<DType> dtypes() {
            return Set.of(DType.F32, DType.BF16);
        }

        @Override
        public boolean supports(Node node) {
            return op != ConvolutionPlus.class || !isEmpty(node);
        }

        @Override
        public Prepared prepare(Node node) {
            if (isEmpty(node)) {
                return new CudaFill(context).filled(node.type(0), 0);
            }
            Op op = node.op() instanceof ConvolutionPlus plus ? plus.convolution() : node.op();
            if (node.input(0).dtype() == DType.F32) {
                return new Convolution(context, node, op, context.factorsOfF32());
            }
            return op instanceof Conv2dGradFilter
                    ? new WidenedFactors(context, node, new Convolution(context, node, op, Factors.TF32))
                    : new Convolution(context, node, op, Factors.BF16);
        }

        private static boolean isEmpty(Node node) {
            return node.inputs().stream().anyMatch(input -> input.shape().size() == 0);
        }
    }

    private static final class Convolution implements Kernel.Prepared {
        private static final int ADDEND = 2;

        private final CudaContext context;
        private final Direction direction;
        private final ConvolutionDescriptors descriptors;
        private final int algorithm;
        private final Direction.Operands operands = new Direction.Operands();
        private final FloatPointer alpha = new FloatPointer(1f);
        private final FloatPointer beta;
        private final long resultBytes;
        private long addend;
        private long result;

        private Convolution(CudaContext context, Node node, Op op, Factors factors) {
            this.context = context;
            Shape first = node.input(0).shape();
            Shape second = node.input(1).shape();
            Shape result = node.type(0).shape();
            ConvolutionShape shape;
            if (op instanceof Conv2d forward) {
                direction = Direction.FORWARD;
                shape = new ConvolutionShape(first, second, result, forward.stride(), forward.padding(), factors);
            } else if (op instanceof Conv2dGradInput back) {
                direction = Direction.GRAD_INPUT;
                shape = new ConvolutionShape(result, second, first, back.stride(), back.padding(), factors);
            } else if (op instanceof Conv2dGradFilter back) {
                direction = Direction.GRAD_FILTER;
                shape = new ConvolutionShape(first, result, second, back.stride(), back.padding(), factors);
            } else {
                throw new IllegalStateException("no convolution: " + op);
            }
            descriptors = new ConvolutionDescriptors(shape);
            beta = new FloatPointer(node.inputs().size() > ADDEND ? 1f : 0f);
            operands.alpha = alpha;
            operands.beta = beta;
            resultBytes = node.type(0).bytes();
            try {
                Algorithms.Choice choice = context.algorithms().of(direction, descriptors);
                algorithm = choice.algorithm();
                operands.bytes = choice.workspaceBytes();
            } catch (RuntimeException | Error e) {
                Cleanup cleanup = new Cleanup();
                cleanup.add(this::close);
                cleanup.after(e);
                throw e;
            }
        }

        @Override
        public String implementation() {
            return direction.function() + " of " + descriptors.shape().factors() + ", algorithm " + algorithm;
        }

        @Override
        public long workspaceBytes() {
            return operands.bytes;
        }

        @Override
        public boolean inPlace(int input, int output) {
            return input == ADDEND;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            operands.first = Address.of(inputs[0]);
            operands.second = Address.of(inputs[1]);
            operands.result = Address.of(outputs[0]);
            operands.workspace = Address.of(workspace);
            result = outputs[0];
            addend = inputs.length > ADDEND ? inputs[ADDEND] : result;
        }

        @Override
        public void run() {
            if (addend != result) {
                context.copy(result, addend, resultBytes, cudart.cudaMemcpyDeviceToDevice);
            }
            int status = direction.run(context.dnn(), descriptors, algorithm, operands);
            context.algorithms().check(direction, algorithm, status);
        }

        @Override
        public void close() {
            alpha.close();
            beta.close();
            descriptors.close();
        }
    }
}
