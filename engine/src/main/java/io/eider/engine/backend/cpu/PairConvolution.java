package io.eider.engine.backend.cpu;

import io.eider.engine.backend.planned.Address;
import io.eider.natives.Kernels;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** Convolutions of bf16 by vectors' products of pairs. */
final class PairConvolution extends OwnConvolutions<ShortPointer> {
    private static final int LANES = 16;

    /** Of a convolution; with more channels oneDNN's are as fast. */
    private static final int MOST_CHANNELS = 16;

    /** Of a filter gradient, whose sums of so many pairs of channels leave chunks for more than a few threads. */
    private static final long MOST_PAIRS = 64 * 64;

    /** Of an image: a thread copies whole ones, some of them three times. */
    private static final long MOST_NUMBERS = 1 << 18;

    PairConvolution() {
        super("eider_pair_convolution");
    }

    @Override
    boolean suits(Extents of) {
        return isPossible(of)
                && of.inputs() <= MOST_CHANNELS
                && of.outputs() <= MOST_CHANNELS
                && of.width() % LANES == 0;
    }

    @Override
    boolean suitsGradFilter(Extents of) {
        return isPossible(of) && of.stride() <= 2 && of.columns() % 2 == 0 && of.inputs() * of.outputs() <= MOST_PAIRS;
    }

    private static boolean isPossible(Extents of) {
        return of.inputs() % LANES == 0
                && of.outputs() % LANES == 0
                && of.height() > 0
                && of.width() > 0
                && of.height() * of.width() * Math.max(of.inputs(), of.outputs()) <= MOST_NUMBERS
                && OneDnn.hasFastBFloat16();
    }

    @Override
    ShortPointer array(long address) {
        return Address.bfloats(address);
    }

    @Override
    long workspace(Extents of) {
        return Kernels.eider_pair_convolution_workspace(
                Kernels.eider_threads(), of.height(), of.width(), of.inputs(), of.outputs());
    }

    @Override
    int forward(Extents of, ShortPointer x, ShortPointer w, ShortPointer addend, ShortPointer y, Pointer workspace) {
        return Kernels.eider_pair_convolution_bf16(
                of.n(), of.height(), of.width(), of.inputs(), of.outputs(), x, w, addend, y, workspace);
    }

    @Override
    int gradInput(
            Extents of, ShortPointer gy, ShortPointer w, ShortPointer addend, ShortPointer gx, Pointer workspace) {
        return Kernels.eider_pair_convolution_gradient_input_bf16(
                of.n(), of.height(), of.width(), of.inputs(), of.outputs(), gy, w, addend, gx, workspace);
    }

    @Override
    long gradFilterWorkspace(Extents of) {
        return Kernels.eider_pair_convolution_gradient_filter_workspace(
                Kernels.eider_threads(), of.n(), of.height(), of.width(), of.inputs(), of.outputs(), of.stride());
    }

    @Override
    int gradFilter(Extents of, ShortPointer x, ShortPointer gy, FloatPointer gw, Pointer workspace) {
        return Kernels.eider_pair_convolution_gradient_filter_bf16(
                of.n(), of.height(), of.width(), of.inputs(), of.outputs(), of.stride(), x, gy, gw, workspace);
    }
}
