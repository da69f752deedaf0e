package io.eider.engine.program;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Executable;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Input;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A compiled graph on a device: set the inputs, {@link #run}, read the outputs. Inputs keep their numbers from run to
 * run. A run allocates nothing.
 *
 * <p>Whoever feeds a device that works by itself prepares the next batch while it does:
 *
 * <pre>{@code
 * program.start();
 * program.set(x, next); // the run has its own copy
 * program.upload();
 * program.await();
 * program.get(loss, target);
 * }</pre>
 */
public final class Program implements AutoCloseable {
    private final Executable executable;
    private final Map<Tensor, Buffer> inputs = new HashMap<>();
    private final Map<Tensor, Buffer> outputs = new HashMap<>();
    private final Set<Tensor> unset = new HashSet<>();
    private boolean uploaded;
    private boolean running;

    private Program(Executable executable) {
        this.executable = executable;
    }

    /** Compiles a graph for a device, with {@link ProgramOptions#DEFAULT}. */
    public static Program compile(Device device, List<Tensor> outputs, List<Graph.Assignment> assignments) {
        return compile(device, outputs, assignments, ProgramOptions.DEFAULT);
    }

    /**
     * Compiles a graph for a device.
     *
     * @param device where it runs; outlives the program
     * @param outputs tensors whose numbers are wanted after a run; they keep their types in every precision
     * @param assignments values that variables have after a run
     * @param options how
     * @throws io.eider.engine.backend.DeviceUnavailableException if the device cannot keep images so
     */
    public static Program compile(
            Device device, List<Tensor> outputs, List<Graph.Assignment> assignments, ProgramOptions options) {
        options.precision().requireOn(device);
        Graph graph = new Graph(outputs, assignments);
        Program program = new Program(device.load(Compiler.compile(graph, device, options)));
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Input) {
                Tensor input = node.output(0);
                program.inputs.put(input, program.executable.input(input));
                program.unset.add(input);
            }
        }
        for (int i = 0; i < outputs.size(); i++) {
            program.outputs.put(outputs.get(i), program.executable.output(i));
        }
        return program;
    }

    /** Returns whether some result depends on an input. */
    public boolean reads(Tensor input) {
        return inputs.containsKey(input);
    }

    /**
     * Sets the numbers of an input.
     *
     * @throws IllegalArgumentException if the program has no such input, or their count is not its size
     * @throws IllegalStateException if the inputs of the next run were uploaded
     */
    public void set(Tensor input, float[] values) {
        writable(input).write(values);
    }

    /** Sets the numbers of an input, rounded to its element type; see {@link #set(Tensor, float[])}. */
    public void set(Tensor input, double[] values) {
        writable(input).write(values);
    }

    /** Sets the numbers of an integer input; see {@link #set(Tensor, float[])}. */
    public void set(Tensor input, int[] values) {
        writable(input).write(values);
    }

    /** Sets the numbers of an input of bytes, whose eight bits are 0…255; see {@link #set(Tensor, float[])}. */
    public void set(Tensor input, byte[] values) {
        writable(input).write(values);
    }

    /**
     * Runs once.
     *
     * @throws IllegalStateException if an input was never set, or a run was started and not awaited
     * @throws io.eider.engine.op.InvalidExampleException if a number in the batch cannot be computed with; variables
     *     keep their values
     */
    public void run() {
        start();
        await();
    }

    /**
     * Begins to bring the inputs to the device for the next run, also while one goes on; {@link #start} does it where this
     * did not. Until then they cannot be set.
     *
     * @throws IllegalStateException if an input was never set, or these were uploaded already
     */
    public void upload() {
        checkInputs();
        checkNotUploaded();
        executable.upload();
        uploaded = true;
    }

    /**
     * Begins a run, which has the inputs as they are now. Outputs can be read once it was awaited.
     *
     * @throws IllegalStateException if an input was never set, or the run before was not awaited
     */
    public void start() {
        checkReady();
        uploaded = false;
        executable.start();
        running = true;
    }

    /**
     * Waits for the run that was started.
     *
     * @throws IllegalStateException if none was
     * @throws io.eider.engine.op.InvalidExampleException if a number in the batch cannot be computed with; variables
     *     keep their values. Thrown by {@link #start} where a device runs at once
     */
    public void await() {
        if (!running) {
            throw new IllegalStateException("no run was started");
        }
        running = false;
        executable.await();
    }

    /**
     * Copies out the numbers of an output, as the last run left them.
     *
     * @throws IllegalArgumentException if the program has no such output, or the target's length is not its size
     * @throws IllegalStateException if a run was started and not awaited
     */
    public void get(Tensor output, float[] target) {
        readable(output).read(target);
    }

    /** Copies out the numbers of an output; see {@link #get(Tensor, float[])}. */
    public void get(Tensor output, double[] target) {
        readable(output).read(target);
    }

    /** Returns the numbers of an output in a new array; see {@link #get(Tensor, float[])}. */
    public double[] get(Tensor output) {
        double[] values = new double[(int) output.shape().size()];
        get(output, values);
        return values;
    }

    /** Returns the size of the memory that the steps share, in bytes. */
    public long arenaBytes() {
        return executable.arenaBytes();
    }

    /** Returns a table of the steps: op, shape, kernel, FLOPs, bytes, offset in the arena, and totals. */
    public String explain() {
        return Explanation.of(executable, null);
    }

    /** Runs once, with all effects of {@link #run}, and returns the table of {@link #explain} with measured times. */
    public String profile() {
        checkReady();
        uploaded = false;
        return Explanation.of(executable, executable.timedRun());
    }

    /** Runs once, with all effects of {@link #run}, and returns the nanoseconds that all steps took on the device. */
    public long timedRun() {
        checkReady();
        uploaded = false;
        return Arrays.stream(executable.timedRun()).sum();
    }

    @Override
    public void close() {
        executable.close();
    }

    private void checkInputs() {
        if (!unset.isEmpty()) {
            throw new IllegalStateException("inputs were never set: "
                    + unset.stream().map(input -> input.node().op()).toList());
        }
    }

    private void checkReady() {
        checkInputs();
        checkNotRunning();
    }

    private void checkNotRunning() {
        if (running) {
            throw new IllegalStateException("a run was started; await() it first");
        }
    }

    private void checkNotUploaded() {
        if (uploaded) {
            throw new IllegalStateException("the inputs of the next run were uploaded; start() it first");
        }
    }

    private Buffer writable(Tensor input) {
        checkNotUploaded();
        Buffer buffer = inputs.get(input);
        if (buffer == null) {
            throw new IllegalArgumentException("the program has no input " + input + "; it has " + inputs.keySet());
        }
        unset.remove(input);
        return buffer;
    }

    private Buffer readable(Tensor output) {
        checkNotRunning();
        Buffer buffer = outputs.get(output);
        if (buffer == null) {
            throw new IllegalArgumentException("the program has no output " + output + "; it has " + outputs.keySet());
        }
        return buffer;
    }
}
