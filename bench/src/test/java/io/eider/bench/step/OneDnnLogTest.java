package io.eider.bench.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneDnnLogTest {
    private final OneDnnLog log = new OneDnnLog();

    @Test
    void namesVersionInstructionsAndKernelsOfConvolutions() {
        log.add("onednn_verbose,v1,info,oneDNN v3.12.0 (commit 80afa71)");
        log.add("onednn_verbose,v1,info,cpu,runtime:OpenMP,nthr:1");
        log.add("onednn_verbose,v1,info,cpu,isa:Intel AVX 10.1");
        log.add("onednn_verbose,v1,primitive,exec,cpu,reorder,jit:blk,undef,src:f32");
        log.add("onednn_verbose,v1,primitive,exec,cpu,convolution,jit:avx512_core,forward_training,src:f32");
        log.add("onednn_verbose,v1,primitive,exec,cpu,convolution,brg_conv_fwd:avx512_core,forward_training,src:f32");
        log.add("onednn_verbose,v1,primitive,exec,cpu,convolution,jit:avx512_core,backward_weights,src:f32");
        assertThat(log)
                .hasToString(
                        "oneDNN v3.12.0 for Intel AVX 10.1, convolutions brg_conv_fwd:avx512_core, jit:avx512_core");
    }

    @Test
    void saysThatItHeardNothing() {
        assertThat(log).hasToString("oneDNN was not used");
    }
}
