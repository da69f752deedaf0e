package io.eider.engine.backend.cpu;

import io.eider.engine.backend.planned.Address;
import io.eider.natives.Kernels;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Convolutions of f32 by Winograd's algorithm, which needs 4/9 of the multiplications of a direct one. */
final class Winograd extends OwnConvolutions<FloatPointer> {
    private static final int LANES = 16;

    /** Transformed filters of so many pairs of channels, 1 MiB, leave half of a core's second-level cache to images. */
    private static final long MOST_PAIRS = 128 * 128;

    Winograd() {
        super("eider_winograd");
    }

    @Override
    boolean suits(Extents of) {
        return of.outputs() % LANES == 0
                && of.inputs() % LANES == 0
                && of.outputs() * of.inputs() <= MOST_PAIRS
                && Kernels.eider_winograd_supported() != 0
                && OneDnn.hasAvx512();
    }

    /** With 16 channels on both sides oneDNN's direct one is faster (1.8 against 2.1 ms at 100×32×32). */
    @Override
    boolean suitsGradFilter(Extents of) {
        return of.stride() == 1 && suits(of) && of.outputs() * of.inputs() > LANES * LANES;
    }

    @Override
    FloatPointer array(long address) {
        return Address.floats(address);
    }

    @Override
    long workspace(Extents of) {
        return Kernels.eider_winograd_workspace(Kernels.eider_threads(), of.inputs(), of.outputs());
    }

    @Override
    int forward(Extents of, FloatPointer x, FloatPointer w, FloatPointer addend, FloatPointer y, Pointer workspace) {
        return Kernels.eider_winograd_f32(
                of.n(), of.height(), of.width(), of.inputs(), of.outputs(), x, w, addend, y, workspace);
    }

    @Override
    int gradInput(
            Extents of, FloatPointer gy, FloatPointer w, FloatPointer addend, FloatPointer gx, Pointer workspace) {
        return Kernels.eider_winograd_gradient_input_f32(
                of.n(), of.height(), of.width(), of.inputs(), of.outputs(), gy, w, addend, gx, workspace);
    }

    @Override
    long gradFilterWorkspace(Extents of) {
        return Kernels.eider_winograd_gradient_filter_workspace(
                Kernels.eider_threads(), of.n(), of.height(), of.width(), of.inputs(), of.outputs());
    }

    @Override
    int gradFilter(Extents of, FloatPointer x, FloatPointer gy, FloatPointer gw, Pointer workspace) {
        return Kernels.eider_winograd_gradient_filter_f32(
                of.n(), of.height(), of.width(), of.inputs(), of.outputs(), x, gy, gw, workspace);
    }
}
