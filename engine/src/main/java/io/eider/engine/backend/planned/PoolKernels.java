package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.primitive.MaxPool;
import io.eider.engine.op.primitive.PickInWindow;
import io.eider.engine.op.primitive.PlaceInWindow;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * Max pooling, and what moves its tangents and cotangents, for images of f32 and of bf16.
 *
 * @param prefix what the names of the native functions begin with
 * @param floats the native functions for f32
 * @param bfloats those for bf16
 */
public record PoolKernels(String prefix, Calls<FloatPointer> floats, Calls<ShortPointer> bfloats) {
    /** Makes the last array of the first, with a place in its window for each result. */
    @FunctionalInterface
    public interface Call<P extends Pointer> {
        /** Runs, with the arguments of {@code abi.h}; returns a status. */
        int of(
                long n,
                int height,
                int width,
                int channels,
                int window,
                int stride,
                int padding,
                P from,
                BytePointer place,
                P to);
    }

    /** The native functions for images of one element type. */
    public record Calls<P extends Pointer>(Call<P> max, Call<P> pick, Call<P> place) {}

    /** Returns the kernels. */
    public List<Kernel> all() {
        return List.of(
                new Pooling(MaxPool.class, max(Address::floats, floats.max), max(Address::bfloats, bfloats.max)),
                new Pooling(
                        PickInWindow.class, pick(Address::floats, floats.pick), pick(Address::bfloats, bfloats.pick)),
                new Pooling(
                        PlaceInWindow.class,
                        place(Address::floats, floats.place),
                        place(Address::bfloats, bfloats.place)));
    }

    private record Pooling(Class<? extends Op> op, Map<DType, Function<Node, Prepared>> preparations)
            implements Kernel {
        private Pooling(Class<? extends Op> op, Function<Node, Prepared> floats, Function<Node, Prepared> bfloats) {
            this(op, Map.of(DType.F32, floats, DType.BF16, bfloats));
        }

        @Override
        public Set<DType> dtypes() {
            return Set.of(DType.F32, DType.BF16, DType.U8);
        }

        @Override
        public Prepared prepare(Node node) {
            return preparations.get(node.input(0).dtype()).apply(node);
        }
    }

    private <P extends Pointer> Function<Node, Kernel.Prepared> max(LongFunction<P> pointer, Call<P> call) {
        return node -> {
            MaxPool op = (MaxPool) node.op();
            Geometry geometry = new Geometry(node.input(0).shape(), op.window(), op.stride(), op.padding());
            return new OneCall(
                    prefix + "_max_pool",
                    false,
                    (inputs, outputs) -> geometry.bound(
                            call, pointer.apply(inputs[0]), Address.bytes(outputs[1]), pointer.apply(outputs[0])));
        };
    }

    private <P extends Pointer> Function<Node, Kernel.Prepared> pick(LongFunction<P> pointer, Call<P> call) {
        return node -> {
            PickInWindow op = (PickInWindow) node.op();
            Geometry geometry = new Geometry(node.input(0).shape(), op.window(), op.stride(), op.padding());
            return moved(prefix + "_pick_in_window", geometry, pointer, call);
        };
    }

    private <P extends Pointer> Function<Node, Kernel.Prepared> place(LongFunction<P> pointer, Call<P> call) {
        return node -> {
            PlaceInWindow op = (PlaceInWindow) node.op();
            Geometry geometry = new Geometry(node.type(0).shape(), op.window(), op.stride(), op.padding());
            return moved(prefix + "_place_in_window", geometry, pointer, call);
        };
    }

    private static <P extends Pointer> Kernel.Prepared moved(
            String name, Geometry geometry, LongFunction<P> pointer, Call<P> call) {
        return new OneCall(
                name,
                false,
                (inputs, outputs) -> geometry.bound(
                        call, pointer.apply(inputs[0]), Address.bytes(inputs[1]), pointer.apply(outputs[0])));
    }

    /** The windows of images (N, H, W, C). */
    private record Geometry(Shape images, int window, int stride, int padding) {
        private <P extends Pointer> IntSupplier bound(Call<P> call, P from, BytePointer place, P to) {
            return () -> call.of(
                    images.dim(0),
                    images.dim(1),
                    images.dim(2),
                    images.dim(3),
                    window,
                    stride,
                    padding,
                    from,
                    place,
                    to);
        }
    }
}
