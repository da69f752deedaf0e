package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.NothingToDo;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Conv2dGradFilter;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.program.MemoryPlan;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A convolution of bf16, or one of its adjoints, by the kernel of f32: the numbers are those of sums in f32 over bf16. Images
 * are widened and results rounded a block at a time, so that copies stay in the cache; the filter gradients of blocks add
 * up, in order. Scratch memory: the copies of one block and of the filters, then the kernel's own.
 */
final class Widened implements Kernel.Prepared {
    /** What a block's images, in and out, may take: the second-level cache of a processor or two. */
    private static final long CACHED_BYTES = 2 << 20;

    private final int blocks;
    private final boolean ofFilters;
    private final Kernel.Prepared kernel;
    /** Bytes of one block of each tensor, inputs first; where its copy lies. */
    private final long[] bytes = new long[3];

    private final long[] copies = new long[3];
    private final long copiedBytes;
    /** Makes the copy of the filters, or zeros of their gradient. */
    private final Kernel.Prepared once;
    /** What is done for each tensor in each block: an input is widened, a result is rounded or added. */
    private final Kernel.Prepared[][] steps = new Kernel.Prepared[3][];

    /** Prepares the kernel for blocks of the node's images in f32; none of the tensors is empty. */
    Widened(Node node, Kernel kernel) {
        ofFilters = node.op() instanceof Conv2dGradFilter;
        Tensor images = node.input(0);
        Tensor others = ofFilters ? node.input(1) : node.output(0);
        int batch = images.shape().dim(0);
        int part = imagesAtATime(batch, images.shape().size() + others.shape().size());
        blocks = batch / part;
        TensorType in = block(images, part);
        TensorType second = ofFilters ? block(others, part) : node.input(1).type();
        Node block = new Node(node.op(), List.of(widened(in), widened(second)));
        TensorType result = ofFilters ? block.type(0) : block(others, part);
        this.kernel = kernel.prepare(block);
        copiedBytes = layOut(in, second, result);
        steps[0] = each(i -> widening(in));
        steps[1] = each(i -> ofFilters ? widening(second) : NothingToDo.INSTANCE);
        long size = result.shape().size();
        steps[2] = each(i -> ofFilters ? ElementwiseKernels.add(size) : CpuKernels.CAST.cast(size, DType.BF16));
        once = ofFilters ? CpuKernels.FILL.filled(result, 0) : widening(second);
    }

    /** The largest part of a batch that fits the cache; the whole batch where none comes near that. */
    private static int imagesAtATime(int batch, long floats) {
        long cached = Math.max(1, CACHED_BYTES * batch / (floats * Float.BYTES));
        for (int part = (int) Math.min(cached, batch); part * 4L >= cached && part > 0; part--) {
            if (batch % part == 0) {
                return part;
            }
        }
        return batch;
    }

    private static TensorType block(Tensor images, int count) {
        int[] dims = images.shape().dims();
        dims[0] = count;
        return images.type().withShape(Shape.of(dims));
    }

    private static Tensor widened(TensorType type) {
        return Input.input("", type.withDType(DType.F32));
    }

    private static Kernel.Prepared widening(TensorType type) {
        return CpuKernels.CAST.cast(type.shape().size(), DType.F32);
    }

    private Kernel.Prepared[] each(IntFunction<Kernel.Prepared> step) {
        return IntStream.range(0, blocks).mapToObj(step).toArray(Kernel.Prepared[]::new);
    }

    private long layOut(TensorType... types) {
        long end = 0;
        for (int i = 0; i < types.length; i++) {
            bytes[i] = types[i].bytes();
            copies[i] = end;
            long copy = types[i].withDType(DType.F32).bytes();
            end += (copy + MemoryPlan.ALIGNMENT - 1) / MemoryPlan.ALIGNMENT * MemoryPlan.ALIGNMENT;
        }
        return end;
    }

    @Override
    public String implementation() {
        return kernel.implementation() + ", widened";
    }

    @Override
    public long workspaceBytes() {
        return copiedBytes + kernel.workspaceBytes();
    }

    @Override
    public void bind(long[] inputs, long[] outputs, long workspace) {
        long in = workspace + copies[0];
        long second = workspace + copies[1];
        long result = workspace + copies[2];
        kernel.bind(new long[] {in, second}, new long[] {result}, workspace + copiedBytes);
        once.bind(new long[] {inputs[1]}, new long[] {ofFilters ? outputs[0] : second}, 0);
        for (int i = 0; i < blocks; i++) {
            steps[0][i].bind(new long[] {inputs[0] + i * bytes[0]}, new long[] {in}, 0);
            steps[1][i].bind(new long[] {inputs[1] + i * bytes[1]}, new long[] {second}, 0);
            if (ofFilters) {
                steps[2][i].bind(new long[] {outputs[0], result}, outputs, 0);
            } else {
                steps[2][i].bind(new long[] {result}, new long[] {outputs[0] + i * bytes[2]}, 0);
            }
        }
    }

    @Override
    public void run() {
        once.run();
        for (int i = 0; i < blocks; i++) {
            steps[0][i].run();
            steps[1][i].run();
            kernel.run();
            steps[2][i].run();
        }
    }

    @Override
    public void close() {
        kernel.close();
    }
}
