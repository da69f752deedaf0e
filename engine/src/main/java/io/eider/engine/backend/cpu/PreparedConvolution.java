package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.program.MemoryPlan;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/**
 * A oneDNN convolution and, where its implementation wants filters in a layout of its own, the reorder between that and
 * our O,H,W,I. Scratch memory: reordered filters, then the larger of the two scratchpads.
 */
final class PreparedConvolution implements Kernel.Prepared {
    /** An argument: oneDNN's number for it, and whether it is an output and which. */
    record Role(int name, boolean output, int index) {
        private long address(long[] inputs, long[] outputs) {
            return (output ? outputs : inputs)[index];
        }
    }

    private final OneDnnPrimitive convolution;
    private final OneDnnPrimitive reorder;
    private final Role filter;
    private final Role[] images;
    private final long filterBytes;

    /**
     * Creates it.
     *
     * @param description of the convolution; owned by this object
     * @param plain layout of our filters
     * @param filter the argument that is a filter
     * @param images the other two
     */
    PreparedConvolution(dnnl_primitive_desc description, dnnl_memory_desc plain, Role filter, Role... images) {
        this.filter = filter;
        this.images = images;
        this.convolution = new OneDnnPrimitive(description, filter.name(), images[0].name(), images[1].name());
        dnnl_memory_desc wanted = convolution.layout(filter.name());
        if (dnnl.dnnl_memory_desc_equal(wanted, plain) != 0) {
            reorder = null;
            filterBytes = 0;
        } else {
            reorder = filter.output() ? reorder(wanted, plain) : reorder(plain, wanted);
            filterBytes = aligned(dnnl.dnnl_memory_desc_get_size(wanted));
        }
    }

    @Override
    public String implementation() {
        return "oneDNN " + convolution.implementation() + (reorder == null ? "" : ", filter reordered");
    }

    @Override
    public long workspaceBytes() {
        return filterBytes + Math.max(convolution.scratchpadBytes(), reorder == null ? 0 : reorder.scratchpadBytes());
    }

    @Override
    public void bind(long[] inputs, long[] outputs, long workspace) {
        for (Role image : images) {
            convolution.set(image.name(), image.address(inputs, outputs));
        }
        long scratchpad = workspace + filterBytes;
        convolution.set(dnnl.DNNL_ARG_SCRATCHPAD, scratchpad);
        long plain = filter.address(inputs, outputs);
        if (reorder == null) {
            convolution.set(filter.name(), plain);
        } else {
            convolution.set(filter.name(), workspace);
            reorder.set(dnnl.DNNL_ARG_FROM, filter.output() ? workspace : plain);
            reorder.set(dnnl.DNNL_ARG_TO, filter.output() ? plain : workspace);
            reorder.set(dnnl.DNNL_ARG_SCRATCHPAD, scratchpad);
        }
    }

    @Override
    public void run() {
        if (reorder != null && !filter.output()) {
            reorder.run();
        }
        convolution.run();
        if (reorder != null && filter.output()) {
            reorder.run();
        }
    }

    @Override
    public void close() {
        convolution.close();
        if (reorder != null) {
            reorder.close();
        }
    }

    private static OneDnnPrimitive reorder(dnnl_memory_desc from, dnnl_memory_desc to) {
        OneDnn oneDnn = OneDnn.get();
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        OneDnn.check(
                "filter reorder",
                dnnl.dnnl_reorder_primitive_desc_create(
                        description, from, oneDnn.engine(), to, oneDnn.engine(), oneDnn.attributes()));
        return new OneDnnPrimitive(description, dnnl.DNNL_ARG_FROM, dnnl.DNNL_ARG_TO);
    }

    private static long aligned(long bytes) {
        return (bytes + MemoryPlan.ALIGNMENT - 1) / MemoryPlan.ALIGNMENT * MemoryPlan.ALIGNMENT;
    }
}
