package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Backend;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceOptions;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.planned.Cleanup;
import io.eider.natives.CudaKernels;
import io.eider.natives.ProcessMemory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.Loader;

/** Opens CUDA devices: backend {@code cuda}. */
public final class CudaBackend implements Backend {
    private static final String NVIDIA = "Install NVIDIA's driver (580 or later), CUDA 13 and cuDNN 9";

    private static final Map<Class<?>, String> FAILURES = new ConcurrentHashMap<>();

    /** Used by {@link java.util.ServiceLoader}. */
    public CudaBackend() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Device open(int index, DeviceOptions options) {
        ProcessMemory.liftLimit();
        int devices = count();
        if (index >= devices) {
            throw new DeviceUnavailableException("there is no device cuda:" + index + "; this machine has cuda:0"
                    + (devices > 1 ? " to cuda:" + (devices - 1) : ""));
        }
        load(cudnn.class, "cuDNN 9", NVIDIA);
        load(cublas.class, "cuBLAS 13", NVIDIA);
        load(CudaKernels.class, "the library of Eider's CUDA kernels", "Build again where nvcc of CUDA 13 is");
        try {
            return opened(index, options);
        } catch (CudaException | DeviceMemoryException e) {
            throw new DeviceUnavailableException(
                    "device cuda:" + index + " cannot be used: " + e.getMessage() + ". `nvidia-smi` shows who uses it",
                    e);
        }
    }

    /** Opens a device that the driver counts, which another process may hold all the same, or its memory. */
    private static CudaDevice opened(int index, DeviceOptions options) {
        CudaContext context = CudaContext.open(index, options);
        try {
            if (context.kernelsAreEmulated() && !context.isStandIn()) {
                throw new DeviceUnavailableException(
                        "this build has no kernels for CUDA, because there was no nvcc when it "
                                + "was made: install CUDA 13's nvcc and build again");
            }
            if (options.tf32() && !context.roundsForTensorCores()) {
                throw new DeviceUnavailableException("the device cuda:" + index
                        + " has no TF32, which begins with compute capability 8; leave out --tf32");
            }
            return new CudaDevice(context);
        } catch (RuntimeException | Error e) {
            Cleanup cleanup = new Cleanup();
            cleanup.add(context::close);
            cleanup.after(e);
            throw e;
        }
    }

    /** Returns how many devices the driver knows, at least 1. */
    private static int count() {
        load(cudart.class, "CUDA 13", NVIDIA);
        int[] count = {0};
        int error = cudart.cudaGetDeviceCount(count);
        if (error != cudart.cudaSuccess) {
            throw new DeviceUnavailableException("no CUDA device: " + Check.cudaText(error));
        }
        if (count[0] < 1) {
            throw new DeviceUnavailableException("no CUDA device: the driver knows of none");
        }
        return count[0];
    }

    /** Loads a library's binding. */
    private static void load(Class<?> binding, String library, String advice) {
        String failure = FAILURES.get(binding);
        if (failure == null) {
            try {
                Loader.load(binding);
                return;
            } catch (LinkageError e) {
                failure = library + " does not load: " + reason(e) + ". " + advice + ", or use the device cpu";
                // The next attempt would fail without saying why.
                FAILURES.put(binding, failure);
            }
        }
        throw new DeviceUnavailableException(failure);
    }

    /** What the dynamic loader says, without the name of our own library that asked for the missing one. */
    private static String reason(LinkageError error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        int missing = message.indexOf(": lib");
        return missing < 0 ? message : message.substring(missing + 2);
    }
}
