package io.eider.engine.backend.cpu;

import io.eider.engine.backend.planned.Address;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * One oneDNN primitive with its argument list, both made once, so that running it is one native call without a Java
 * allocation. Arguments are known by oneDNN's numbers ({@code DNNL_ARG_SRC} …).
 */
final class OneDnnPrimitive implements AutoCloseable {
    private final dnnl_primitive_desc description;
    private final dnnl_primitive primitive = new dnnl_primitive();
    private final int[] names;
    private final dnnl_memory[] memories;
    private final dnnl_exec_arg_t arguments;
    private final long scratchpadBytes;
    private final String implementation;

    /**
     * Creates the primitive.
     *
     * @param description what it does; owned by this object from here on
     * @param tensors its arguments, without the scratchpad
     */
    OneDnnPrimitive(dnnl_primitive_desc description, int... tensors) {
        this.description = description;
        OneDnn.check("primitive", dnnl.dnnl_primitive_create(primitive, description));
        scratchpadBytes = dnnl.dnnl_memory_desc_get_size(layout(dnnl.DNNL_ARG_SCRATCHPAD));
        names = new int[tensors.length + 1];
        System.arraycopy(tensors, 0, names, 0, tensors.length);
        names[tensors.length] = dnnl.DNNL_ARG_SCRATCHPAD;
        memories = new dnnl_memory[names.length];
        arguments = new dnnl_exec_arg_t(names.length);
        for (int i = 0; i < names.length; i++) {
            memories[i] = new dnnl_memory();
            OneDnn.check(
                    "memory",
                    dnnl.dnnl_memory_create(
                            memories[i], layout(names[i]), OneDnn.get().engine(), Address.of(0)));
            arguments.getPointer(i).arg(names[i]).memory(memories[i]);
        }
        implementation = implementation(description);
    }

    /** Returns which implementation a description stands for. */
    static String implementation(dnnl_primitive_desc description) {
        try (PointerPointer<BytePointer> name = new PointerPointer<>(1)) {
            OneDnn.check(
                    "implementation name",
                    dnnl.dnnl_primitive_desc_query(description, dnnl.dnnl_query_impl_info_str, 0, name));
            return name.get(BytePointer.class, 0).getString();
        }
    }

    /** Returns the layout that the implementation wants for an argument. */
    dnnl_memory_desc layout(int name) {
        return dnnl.dnnl_primitive_desc_query_md(description, dnnl.dnnl_query_exec_arg_md, name);
    }

    String implementation() {
        return implementation;
    }

    long scratchpadBytes() {
        return scratchpadBytes;
    }

    /** Sets where an argument lies. */
    void set(int name, long address) {
        for (int i = 0; i < names.length; i++) {
            if (names[i] == name) {
                Pointer handle = Address.of(address);
                OneDnn.check("memory handle", dnnl.dnnl_memory_set_data_handle(memories[i], handle));
            }
        }
    }

    void run() {
        int status = dnnl.dnnl_primitive_execute(primitive, OneDnn.get().stream(), names.length, arguments);
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN: " + implementation + " failed with status " + status);
        }
    }

    @Override
    public void close() {
        dnnl.dnnl_primitive_destroy(primitive);
        for (dnnl_memory memory : memories) {
            dnnl.dnnl_memory_destroy(memory);
        }
        arguments.close();
        dnnl.dnnl_primitive_desc_destroy(description);
    }
}
