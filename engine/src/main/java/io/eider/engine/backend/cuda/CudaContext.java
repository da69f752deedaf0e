package io.eider.engine.backend.cuda;

import io.eider.engine.backend.DeviceOptions;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.Cleanup;
import io.eider.natives.CudaKernels;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.Pointer;

/**
 * One GPU and the stream in which its work is done in order: Eider's kernels, cuDNN's, cuBLAS's and copies. A second one
 * brings what the work to come needs. Closing it frees all of that.
 */
final class CudaContext implements AutoCloseable {
    private static final String STAND_IN = "Eider stand-in";

    /** What cuBLAS asks for on an H100; given by us, so that it allocates nothing during a capture. */
    private static final long CUBLAS_WORKSPACE_BYTES = 32 << 20;

    private final int index;
    private final DeviceOptions options;
    private final Cleanup cleanup = new Cleanup();
    private CUstream_st stream;
    private CUstream_st uploads;
    private CudaMemory memory;
    private cudnnContext dnn;
    private cublasContext blas;
    private Algorithms algorithms;
    private String model;

    private CudaContext(int index, DeviceOptions options) {
        this.index = index;
        this.options = options;
    }

    /**
     * Opens a device that is there.
     *
     * @throws CudaException if it cannot be used
     */
    static CudaContext open(int index, DeviceOptions options) {
        CudaContext context = new CudaContext(index, options);
        try {
            context.create();
        } catch (RuntimeException | Error e) {
            context.cleanup.after(e);
            throw e;
        }
        return context;
    }

    private void create() {
        use();
        model = modelOf(index);
        stream = createStream();
        uploads = createStream();
        memory = new CudaMemory(stream);

        dnn = new cudnnContext();
        Check.cudnn("cudnnCreate", cudnn.cudnnCreate(dnn));
        cleanup.add(() -> Check.cudnn("cudnnDestroy", cudnn.cudnnDestroy(dnn)));
        Check.cudnn("cudnnSetStream", cudnn.cudnnSetStream(dnn, stream));

        algorithms = new Algorithms(this, options.timedSearch());

        Block workspace = memory.uninitialised("cuBLAS", CUBLAS_WORKSPACE_BYTES);
        cleanup.add(workspace::close);
        blas = new cublasContext();
        Check.cublas("cublasCreate", cublas.cublasCreate_v2(blas));
        cleanup.add(() -> Check.cublas("cublasDestroy", cublas.cublasDestroy_v2(blas)));
        Check.cublas("cublasSetStream", cublas.cublasSetStream_v2(blas, stream));
        Check.cublas(
                "cublasSetWorkspace",
                cublas.cublasSetWorkspace_v2(blas, Address.of(workspace.address()), workspace.bytes()));
        Check.cublas("cublasSetMathMode", cublas.cublasSetMathMode(blas, cublas.CUBLAS_PEDANTIC_MATH));
    }

    private CUstream_st createStream() {
        CUstream_st created = new CUstream_st();
        Check.cuda(
                "cudaStreamCreateWithFlags", cudart.cudaStreamCreateWithFlags(created, cudart.cudaStreamNonBlocking));
        cleanup.add(() -> Check.cuda("cudaStreamDestroy", cudart.cudaStreamDestroy(created)));
        return created;
    }

    /** Returns the name by which users ask for it. */
    String name() {
        return "cuda:" + index;
    }

    /** Makes this the device of the calling thread. */
    void use() {
        Check.cuda("cudaSetDevice", cudart.cudaSetDevice(index));
    }

    CUstream_st stream() {
        return stream;
    }

    CudaMemory memory() {
        return memory;
    }

    cudnnContext dnn() {
        return dnn;
    }

    /** Returns which of cuDNN's algorithms run what. */
    Algorithms algorithms() {
        return algorithms;
    }

    /** Returns what a convolution's factors of f32 are taken for. */
    Factors factorsOfF32() {
        return options.tf32() ? Factors.TF32 : Factors.F32;
    }

