package io.eider.engine.graph;

/**
 * Numbers of type {@link DType#BF16}: the upper half of a 32-bit number, so 8 bits of exponent and 8 significant ones.
 * Numbers are rounded to nearest, ties to even; beyond the largest they become infinite, NaN stays NaN.
 */
public final class BFloat16 {
    private static final int LOWER_HALF = 0x7fff;
    private static final int QUIET = 0x40;

    private BFloat16() {}

    /** Returns the bits of x, rounded. */
    public static short bits(float x) {
        int bits = Float.floatToRawIntBits(x);
        int upper = bits >>> Short.SIZE;
        // Rounding could carry a NaN into infinity or zero.
        return (short) (Float.isNaN(x) ? upper | QUIET : (bits + LOWER_HALF + (upper & 1)) >>> Short.SIZE);
    }

    /** Returns the number with these bits, exactly. */
    public static float value(short bits) {
        return Float.intBitsToFloat(bits << Short.SIZE);
    }

    /** Returns x, rounded; to 32 bits first, since that is what devices compute in. */
    public static double round(double x) {
        return value(bits((float) x));
    }
}
