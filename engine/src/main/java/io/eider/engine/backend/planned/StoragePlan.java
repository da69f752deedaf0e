package io.eider.engine.backend.planned;

import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.ReadVariable;
import io.eider.engine.op.primitive.Reshape;
import io.eider.engine.op.primitive.StopGradient;
import io.eider.engine.program.MemoryPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Decides where every value of a graph lies and what is copied around a run, without touching memory.
 *
 * <p>A reshape is its input under another name. Inputs, results and small constants have blocks of their own; a
 * variable's new value is written straight into the variable if nobody reads the old one afterwards, and copied there
 * at the end of the run if somebody does. All else shares the arena.
 */
public final class StoragePlan {
    /** Larger constants are computed anew at each run, in the arena. */
    private static final long LARGEST_KEPT_CONSTANT = 1 << 20;

    /** When a variable is given its new value. */
    public enum Effects {
        /** By the step that computes it, if that may be; a step that meets a bad example stops the run. */
        AS_COMPUTED,
        /** Not before all steps have run, if any of them may meet a bad example: nothing stops a run. */
        AT_THE_END
    }

    /** Where a value lies. */
    public sealed interface Home {}

    /** In a block of its own. */
    public static final class Own implements Home {
        private final String label;
        private final long bytes;

        private Own(String label, long bytes) {
            this.label = label;
            this.bytes = bytes;
        }

        /** Returns what it is for. */
        public String label() {
            return label;
        }

        /** Returns its size. */
        public long bytes() {
            return bytes;
        }
    }

    /** In the memory of a variable. */
    public record InVariable(Variable variable) implements Home {}

    /** In the arena. */
    public record InArena(long offset) implements Home {}

    /** Bytes to be copied. */
    public record Copy(Home from, Home to, long bytes) {}

    /** A result: where it is found after a run. */
    public record Result(Tensor tensor, Own home) {}

    /** What is known of a step when storage is planned. */
    public interface StepNeeds {
        /** Returns whether an output of a step may lie exactly where an input lies. */
        boolean inPlace(int step, int input, int output);

        /** Returns the scratch memory of a step. */
        long workspaceBytes(int step);

        /** Returns whether a step may stop the run, because it checks what it is given. */
        boolean mayStop(int step);
    }

    private final Graph graph;
    private final List<Node> steps;
    private final StepNeeds needs;
    private final Effects effects;
    private final Map<Node, Integer> stepOf = new HashMap<>();
    private final Map<Tensor, Integer> lastRead = new HashMap<>();
    private final Map<Variable, Tensor> assigned = new HashMap<>();
    private final Map<Tensor, Home> homes = new LinkedHashMap<>();
    private final List<Result> results = new ArrayList<>();
    private final List<Copy> before = new ArrayList<>();
    private final List<Copy> after = new ArrayList<>();
    private final long[] workspaces;
    private final MemoryPlan arena;

    /**
     * Plans.
     *
     * @param graph what is to run
     * @param steps its nodes that are steps, in order
     * @param needs what they need
     * @param effects when variables are written
     */
    public StoragePlan(Graph graph, List<Node> steps, StepNeeds needs, Effects effects) {
        this.graph = graph;
        this.steps = steps;
        this.needs = needs;
        this.effects = effects;
        this.workspaces = new long[steps.size()];
        for (int step = 0; step < steps.size(); step++) {
            stepOf.put(steps.get(step), step);
            for (Tensor input : steps.get(step).inputs()) {
                lastRead.put(root(input), step);
            }
        }
        graph.assignments().forEach(a -> assigned.put(a.variable(), root(a.value())));
        placeLeaves();
        List<Graph.Assignment> copied = placeResults();
        this.arena = placeInArena(copied);
    }

    /** Returns whether a node is a step: neither a leaf that is kept between runs nor another name of its input. */
    public static boolean isStep(Node node) {
        Op op = node.op();
        return !(op instanceof Input
                || op instanceof ReadVariable
                || isAlias(op)
                || op instanceof Fill && node.type(0).bytes() <= LARGEST_KEPT_CONSTANT);
    }

    /** Returns whether an op only gives its input another name or shape. */
    public static boolean isAlias(Op op) {
        return op instanceof Reshape || op instanceof StopGradient;
    }

    /** Returns where a value lies. */
    public Home home(Tensor value) {
        return homes.get(root(value));
    }

    /** Returns every value that lies in memory of its own or of a variable, and where. */
    public Map<Tensor, Home> homes() {
        return homes;
    }

    /** Returns the outputs of the graph, in order. */
    public List<Result> results() {
        return results;
    }

    /** Returns what is copied before the first step. */
    public List<Copy> before() {
        return before;
    }

    /** Returns what is copied after the last step. */
    public List<Copy> after() {
        return after;
    }

    /** Returns the arena offset of a step's scratch memory. */
    public long workspaceOffset(int step) {
        return workspaces[step];
    }

    /** Returns the size of the arena. */
    public long arenaBytes() {
        return arena.bytes();
    }

    private static Tensor root(Tensor value) {
        Tensor root = value;
        while (isAlias(root.node().op())) {
            root = root.node().input(0);
        }
        return root;
    }

    private void placeLeaves() {
        for (Node node : graph.nodes()) {
            if (node.op() instanceof ReadVariable read) {
                homes.put(node.output(0), new InVariable(read.variable()));
            } else if (!isStep(node) && !isAlias(node.op())) {
                homes.put(node.output(0), new Own(node.op().name(), node.type(0).bytes()));
            }
        }
    }

