package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.primitive.Matmul;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** Matrix products by oneDNN; a transposed operand is one with its strides exchanged. */
final class MatmulKernel implements Kernel {
    @Override
    public Class<? extends Op> op() {
        return Matmul.class;
    }

    @Override
    public Prepared prepare(Node node) {
        Matmul op = (Matmul) node.op();
        if (node.inputs().stream().anyMatch(input -> input.shape().size() == 0)) {
            return CpuKernels.FILL.filled(node.type(0), 0);
        }
        dnnl_memory_desc a = matrix(node.input(0).shape(), op.transposeA());
        dnnl_memory_desc b = matrix(node.input(1).shape(), op.transposeB());
        dnnl_memory_desc c = matrix(node.type(0).shape(), false);
        OneDnn oneDnn = OneDnn.get();
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        int status = dnnl.dnnl_matmul_primitive_desc_create(
                description, oneDnn.engine(), a, b, null, c, oneDnn.attributes());
        dnnl.dnnl_memory_desc_destroy(a);
        dnnl.dnnl_memory_desc_destroy(b);
        dnnl.dnnl_memory_desc_destroy(c);
        OneDnn.checkImplemented(node, status);
        return new Product(
                new OneDnnPrimitive(description, dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_WEIGHTS, dnnl.DNNL_ARG_DST));
    }

    private static dnnl_memory_desc matrix(Shape stored, boolean transposed) {
        long rows = stored.dim(0);
        long columns = stored.dim(1);
        return transposed
                ? OneDnn.strided(new long[] {columns, rows}, new long[] {1, columns})
                : OneDnn.strided(new long[] {rows, columns}, new long[] {columns, 1});
    }

    private record Product(OneDnnPrimitive primitive) implements Prepared {
        @Override
        public String implementation() {
            return "oneDNN " + primitive.implementation();
        }

        @Override
        public long workspaceBytes() {
            return primitive.scratchpadBytes();
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            primitive.set(dnnl.DNNL_ARG_SRC, inputs[0]);
            primitive.set(dnnl.DNNL_ARG_WEIGHTS, inputs[1]);
            primitive.set(dnnl.DNNL_ARG_DST, outputs[0]);
            primitive.set(dnnl.DNNL_ARG_SCRATCHPAD, workspace);
        }

        @Override
        public void run() {
            primitive.run();
        }

        @Override
        public void close() {
            primitive.close();
        }
    }
}
