/** CUDA devices: cuDNN's convolutions, cuBLAS's products, Eider's own kernels for everything else. */
package io.eider.engine.backend.cuda;
