package io.eider.engine.backend.cpu;

import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.natives.Kernels;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/** oneDNN's CPU engine with a stream, made once a process, and what every primitive of this backend asks for. */
final class OneDnn {
    private static final class Holder {
        private static final OneDnn INSTANCE = new OneDnn();
    }

    private final dnnl_engine engine = new dnnl_engine();
    private final dnnl_stream stream = new dnnl_stream();
    private final dnnl_primitive_attr attributes = new dnnl_primitive_attr();

    private OneDnn() {
        check("engine", dnnl.dnnl_engine_create(engine, dnnl.dnnl_cpu, 0));
        check("stream", dnnl.dnnl_stream_create(stream, engine, dnnl.dnnl_stream_default_flags));
        check("attributes", dnnl.dnnl_primitive_attr_create(attributes));
        // A library-owned scratchpad would be one a primitive, for the life of the primitive: here steps share theirs.
        check("scratchpad", dnnl.dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl.dnnl_scratchpad_mode_user));
        check("determinism", dnnl.dnnl_primitive_attr_set_deterministic(attributes, 1));
    }

    /**
     * Loads the library, or finds that it was loaded before.
     *
     * @throws DeviceUnavailableException if it cannot be; says why
     */
    static void load() {
        try {
            Loader.load(dnnl.class);
        } catch (LinkageError e) {
            throw new DeviceUnavailableException(
                    "oneDNN for " + Loader.getPlatform() + " does not load: " + rootMessage(e), e);
        }
    }

    static OneDnn get() {
        return Holder.INSTANCE;
    }

    static String version() {
        dnnl_version_t version = dnnl.dnnl_version();
        return "oneDNN " + version.major() + "." + version.minor() + "." + version.patch();
    }

    /** Returns whether AMX may be used. */
    static boolean hasAmx() {
        return has(dnnl.dnnl_cpu_isa_avx512_core_amx);
    }

    /**
     * Returns whether convolutions of bf16 pay. oneDNN has them from AVX-512 on, but without AMX they do so only where the
     * processor's instructions for vectors of bf16 do twice as much a cycle as those for f32.
     */
    static boolean hasFastBFloat16() {
        return hasAmx() || has(dnnl.dnnl_cpu_isa_avx512_core_bf16) && Kernels.eider_fast_bf16_vectors() != 0;
    }

    /** Returns whether AVX-512 may be used; without it oneDNN has no convolutions of bf16. */
    static boolean hasAvx512() {
        return has(dnnl.dnnl_cpu_isa_avx512_core);
    }

    private static boolean has(int isa) {
        return (dnnl.dnnl_get_effective_cpu_isa() & isa) == isa;
    }

    dnnl_engine engine() {
        return engine;
    }

    dnnl_stream stream() {
        return stream;
    }

    /** Returns the attributes of every primitive: scratchpad from the arena, deterministic, f32 kept as f32. */
    dnnl_primitive_attr attributes() {
        return attributes;
    }

    /** Returns a description of an f32 tensor with given strides; to be destroyed by the caller. */
    static dnnl_memory_desc strided(long[] dims, long[] strides) {
        dnnl_memory_desc description = new dnnl_memory_desc();
        check(
                "memory",
                dnnl.dnnl_memory_desc_create_with_strides(description, dims.length, dims, dnnl.dnnl_f32, strides));
        return description;
    }

    /** Returns a description of a tensor in a named layout; to be destroyed by the caller. */
    static dnnl_memory_desc tagged(DType dtype, long[] dims, int tag) {
        dnnl_memory_desc description = new dnnl_memory_desc();
        int type = dtype == DType.BF16 ? dnnl.dnnl_bf16 : dnnl.dnnl_f32;
        check("memory", dnnl.dnnl_memory_desc_create_with_tag(description, dims.length, dims, type, tag));
        return description;
    }

    /** Throws if oneDNN has no implementation for a node. */
    static void checkImplemented(Node node, int status) {
        if (status == dnnl.dnnl_unimplemented) {
            throw new UnsupportedOperationException(
                    version() + " has no implementation of " + node + " of " + node.inputs() + " to " + node.types());
        }
        check(node.toString(), status);
    }

    /** Throws if a call failed. */
    static void check(String what, int status) {
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN: " + what + " failed with status " + status);
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }
}