    /** Returns whether tensor cores multiply bf16 and TF32: since compute capability 8. */
    boolean roundsForTensorCores() {
        return attribute(cudart.cudaDevAttrComputeCapabilityMajor) >= 8;
    }

    cublasContext blas() {
        return blas;
    }

    /** Waits until all work that was asked of the device is done. */
    void synchronise() {
        synchronise(stream);
    }

    /** Waits until all uploads that were asked for are there. */
    void awaitUploads() {
        synchronise(uploads);
    }

    private static void synchronise(CUstream_st stream) {
        Check.cuda("cudaStreamSynchronize", cudart.cudaStreamSynchronize(stream));
    }

    /** Asks for a copy; {@code kind} is one of cudart's. */
    void copy(long to, long from, long bytes, int kind) {
        copy(Address.of(to), Address.of(from), bytes, kind);
    }

    /** Asks for a copy, and allocates nothing. */
    void copy(Pointer to, Pointer from, long bytes, int kind) {
        copy(to, from, bytes, kind, stream);
    }

    /** Asks for a copy of pinned host memory to the device, beside its work, and allocates nothing. */
    void upload(Pointer to, Pointer from, long bytes) {
        copy(to, from, bytes, cudart.cudaMemcpyHostToDevice, uploads);
    }

    private static void copy(Pointer to, Pointer from, long bytes, int kind, CUstream_st stream) {
        if (bytes > 0) {
            int error = cudart.cudaMemcpyAsync(to, from, bytes, kind, stream);
            if (error != cudart.cudaSuccess) {
                Check.cuda("cudaMemcpyAsync of " + bytes + " bytes", error);
            }
        }
    }

    /** Returns whether the kernels are a program for the host, which a GPU cannot run. */
    boolean kernelsAreEmulated() {
        return CudaKernels.eider_cuda_build_info().getString().startsWith("emulated");
    }

    /** Returns whether this is no GPU but the device of Eider's tests. */
    boolean isStandIn() {
        return model.equals(STAND_IN);
    }

    String description() {
        int[] driver = {0};
        int[] runtime = {0};
        Check.cuda("cudaDriverGetVersion", cudart.cudaDriverGetVersion(driver));
        Check.cuda("cudaRuntimeGetVersion", cudart.cudaRuntimeGetVersion(runtime));
        return name() + ", " + model + ", compute capability "
                + attribute(cudart.cudaDevAttrComputeCapabilityMajor) + "."
                + attribute(cudart.cudaDevAttrComputeCapabilityMinor) + ", driver for CUDA " + version(driver[0])
                + ", runtime " + version(runtime[0]) + ", cuDNN " + dnnVersion()
                + (options.tf32() ? ", f32 as TF32" : ", f32 without TF32")
                + (options.timedSearch() ? ", algorithms timed" : "") + ", eider "
                + CudaKernels.eider_cuda_build_info().getString();
    }

    @Override
    public void close() {
        cleanup.close();
    }

    private static String modelOf(int index) {
        try (cudaDeviceProp properties = new cudaDeviceProp()) {
            Check.cuda("cudaGetDeviceProperties", cudart.cudaGetDeviceProperties(properties, index));
            return properties.name().getString();
        }
    }

    private int attribute(int attribute) {
        int[] value = {0};
        Check.cuda("cudaDeviceGetAttribute", cudart.cudaDeviceGetAttribute(value, attribute, index));
        return value[0];
    }

    /** CUDA writes version 13.1 as 13010. */
    private static String version(int number) {
        return number / 1000 + "." + number % 1000 / 10;
    }

    /** cuDNN writes version 9.19.0 as 91900. */
    private static String dnnVersion() {
        long number = cudnn.cudnnGetVersion();
        return number / 10000 + "." + number % 10000 / 100 + "." + number % 100;
    }
}
