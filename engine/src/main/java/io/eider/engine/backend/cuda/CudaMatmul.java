package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.primitive.Matmul;
import java.util.Set;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Matrix products by cuBLAS. It counts along columns first, so to it our row-major matrices are transposed, and C = A·B is
 * Cᵀ = Bᵀ·Aᵀ.
 */
record CudaMatmul(CudaContext context) implements Kernel {
    @Override
    public Class<? extends Op> op() {
        return Matmul.class;
    }

    @Override
    public Set<DType> dtypes() {
        return Set.of(DType.F32);
    }

    @Override
    public Prepared prepare(Node node) {
        return node.inputs().stream().anyMatch(input -> input.shape().size() == 0)
                ? new CudaFill(context).filled(node.type(0), 0)
                : new Product(context, node);
    }

    private static final class Product implements Prepared {
        private final CudaContext context;
        private final Matmul op;
        private final int rows;
        private final int columns;
        private final int inner;
        private final FloatPointer one = new FloatPointer(1f);
        private final FloatPointer zero = new FloatPointer(0f);
        private FloatPointer a;
        private FloatPointer b;
        private FloatPointer c;

        private Product(CudaContext context, Node node) {
            this.context = context;
            op = (Matmul) node.op();
            rows = node.type(0).shape().dim(0);
            columns = node.type(0).shape().dim(1);
            inner = node.input(0).shape().dim(op.transposeA() ? 0 : 1);
        }

        @Override
        public String implementation() {
            return "cuBLAS sgemm";
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            a = Address.floats(inputs[0]);
            b = Address.floats(inputs[1]);
            c = Address.floats(outputs[0]);
        }

        @Override
        public void run() {
            Check.cublas(
                    "cublasSgemm",
                    cublas.cublasSgemm_v2(
                            context.blas(),
                            transposition(op.transposeB()),
                            transposition(op.transposeA()),
                            columns,
                            rows,
                            inner,
                            one,
                            b,
                            op.transposeB() ? inner : columns,
                            a,
                            op.transposeA() ? rows : inner,
                            zero,
                            c,
                            columns));
        }

        private static int transposition(boolean transpose) {
            return transpose ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N;
        }

        @Override
        public void close() {
            one.close();
            zero.close();
        }
    }
}
