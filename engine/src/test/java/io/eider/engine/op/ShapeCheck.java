package io.eider.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What an op says of inputs that it cannot take. */
final class ShapeCheck {
    private ShapeCheck() {}

    /**
     * Too few and too many inputs, another kind of number, and what the row lists are refused; of several inputs,
     * each is refused under some other shape. The message names the op and every input.
     */
    static void badInputsAreRefused(OpCase row) {
        List<TensorType> types = row.types();
        if (!types.isEmpty()) {
            refused(row, types.subList(0, types.size() - 1));
        }
        List<TensorType> more = new ArrayList<>(types);
        more.add(TensorType.f32(3));
        refused(row, more);
        row.rejected().forEach(rejected -> refused(row, rejected));
        if (!types.isEmpty() && !row.anyType()) {
            refused(
                    row,
                    types.stream()
                            .map(type -> new TensorType(DType.I32, type.shape()))
                            .toList());
        }
        for (int i = 0; i < types.size(); i++) {
            if (!row.anyType()) {
                TensorType type = types.get(i);
                DType other = type.dtype().isFloating() ? DType.I32 : DType.F32;
                refused(row, with(types, i, new TensorType(other, type.shape())));
            }
            if (types.size() > 1) {
                someShapeIsRefused(row, i);
            }
        }
    }

    /** The decomposition has the types that the op says. */
    static void decompositionHasTheTypes(OpCase row) {
        Sample sample = new Sample(row);
        List<TensorType> parts = new ArrayList<>();
        for (var part : ((FusedOp) row.op()).decompose(sample.inputs)) {
            parts.add(part.type());
        }
        assertEquals(sample.node.types(), parts);
    }

    private static void someShapeIsRefused(OpCase row, int input) {
        List<TensorType> types = row.types();
        int refused = 0;
        for (Shape shape : otherShapes(types.get(input).shape())) {
            List<TensorType> bad = with(types, input, types.get(input).withShape(shape));
            try {
                row.op().infer(bad);
            } catch (ShapeException e) {
                explains(row, bad, e);
                refused++;
            }
        }
        if (refused == 0) {
            fail(row + " accepts input " + input + " under any shape");
        }
    }

    /** One axis more, and each extent one larger. */
    private static List<Shape> otherShapes(Shape shape) {
        List<Shape> others = new ArrayList<>();
        others.add(Shape.of(
                IntStream.concat(IntStream.of(2), IntStream.of(shape.dims())).toArray()));
        for (int axis = 0; axis < shape.rank(); axis++) {
            int[] dims = shape.dims();
            dims[axis]++;
            others.add(Shape.of(dims));
        }
        return others;
    }

    private static void refused(OpCase row, List<TensorType> types) {
        explains(
                row,
                types,
                assertThrows(ShapeException.class, () -> row.op().infer(types), () -> row.op() + " of " + types));
    }

    private static void explains(OpCase row, List<TensorType> types, ShapeException e) {
        String op = row.op().getClass().getSimpleName();
        assertTrue(e.getMessage().contains(op), () -> "names not the op " + op + ": " + e.getMessage());
        types.forEach(type -> assertTrue(
                e.getMessage().contains(type.toString()), () -> "names not " + type + ": " + e.getMessage()));
    }

    private static List<TensorType> with(List<TensorType> types, int index, TensorType type) {
        List<TensorType> changed = new ArrayList<>(types);
        changed.set(index, type);
        return changed;
    }
}
