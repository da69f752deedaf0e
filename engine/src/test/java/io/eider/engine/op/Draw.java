package io.eider.engine.op;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.TensorType;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;

/**
 * How one input of a case is drawn. Numbers are rounded to 32 bits, so that every backend is given the same ones.
 *
 * @param type element type and shape
 * @param numbers draws all elements
 */
public record Draw(TensorType type, Function<Random, double[]> numbers) {
    /** Returns the same numbers rounded to bf16. */
    public Draw bfloats() {
        return new Draw(
                type.withDType(DType.BF16),
                random -> Arrays.stream(numbers.apply(random))
                        .map(DType.BF16::stored)
                        .toArray());
    }

    /** Standard normal numbers. */
    public static Draw normal(int... dims) {
        return each(dims, (random, i) -> random.nextGaussian());
    }

    /** Uniform numbers between two bounds: for arguments that must be positive, or not too small. */
    public static Draw between(double low, double high, int... dims) {
        return each(dims, (random, i) -> low + (high - low) * random.nextDouble());
    }

    /** Numbers of either sign and magnitude 0.1…2: for ops with a kink or a pole at 0. */
    public static Draw awayFromZero(int... dims) {
        return each(dims, (random, i) -> (random.nextBoolean() ? 1 : -1) * (0.1 + 1.9 * random.nextDouble()));
    }

    /** Few small integers, so that ties are frequent. */
    public static Draw ties(int... dims) {
        return each(dims, (random, i) -> random.nextInt(3));
    }

    /** A shuffle of numbers 0.01 apart: for ops with a kink at ties. */
    public static Draw distinct(int... dims) {
        TensorType type = TensorType.f32(dims);
        return new Draw(type, random -> {
            double[] numbers = new double[(int) type.shape().size()];
            for (int i = 0; i < numbers.length; i++) {
                int j = random.nextInt(i + 1);
                numbers[i] = numbers[j];
                numbers[j] = (float) (0.01 * (i - numbers.length / 2));
            }
            return numbers;
        });
    }

    /** Columns (last axis) whose deviation is about 1, however few rows: for ops that divide by it. */
    public static Draw spread(int... dims) {
        int columns = dims[dims.length - 1];
        return each(dims, (random, i) -> (i / columns % 2 == 0 ? 1 : -1) + 0.3 * random.nextGaussian());
    }

    /** Labels of n examples. */
    public static Draw labels(int classes, int n) {
        Draw draw = each(new int[] {n}, (random, i) -> random.nextInt(classes));
        return new Draw(new TensorType(DType.I32, Shape.of(n)), draw.numbers);
    }

    /** Bytes, as pixels are. */
    public static Draw bytes(int... dims) {
        return new Draw(TensorType.u8(dims), each(dims, (random, i) -> random.nextInt(256)).numbers);
    }

    /** Places within windows, in the padding too, and one that no window has. */
    public static Draw places(int window, int... dims) {
        return new Draw(TensorType.u8(dims), each(dims, (random, i) -> random.nextInt(window * window + 1)).numbers);
    }

    /** Top, left and flip of n windows within images padded by so much. */
    public static Draw windows(int pad, int n) {
        Draw draw = each(new int[] {n, 3}, (random, i) -> random.nextInt(i % 3 == 2 ? 2 : 2 * pad + 1));
        return new Draw(TensorType.i32(n, 3), draw.numbers);
    }

    /** One number, from the source of randomness and its index. */
    private interface Element {
        double at(Random random, int index);
    }

    private static Draw each(int[] dims, Element element) {
        TensorType type = TensorType.f32(dims);
        return new Draw(type, random -> {
            double[] numbers = new double[(int) type.shape().size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) element.at(random, i);
            }
            return numbers;
        });
    }
}
