package io.eider.models.checkpoint;

import io.eider.engine.graph.Shape;

/** Filters are (O, H, W, I) in graphs and (O, I, H, W) in files; every other tensor is the same in both. */
final class Layout {
    private Layout() {}

    /** Returns the shape in files of a tensor with this shape in graphs. */
    static Shape inFile(Shape graph) {
        return graph.rank() == 4 ? Shape.of(graph.dim(0), graph.dim(3), graph.dim(1), graph.dim(2)) : graph;
    }

    /** Returns the numbers of a tensor in the order of files. */
    static float[] toFile(Shape graph, float[] numbers) {
        if (graph.rank() != 4) {
            return numbers;
        }
        return swapped(numbers, graph.dim(0), graph.dim(1) * graph.dim(2), graph.dim(3));
    }

    /** Returns the numbers of a tensor in the order of graphs. */
    static float[] toGraph(Shape graph, float[] numbers) {
        if (graph.rank() != 4) {
            return numbers;
        }
        return swapped(numbers, graph.dim(0), graph.dim(3), graph.dim(1) * graph.dim(2));
    }

    /** Returns the transpose of each of {@code count} matrices (rows, columns). */
    private static float[] swapped(float[] numbers, int count, int rows, int columns) {
        float[] result = new float[numbers.length];
        for (int k = 0; k < count; k++) {
            int base = k * rows * columns;
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    result[base + j * rows + i] = numbers[base + i * columns + j];
                }
            }
        }
        return result;
    }
}
