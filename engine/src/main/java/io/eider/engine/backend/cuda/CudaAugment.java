package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.AugmentKernel;
import io.eider.natives.CudaKernels;
import org.bytedeco.javacpp.FloatPointer;

/** Images from bytes, on a context's stream. */
final class CudaAugment {
    private static final String NAME = "eider_cuda_augment";

    private CudaAugment() {}

    static AugmentKernel kernel(CudaContext context) {
        return new AugmentKernel(
                NAME,
                (n, height, width, channels, pad, pixels, draws, table, out, statusWord) -> Launch.check(
                        NAME,
                        CudaKernels.eider_cuda_augment_u8(
                                n,
                                height,
                                width,
                                channels,
                                pad,
                                pixels,
                                draws,
                                table,
                                out,
                                statusWord,
                                context.stream())),
                values -> new Normalised(context, values));
    }

    private static final class Normalised implements AugmentKernel.Table {
        private final float[] values;
        private final DeviceTable table;

        private Normalised(CudaContext context, float[] values) {
            this.values = values;
            this.table = new DeviceTable(context, "a table of normalised bytes", (long) values.length * Float.BYTES);
        }

        @Override
        public FloatPointer filled() {
            new FloatPointer(table.host()).put(values);
            table.upload();
            return new FloatPointer(table.device());
        }

        @Override
        public void close() {
            table.close();
        }
    }
}