    /** Places outputs and what can be assigned without a copy; returns the other assignments. */
    private List<Graph.Assignment> placeResults() {
        for (Tensor output : graph.outputs()) {
            Tensor root = root(output);
            Home home = homes.get(root);
            if (stepOf.containsKey(root.node())) {
                Own own = home instanceof Own placed
                        ? placed
                        : new Own("an output", root.type().bytes());
                homes.put(root, own);
                results.add(new Result(output, own));
            } else {
                // The caller keeps the output; the leaf may be overwritten, by the caller or by an assignment.
                Own own = new Own("an output", root.type().bytes());
                before.add(new Copy(home, own, own.bytes()));
                results.add(new Result(output, own));
            }
        }
        List<Graph.Assignment> copied = new ArrayList<>();
        for (Graph.Assignment assignment : graph.assignments()) {
            Tensor root = root(assignment.value());
            if (!homes.containsKey(root) && mayWriteThrough(root, assignment.variable())) {
                homes.put(root, new InVariable(assignment.variable()));
            } else {
                copied.add(assignment);
            }
        }
        return copied;
    }

    /**
     * Returns whether a step may write a value where a variable lies: no step needs the old value any more, and none
     * can stop the run, which leaves variables as they were.
     */
    private boolean mayWriteThrough(Tensor value, Variable variable) {
        if (effects == Effects.AT_THE_END && IntStream.range(0, steps.size()).anyMatch(needs::mayStop)) {
            return false;
        }
        int writer = stepOf.get(value.node());
        for (int step = writer; step < steps.size(); step++) {
            List<Tensor> inputs = steps.get(step).inputs();
            if (needs.mayStop(step)) {
                return false;
            }
            for (int k = 0; k < inputs.size(); k++) {
                boolean reads =
                        root(inputs.get(k)).node().op() instanceof ReadVariable read && read.variable() == variable;
                if (reads && (step > writer || !needs.inPlace(step, k, value.index()))) {
                    return false;
                }
            }
        }
        return true;
    }

    private MemoryPlan placeInArena(List<Graph.Assignment> copied) {
        int end = steps.size();
        List<MemoryPlan.Value> values = new ArrayList<>();
        Map<Tensor, Integer> indexOf = new HashMap<>();
        Map<Graph.Assignment, Integer> staged = new HashMap<>();
        for (Graph.Assignment assignment : copied) {
            Tensor root = root(assignment.value());
            if (stepOf.containsKey(root.node())) {
                lastRead.put(root, end);
            } else if (needsStaging(root, assignment.variable())) {
                staged.put(assignment, values.size());
                values.add(new MemoryPlan.Value(root.type().bytes(), 0, end));
            }
        }
        int[] workspaceOf = new int[steps.size()];
        for (int step = 0; step < steps.size(); step++) {
            addOutputs(step, values, indexOf);
            workspaceOf[step] = values.size();
            values.add(new MemoryPlan.Value(needs.workspaceBytes(step), step, step));
        }
        MemoryPlan plan = MemoryPlan.of(values);
        indexOf.forEach((value, index) -> homes.put(value, new InArena(plan.offset(index))));
        for (int step = 0; step < steps.size(); step++) {
            workspaces[step] = plan.offset(workspaceOf[step]);
        }
        for (Graph.Assignment assignment : copied) {
            copyAfter(
                    assignment,
                    staged.containsKey(assignment) ? new InArena(plan.offset(staged.get(assignment))) : null);
        }
        return plan;
    }

    /** Returns whether what is assigned is the old value of another variable, which by then may be overwritten. */
    private boolean needsStaging(Tensor root, Variable variable) {
        return root.node().op() instanceof ReadVariable read
                && read.variable() != variable
                && assigned.containsKey(read.variable());
    }

    private void addOutputs(int step, List<MemoryPlan.Value> values, Map<Tensor, Integer> indexOf) {
        Node node = steps.get(step);
        Set<Integer> takenOver = new HashSet<>();
        for (Tensor output : node.outputs()) {
            if (!homes.containsKey(output)) {
                int takes = dyingInput(step, output, values, indexOf, takenOver);
                takenOver.add(takes);
                indexOf.put(output, values.size());
                int last = Math.max(step, lastRead.getOrDefault(output, step));
                values.add(new MemoryPlan.Value(output.type().bytes(), step, last, takes));
            }
        }
    }

    /** Returns the arena value of an input that is needed no longer and whose place an output may take. */
    private int dyingInput(
            int step,
            Tensor output,
            List<MemoryPlan.Value> values,
            Map<Tensor, Integer> indexOf,
            Set<Integer> takenOver) {
        List<Tensor> inputs = steps.get(step).inputs();
        for (Tensor input : inputs) {
            Tensor root = root(input);
            Integer index = indexOf.get(root);
            if (index != null
                    && !takenOver.contains(index)
                    && values.get(index).last() == step
                    && values.get(index).bytes() == output.type().bytes()
                    && mayReplace(step, root, output.index())) {
                return index;
            }
        }
        return MemoryPlan.NONE;
    }

    private boolean mayReplace(int step, Tensor root, int output) {
        List<Tensor> inputs = steps.get(step).inputs();
        for (int k = 0; k < inputs.size(); k++) {
            if (root(inputs.get(k)).equals(root) && !needs.inPlace(step, k, output)) {
                return false;
            }
        }
        return true;
    }

    private void copyAfter(Graph.Assignment assignment, Home stage) {
        Tensor root = root(assignment.value());
        Home from = homes.get(root);
        Home to = new InVariable(assignment.variable());
        long bytes = root.type().bytes();
        if (stage != null) {
            before.add(new Copy(from, stage, bytes));
            after.add(new Copy(stage, to, bytes));
        } else if (!from.equals(to)) {
            after.add(new Copy(from, to, bytes));
        }
    }
}
