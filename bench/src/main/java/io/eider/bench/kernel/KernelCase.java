package io.eider.bench.kernel;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Slice;
import io.eider.experiments.UserError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One op at one shape. Written as {@code conv2d stride=1 padding=1 of 100x32x32x16 16x3x3x16}: the op, its attributes, and
 * after {@code of} its inputs.
 *
 * @param name short name, or the text
 * @param words op and attributes, as written
 * @param op the op
 * @param operands its inputs
 */
record KernelCase(String name, String words, Op op, List<Operand> operands) {
    /** Work that the reference, plain Java, does in about a second. */
    private static final double CHECKED_FLOPS = 5e8;

    private static final double CHECKED_NUMBERS = 5e7;

    /**
     * Parses a case.
     *
     * @param name short name; {@code null} if it is its text
     * @throws UserError if the text is none, or the op cannot take these inputs
     */
    static KernelCase parse(String name, String text) {
        String[] halves = (" " + text.strip() + " ").split(" of ", 2);
        if (halves.length < 2) {
            throw new UserError("'" + text + "' is not OP ATTRIBUTE=VALUE... of SHAPE...");
        }
        String[] words = halves[0].strip().split("\\s+");
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String word : List.of(words).subList(1, words.length)) {
            String[] parts = word.split("=", 2);
            if (parts.length < 2) {
                throw new UserError("'" + word + "' in '" + text + "' is not ATTRIBUTE=VALUE");
            }
            attributes.put(parts[0], parts[1]);
        }
        List<Operand> operands = Arrays.stream(halves[1].strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .map(Operand::parse)
                .toList();
        String written = String.join(" ", words);
        KernelCase parsed = new KernelCase(
                name == null ? written + of(operands) : name, written, Attributes.op(words[0], attributes), operands);
        try {
            parsed.node();
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        return parsed;
    }

    /** Returns the case with its images in bf16, named so: the first input, and f32 ones of as many axes. */
    KernelCase inBFloats() {
        int rank = operands.get(0).type().shape().rank();
        List<Operand> narrowed = operands.stream()
                .map(operand ->
                        operand.type().shape().rank() == rank && operand.type().dtype() == DType.F32
                                ? operand.inBFloats()
                                : operand)
                .toList();
        return parse(name + "-bf16", words + of(narrowed));
    }

    /** Returns the text that parses to this case. */
    String text() {
        return words + of(operands);
    }

    /** Returns an application of the op to fresh inputs. */
    Node node() {
        return new Node(
                op,
                operands.stream()
                        .map(operand -> Input.input("", operand.type()))
                        .toList());
    }

    /** Returns the graph that computes all outputs of an application. */
    static Graph graph(Node node) {
        return new Graph(List.of(node.outputs()), List.of());
    }

    /** Returns whether its first operand is in bf16. */
    boolean isOfBFloats() {
        return !operands.isEmpty() && operands.get(0).type().dtype() == DType.BF16;
    }

    /** Returns the arithmetic work, multiplications and additions counted separately. */
    long flops() {
        return node().op().flops(node());
    }

    /** Returns the bytes of all inputs and outputs, each once; of a slice's input, the part that is taken. */
    long bytes() {
        Node node = node();
        long outputs = node.types().stream().mapToLong(TensorType::bytes).sum();
        return outputs
                + (op instanceof Slice
                        ? outputs
                        : node.inputs().stream()
                                .map(Tensor::type)
                                .mapToLong(TensorType::bytes)
                                .sum());
    }

    /**
     * Returns the case to be checked against the reference: this one, or if that would take too long the same op on fewer
     * rows of the first axis.
     *
     * @throws UserError if it is too large and the op does not take fewer rows
     */
    KernelCase checkable() {
        double numbers = Stream.concat(operands.stream().map(Operand::type), node().types().stream())
                .mapToDouble(type -> type.shape().size())
                .sum();
        double excess = Math.max(flops() / CHECKED_FLOPS, numbers / CHECKED_NUMBERS);
        if (excess <= 1) {
            return this;
        }
        int rows = operands.isEmpty() ? 0 : operands.get(0).rows();
        int fewer = (int) (rows / excess);
        // A filter's gradient takes fewer images and cotangents, a convolution only fewer images.
        for (int last : new int[] {operands.size(), 1}) {
            KernelCase smaller = new KernelCase(name, words, op, fewerRows(last, rows, fewer));
            if (fewer > 0 && smaller.isValid()) {
                return smaller;
            }
        }
        throw new UserError(
                text() + " is too large for the reference, which every result is checked against before it is"
                        + " timed; take a smaller one");
    }

    private List<Operand> fewerRows(int last, int rows, int fewer) {
        return IntStream.range(0, operands.size())
                .mapToObj(i -> i < last && operands.get(i).rows() == rows
                        ? operands.get(i).withRows(fewer)
                        : operands.get(i))
                .toList();
    }

    private boolean isValid() {
        try {
            node();
            return true;
        } catch (ShapeException e) {
            return false;
        }
    }

    private static String of(List<Operand> operands) {
        return operands.stream().map(operand -> " " + operand).collect(Collectors.joining("", " of", ""));
    }
}
