package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Executable;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.Cleanup;
import io.eider.engine.backend.planned.ExampleKernel;
import io.eider.engine.backend.planned.HostBuffer;
import io.eider.engine.backend.planned.PlannedGraph;
import io.eider.engine.backend.planned.PlannedGraph.Move;
import io.eider.engine.backend.planned.StoragePlan;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Input;
import io.eider.natives.CudaKernels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.global.cudart;

/**
 * A planned graph in a GPU's memory. The first run asks for every step by itself, as libraries load what they need when
 * it is first asked for; from the second on all of a run after its inputs arrived, the copy of its outputs to the host
 * included, is one CUDA graph.
 */
final class CudaExecutable implements Executable, PlannedGraph.Memory {
    private final CudaDevice device;
    private final CudaContext context;
    private final PlannedGraph planned;
    private final Cleanup cleanup = new Cleanup();
    private final List<ExampleKernel> judges = new ArrayList<>();
    private final Transfer transfer;
    private final Map<StoragePlan.Own, Block> constants = new LinkedHashMap<>();
    private final Map<Tensor, HostBuffer> inputs = new HashMap<>();
    private final List<HostBuffer> outputs = new ArrayList<>();
    private final CapturedGraph captured;
    private Commit commit;
    private Move[] before = {};
    private int boundGeneration = -1;
    private boolean warm;
    private boolean closed;

    CudaExecutable(CudaDevice device, Graph graph) {
        this.device = device;
        this.context = device.context();
        this.captured = new CapturedGraph(context);
        this.planned = new PlannedGraph(graph, device.kernels(), StoragePlan.Effects.AT_THE_END);
        try {
            cleanup.add(planned::close);
            cleanup.add(captured::close);
            for (int i = 0; i < planned.size(); i++) {
                if (planned.kernel(i) instanceof ExampleKernel judge) {
                    judges.add(judge);
                } else if (planned.kernel(i).mayStop()) {
                    throw new UnsupportedOperationException(planned.kernel(i).implementation() + ", for "
                            + planned.node(i).op() + ", may stop a run, which a kernel on a GPU cannot");
                }
            }
            transfer = new Transfer(context, judges.size());
            allocate();
            bind();
        } catch (RuntimeException | Error e) {
            cleanup.after(e);
            throw e;
        }
    }

    @Override
    public Buffer input(Tensor input) {
        checkOpen();
        HostBuffer buffer = inputs.get(input);
        if (buffer == null) {
            throw new IllegalArgumentException(input + " is not an input of this program: it has " + inputs.keySet());
        }
        return buffer;
    }

    @Override
    public Buffer output(int index) {
        checkOpen();
        return outputs.get(index);
    }

    @Override
    public void upload() {
        enter();
        transfer.upload();
    }

    @Override
    public void start() {
        checkOpen();
        try {
            begin();
            if (warm) {
                if (!captured.isThere()) {
                    captured.capture(this::enqueue);
                }
                captured.launch();
            } else {
                enqueue();
                warm = true;
            }
        } catch (RuntimeException e) {
            waitAfter(e);
            throw e;
        }
    }

    @Override
    public void await() {
        enter();
        end();
    }

    @Override
    public void run() {
        start();
        await();
    }

    @Override
    public long[] timedRun() {
        checkOpen();
        try {
            context.use();
            try (StepTimes times = new StepTimes(context, planned.size())) {
                begin();
                enqueueBefore();
                for (int i = 0; i < planned.size(); i++) {
                    times.mark(i);
                    runStep(i);
                }
                times.mark(planned.size());
                enqueueAfter();
                end();
                return times.nanoseconds();
            }
        } catch (RuntimeException e) {
            waitAfter(e);
            throw e;
        }
    }

    @Override
    public List<Step> steps() {
        return planned.steps();
    }

    @Override
    public long arenaBytes() {
        return planned.storage().arenaBytes();
    }

