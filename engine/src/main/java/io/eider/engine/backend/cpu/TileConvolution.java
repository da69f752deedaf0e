package io.eider.engine.backend.cpu;

import io.eider.engine.backend.planned.Address;
import io.eider.natives.Kernels;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** Convolutions of bf16 on AMX's tiles. */
final class TileConvolution extends OwnConvolutions<ShortPointer> {
    private static final int ROWS = 16;
    private static final int DEPTH = 32;

    /** Tiled filters of so many pairs of channels, and the sums of their gradient, stay cached. */
    private static final long MOST_PAIRS = 128 * 128;

    TileConvolution() {
        super("eider_tile_convolution");
    }

    @Override
    boolean suits(Extents of) {
        return of.width() % 2 == 0
                && of.inputs() * of.outputs() <= MOST_PAIRS
                && (suitsPairs(of) || of.inputs() % DEPTH == 0 && of.outputs() % DEPTH == 0)
                && wellFilled(of.inputs() == ROWS ? of.width() / 2 : of.width())
                && Kernels.eider_tile_convolution_supported() != 0
                && OneDnn.hasAmx();
    }

    /** Two neighbouring pixels of 16 channels are as deep as a tile. */
    private static boolean suitsPairs(Extents of) {
        return of.inputs() == ROWS && of.outputs() == ROWS && of.width() >= 2 * ROWS;
    }

    /** Returns whether rows of images, several side by side where they are narrow, leave little of their tiles empty. */
    private static boolean wellFilled(long width) {
        long abreast = width < ROWS ? ROWS / Math.max(width, 1) : 1;
        long tiles = (width * abreast + ROWS - 1) / ROWS;
        return 4 * width * abreast >= 3 * ROWS * tiles;
    }

    @Override
    boolean suitsGradFilter(Extents of) {
        return of.stride() == 1 && suits(of);
    }

    @Override
    ShortPointer array(long address) {
        return Address.bfloats(address);
    }

    @Override
    long workspace(Extents of) {
        return Kernels.eider_tile_convolution_workspace(
                Kernels.eider_threads(), of.height(), of.width(), of.inputs(), of.outputs());
    }

    @Override
    int forward(Extents of, ShortPointer x, ShortPointer w, ShortPointer addend, ShortPointer y, Pointer workspace) {
        return Kernels.eider_tile_convolution_bf16(
                of.n(), of.height(), of.width(), of.inputs(), of.outputs(), x, w, addend, y, workspace);
    }

    @Override
    int gradInput(
            Extents of, ShortPointer gy, ShortPointer w, ShortPointer addend, ShortPointer gx, Pointer workspace) {
        return Kernels.eider_tile_convolution_gradient_input_bf16(
                of.n(), of.height(), of.width(), of.inputs(), of.outputs(), gy, w, addend, gx, workspace);
    }

    @Override
    long gradFilterWorkspace(Extents of) {
        return Kernels.eider_tile_convolution_gradient_filter_workspace(
                Kernels.eider_threads(), of.n(), of.height(), of.width(), of.inputs(), of.outputs());
    }

    @Override
    int gradFilter(Extents of, ShortPointer x, ShortPointer gy, FloatPointer gw, Pointer workspace) {
        return Kernels.eider_tile_convolution_gradient_filter_bf16(
                of.n(), of.height(), of.width(), of.inputs(), of.outputs(), x, gy, gw, workspace);
    }
}
