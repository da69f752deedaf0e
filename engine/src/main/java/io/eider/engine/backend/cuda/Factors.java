package io.eider.engine.backend.cuda;

import org.bytedeco.cuda.global.cudnn;

/** What the factors of a convolution's products are; products are summed in f32 either way. */
enum Factors {
    /** 24 significant bits; not for tensor cores. */
    F32(cudnn.CUDNN_DATA_FLOAT, cudnn.CUDNN_FMA_MATH),
    /** Stored in f32 and rounded to 11 significant bits, which is exact where they came from bf16. */
    TF32(cudnn.CUDNN_DATA_FLOAT, cudnn.CUDNN_DEFAULT_MATH),
    /** 8 significant bits. Results are rounded to them too. */
    BF16(cudnn.CUDNN_DATA_BFLOAT16, cudnn.CUDNN_TENSOR_OP_MATH);

    private final int dataType;
    private final int mathType;

    Factors(int dataType, int mathType) {
        this.dataType = dataType;
        this.mathType = mathType;
    }

    /** Returns cuDNN's type of the three arrays. */
    int dataType() {
        return dataType;
    }

    /** Returns the bytes of a number of that type. */
    int bytes() {
        return this == BF16 ? Short.BYTES : Float.BYTES;
    }

    /** Returns the arithmetic to ask for; cuDNN's default for f32 is TF32. */
    int mathType() {
        return mathType;
    }
}