    @Override
    public long own(StoragePlan.Own place) {
        return transfer.contains(place)
                ? transfer.address(place)
                : constants.get(place).address();
    }

    @Override
    public long variable(Variable variable) {
        return device.block(variable).address();
    }

    @Override
    public long arena() {
        return device.arena().address();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            device.closed(this);
            // A run or an upload may go on.
            cleanup.add(context::synchronise);
            cleanup.add(context::awaitUploads);
            cleanup.add(context::use);
            cleanup.close();
        }
    }

    private void allocate() {
        StoragePlan storage = planned.storage();
        Map<Tensor, StoragePlan.Own> inputPlaces = new LinkedHashMap<>();
        storage.homes().forEach((value, home) -> {
            if (home instanceof StoragePlan.Own place && value.node().op() instanceof Input) {
                inputPlaces.put(value, place);
                transfer.add(place);
            }
        });
        transfer.endOfInputs();
        storage.results().forEach(result -> transfer.add(result.home()));
        transfer.allocate(cleanup);
        inputPlaces.forEach((value, place) -> inputs.put(value, transfer.input(value.type(), place)));
        storage.results()
                .forEach(result -> outputs.add(transfer.output(result.tensor().type(), result.home())));
        storage.homes().forEach((value, home) -> {
            if (home instanceof StoragePlan.Own place
                    && value.node().op() instanceof Fill fill
                    && !StoragePlan.isStep(value.node())) {
                constants.put(place, constant(fill, place));
            }
        });
        commit = new Commit(context, storage.after().size(), judges.size());
        cleanup.add(commit::close);
        for (int i = 0; i < judges.size(); i++) {
            judges.get(i).useStatusWord(transfer.word(i));
        }
    }

    private Block constant(Fill fill, StoragePlan.Own place) {
        Block block = context.memory().uninitialised(place.label(), place.bytes());
        cleanup.add(block::close);
        Kernel.Prepared filled = new CudaFill(context).filled(fill.type(), fill.value());
        filled.bind(new long[0], new long[] {block.address()}, 0);
        filled.run();
        return block;
    }

    private void enter() {
        checkOpen();
        context.use();
    }

    private void begin() {
        context.use();
        if (boundGeneration != device.arena().generation()) {
            bind();
        }
        transfer.take();
    }

    private void bind() {
        // What is given up here, the arena above all, another program's run may have.
        context.synchronise();
        captured.close();
        device.arena().require(arenaBytes());
        planned.bind(this);
        before = planned.moves(planned.storage().before(), this);
        commit.bind(planned.moves(planned.storage().after(), this), transfer.word(0));
        boundGeneration = device.arena().generation();
    }

    /** Not all of a run could be asked for: before the caller hears of it, the device is done with what was. */
    private void waitAfter(RuntimeException failure) {
        transfer.forgetUpload();
        Cleanup rest = new Cleanup();
        rest.add(context::synchronise);
        rest.add(context::awaitUploads);
        rest.after(failure);
    }

    private void enqueue() {
        enqueueBefore();
        for (int i = 0; i < planned.size(); i++) {
            runStep(i);
        }
        enqueueAfter();
    }

    private void enqueueBefore() {
        for (Move move : before) {
            context.copy(move.to(), move.from(), move.bytes(), cudart.cudaMemcpyDeviceToDevice);
        }
    }

    private void runStep(int step) {
        try {
            planned.kernel(step).run();
        } catch (RuntimeException e) {
            throw StepFailure.in(planned.node(step), e);
        }
    }

    private void enqueueAfter() {
        commit.run();
        transfer.download();
    }

    /** Waits, and throws what the first bad example means: nothing was assigned then. */
    private void end() {
        context.synchronise();
        for (int i = 0; i < judges.size(); i++) {
            judges.get(i).check(CudaKernels.eider_cuda_status(transfer.status(i)));
        }
    }

    private void checkOpen() {
        device.checkOpen();
        if (closed) {
            throw new IllegalStateException("this program is closed; load its graph again");
        }
    }
}
