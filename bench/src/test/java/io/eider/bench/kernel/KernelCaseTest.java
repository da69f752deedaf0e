package io.eider.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.graph.DType;
import io.eider.engine.op.fused.ConvolutionPlus;
import io.eider.engine.op.fused.ExampleLoss;
import io.eider.engine.op.fused.Focal;
import io.eider.engine.op.primitive.Cast;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Slice;
import io.eider.experiments.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelCaseTest {
    private static KernelCase parse(String text) {
        return KernelCase.parse(null, text);
    }

    @Test
    void textNamesAnOpItsAttributesAndItsInputs() {
        KernelCase one = parse("conv2d stride=2 padding=1 of 4x8x8x3 16x3x3x3");
        assertThat(one.op()).isEqualTo(new Conv2d(2, 1));
        assertThat(one.node().type(0).toString()).isEqualTo("f32[4, 4, 4, 16]");
        assertThat(parse(" conv2d   stride=2 padding=1  of 4x8x8x3  16x3x3x3 ").text())
                .isEqualTo(one.text())
                .isEqualTo(one.name());
    }

    @Test
    void attributesAreOfEveryKindThatOpsHave() {
        assertThat(parse("exampleLoss loss=focal:1.5 of 100x10 100:labels10").op())
                .isEqualTo(new ExampleLoss(new Focal(1.5)));
        assertThat(parse("convolutionPlus convolution=conv2d:1:1 of 1x4x4x16 16x3x3x16 1x4x4x16")
                        .op())
                .isEqualTo(new ConvolutionPlus(new Conv2d(1, 1)));
        assertThat(parse("cast dtype=BF16 of 3x4").op()).isEqualTo(new Cast(DType.BF16));
        assertThat(parse("slice start=0,1 step=1,2 shape=3x2 of 3x4").op()).isInstanceOf(Slice.class);
        assertThat(parse("matmul transposeB=true of 2x3 4x3").node().type(0).toString())
                .isEqualTo("f32[2, 4]");
        assertThat(parse("fill value=0.5 type=2x3 of").node().type(0).toString())
                .isEqualTo("f32[2, 3]");
        assertThat(parse("sgdStep momentum=0 weightDecay=0 of 5 5 5 scalar").text())
                .endsWith(" of 5 5 5 scalar");
    }

    @Test
    void workIsThatOfTheFormula() {
        KernelCase one = parse("conv2d stride=1 padding=1 of 4x8x8x3 16x3x3x3");
        assertThat(one.flops()).isEqualTo(2L * 4 * 8 * 8 * 16 * 3 * 3 * 3);
        assertThat(one.bytes()).isEqualTo(4L * (4 * 8 * 8 * 3 + 16 * 3 * 3 * 3 + 4 * 8 * 8 * 16));
    }

    @Test
    void ofASliceOnlyThePartTakenIsRead() {
        assertThat(parse("slice start=0,1 step=1,2 shape=3x2 of 3x4").bytes()).isEqualTo(4 * (6 + 6));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "conv3d of 1x1 | no kernel for an op 'conv3d'; it has add, augment",
                "conv2d stride=1 of 4x8x8x3 16x3x3x3 | needs padding; it is written conv2d stride=INT padding=INT",
                "conv2d stride=1 padding=1 pad=1 of 4x8x8x3 16x3x3x3 | no attribute 'pad'; it is written conv2d stride=INT",
                "conv2d stride=one padding=1 of 4x8x8x3 16x3x3x3 | stride=one is not INT",
                "conv2d stride padding=1 of 4x8x8x3 16x3x3x3 | 'stride' in",
                "conv2d stride=0 padding=1 of 4x8x8x3 16x3x3x3 | its stride must be at least 1",
                "conv2d stride=1 padding=1 of 4x8x8x3 16x3x3x4 | must agree in I",
                "add of 3x-1 3x1 | '3x-1' is not a shape; write extents joined by x",
                "add of 99999x99999 99999x99999 | too large",
                "add of 3:int 3 | 'int' in '3:int' is not 'positive', 'bf16', 'labelsC' (i32 from 0 to C - 1) or 'bytes'",
                "add of 3 | it takes two floating tensors",
                "add 3 3 | is not OP ATTRIBUTE=VALUE... of SHAPE...",
                "matmul transposeB=yes of 2x3 4x3 | transposeB=yes is not BOOLEAN",
                "sum axes=0,x of 2x3 | axes=0,x is not INT,INT",
                "convolutionPlus convolution=conv2d:1 of 1x4x4x16 16x3x3x16 1x4x4x16 | is not OP:VALUE",
                "augment pad=1 mean=1,x deviation=1,1 of 2x3x3x2:bytes 2x3:labels2 | mean=1,x is not DOUBLE,DOUBLE",
                "augment pad=1 mean=1 deviation=1 of 2x3x3x1 2x3:labels2 | it takes u8 images",
                "cast dtype=half of 3x4 | dtype=half is not F32",
                "convolutionPlus convolution=add of 1x4x4x16 16x3x3x16 1x4x4x16 | only conv2d and conv2dGradInput",
                "exampleLoss loss=focal of 100x10 100:labels10 | focal:GAMMA",
                "exampleLoss loss=hinge of 100x10 100:labels10 | crossEntropy, focal:GAMMA",
                "exampleLoss loss=focal:x of 100x10 100:labels10 | focal=x is not DOUBLE",
            })
    void whatIsWrongIsSaid(String text, String message) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(UserError.class).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "conv2d stride=1 padding=1 of 1000x32x32x16 16x3x3x16"
                        + " | conv2d stride=1 padding=1 of 105x32x32x16 16x3x3x16",
                "conv2dGradFilter stride=1 padding=1 height=3 width=3 of 1000x32x32x16 1000x32x32x16"
                        + " | conv2dGradFilter stride=1 padding=1 height=3 width=3 of 105x32x32x16 105x32x32x16",
                "matmul of 2048x2048 2048x2048 | matmul of 59x2048 2048x2048",
                "add of 100000000 100000000 | add of 16666666 16666666",
                "exampleLoss loss=crossEntropy of 60000x1000 60000:labels1000"
                        + " | exampleLoss loss=crossEntropy of 49900x1000 49900:labels1000",
                "add of 3 3 | add of 3 3",
            })
    void largeCasesAreCheckedOnFewerRows(String text, String smaller) {
        assertThat(parse(text).checkable().text()).isEqualTo(smaller);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fill value=0 type=10000x10000 of", "broadcast shape=10000x10000 of 10000x10000"})
    void whatCannotBeCheckedIsRefused(String text) {
        assertThatThrownBy(() -> parse(text).checkable())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("too large for the reference");
    }
}
