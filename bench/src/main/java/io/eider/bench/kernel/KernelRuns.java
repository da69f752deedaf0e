package io.eider.bench.kernel;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Any kernel of the cpu backend: runs, GFLOP and GB a second, checked against the reference device first. {@code Bench} runs
 * it for every case and puts the machine's ceilings beside it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class KernelRuns {
    /** A case of {@code cases.txt} by name, or by text. */
    @Param("conv2d/32x32x16")
    public String kernel;

    /** Threads of the device. */
    @Param("2")
    public int threads;

    private Device device;
    private CheckedKernel checked;
    private double gflop;
    private double gbyte;

    /** Work done, which JMH divides by the time it took. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Work {
        /** Floating-point operations in 10⁹. */
        public double gflop;

        /** Bytes of inputs and outputs in 10⁹. */
        public double gbyte;

        /** Used by JMH. */
        public Work() {}
    }

    /** Used by JMH. */
    public KernelRuns() {}

    /** Runs the kernel. */
    @Benchmark
    public void run(Work work) {
        checked.run();
        work.gflop += gflop;
        work.gbyte += gbyte;
    }

    /** Loads the case and checks it. */
    @Setup(Level.Trial)
    public void open() {
        KernelCase one = Cases.of(kernel);
        gflop = one.flops() * 1e-9;
        gbyte = one.bytes() * 1e-9;
        device = Devices.open("cpu", threads);
        checked = CheckedKernel.open(device, one);
    }

    /** Frees the device's memory. */
    @TearDown(Level.Trial)
    public void close() {
        device.close();
    }
}
