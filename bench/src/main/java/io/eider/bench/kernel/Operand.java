package io.eider.bench.kernel;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.program.Program;
import io.eider.experiments.UserError;
import java.util.Random;

/**
 * One input of a case: its type and how its numbers are drawn. Written as its extents, {@code 100x32x32x16}, or
 * {@code scalar}; f32 from the standard normal distribution unless {@code :positive} (0.5 to 1.5), {@code :bf16} (rounded),
 * {@code :labelsC} (i32 from 0 to C − 1) or {@code :bytes} (u8) follows.
 *
 * @param text as written
 * @param type element type and shape
 * @param classes labels are below it; 0 for floating numbers
 * @param positive whether floating numbers are positive
 */
record Operand(String text, TensorType type, int classes, boolean positive) {
    /** What a Java array of numbers should hold at most: 1 GiB of f32. */
    private static final long LARGEST = 1L << 28;

    private static final String SCALAR = "scalar";
    private static final String POSITIVE = "positive";
    private static final String BF16 = "bf16";
    private static final String LABELS = "labels";
    private static final String BYTES = "bytes";

    /**
     * Parses one.
     *
     * @throws UserError if the text is none; says how they are written
     */
    static Operand parse(String text) {
        String[] parts = text.split(":", 2);
        Shape shape = shape(parts[0]);
        if (parts.length == 1 || parts[1].equals(POSITIVE)) {
            return new Operand(text, new TensorType(DType.F32, shape), 0, parts.length == 2);
        }
        if (parts[1].equals(BF16)) {
            return new Operand(text, new TensorType(DType.BF16, shape), 0, false);
        }
        if (parts[1].equals(BYTES)) {
            return new Operand(text, new TensorType(DType.U8, shape), 0, false);
        }
        if (parts[1].matches(LABELS + "[1-9][0-9]{0,8}")) {
            return new Operand(
                    text,
                    new TensorType(DType.I32, shape),
                    Integer.parseInt(parts[1].substring(LABELS.length())),
                    false);
        }
        throw new UserError("'" + parts[1] + "' in '" + text
                + "' is not 'positive', 'bf16', 'labelsC' (i32 from 0 to C - 1) or 'bytes' (u8)");
    }

    /**
     * Parses extents.
     *
     * @throws UserError if they are none, or the tensor would be too large for a Java array
     */
    static Shape shape(String text) {
        if (text.equals(SCALAR)) {
            return Shape.SCALAR;
        }
        if (!text.matches("[0-9]{1,9}(x[0-9]{1,9})*")) {
            throw new UserError(
                    "'" + text + "' is not a shape; write extents joined by x, like 100x32x32x16, or scalar");
        }
        int[] dims = Attributes.ints(text.split("x"));
        double size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        if (size > LARGEST) {
            throw new UserError("a tensor of " + text + " is too large; at most " + LARGEST + " numbers can be fed");
        }
        return Shape.of(dims);
    }

    /** Returns standard normal numbers of the same shape, rounded to bf16. */
    Operand inBFloats() {
        if (positive) {
            throw new UserError(text + " cannot be had in bf16: those are standard normal");
        }
        return parse(text.split(":", 2)[0] + ":" + BF16);
    }

    /** Returns the same with another extent of the first axis. */
    Operand withRows(int rows) {
        int[] dims = type.shape().dims();
        dims[0] = rows;
        String rest = text.substring(
                text.indexOf('x') < 0 ? Integer.toString(type.shape().dim(0)).length() : text.indexOf('x'));
        return new Operand(rows + rest, type.withShape(Shape.of(dims)), classes, positive);
    }

    /** Returns the extent of the first axis; 0 for a scalar. */
    int rows() {
        return type.shape().rank() == 0 ? 0 : type.shape().dim(0);
    }

    /** Draws the numbers of an input; the same ones for the same state of the source. */
    void feed(Program program, Tensor input, Random random) {
        int size = (int) type.shape().size();
        if (type.dtype() == DType.I32) {
            program.set(input, random.ints(size, 0, classes).toArray());
            return;
        }
        if (type.dtype() == DType.U8) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            program.set(input, bytes);
            return;
        }
        float[] numbers = new float[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = positive ? 0.5f + random.nextFloat() : (float) random.nextGaussian();
        }
        program.set(input, numbers);
    }

    @Override
    public String toString() {
        return text;
    }
}
