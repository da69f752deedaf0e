package io.eider.engine.backend;

import java.util.List;

/** The kernels that one jar brings for one backend. Found by {@link java.util.ServiceLoader}. */
public interface KernelProvider {
    /** Returns the name of the backend, as in {@link Backend#name()}. */
    String backend();

    /** Returns the kernels for a device of that backend; asked once, when it is opened. */
    List<Kernel> kernels(Device device);
}
