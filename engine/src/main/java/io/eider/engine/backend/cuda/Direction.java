package io.eider.engine.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdDataAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdFilterAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionFwdAlgoPerf_t;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A convolution, or one of its adjoints, as cuDNN offers it. The functions are those of cuDNN's older interface: of the
 * newer one only a C form without names is bound.
 */
@SuppressWarnings("deprecation")
enum Direction {
    /** Results from images and filters. */
    FORWARD("cudnnConvolutionForward") {
        @Override
        int ask(cudnnContext dnn, ConvolutionDescriptors d, IntPointer count, List<Algorithm> found) {
            try (cudnnConvolutionFwdAlgoPerf_t results = new cudnnConvolutionFwdAlgoPerf_t(MOST_ALGORITHMS)) {
                int status = cudnn.cudnnGetConvolutionForwardAlgorithm_v7(
                        dnn, d.x, d.w, d.convolution, d.y, MOST_ALGORITHMS, count, results);
                for (int i = 0; i < count.get(); i++) {
                    results.position(i);
                    found.add(
                            new Algorithm(results.algo(), results.status(), results.determinism(), results.mathType()));
                }
                results.position(0);
                return status;
            }
        }

        @Override
        int workspace(cudnnContext dnn, ConvolutionDescriptors d, int algorithm, SizeTPointer bytes) {
            return cudnn.cudnnGetConvolutionForwardWorkspaceSize(dnn, d.x, d.w, d.convolution, d.y, algorithm, bytes);
        }

        @Override
        int run(cudnnContext dnn, ConvolutionDescriptors d, int algorithm, Operands o) {
            return cudnn.cudnnConvolutionForward(
                    dnn,
                    o.alpha,
                    d.x,
                    o.first,
                    d.w,
                    o.second,
                    d.convolution,
                    algorithm,
                    o.workspace,
                    o.bytes,
                    o.beta,
                    d.y,
                    o.result);
        }
    },

    /** Images from results and filters. */
    GRAD_INPUT("cudnnConvolutionBackwardData") {
        @Override
        int ask(cudnnContext dnn, ConvolutionDescriptors d, IntPointer count, List<Algorithm> found) {
            try (cudnnConvolutionBwdDataAlgoPerf_t results = new cudnnConvolutionBwdDataAlgoPerf_t(MOST_ALGORITHMS)) {
                int status = cudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                        dnn, d.w, d.y, d.convolution, d.x, MOST_ALGORITHMS, count, results);
                for (int i = 0; i < count.get(); i++) {
                    results.position(i);
                    found.add(
                            new Algorithm(results.algo(), results.status(), results.determinism(), results.mathType()));
                }
                results.position(0);
                return status;
            }
        }

        @Override
        int workspace(cudnnContext dnn, ConvolutionDescriptors d, int algorithm, SizeTPointer bytes) {
            return cudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                    dnn, d.w, d.y, d.convolution, d.x, algorithm, bytes);
        }

        @Override
        int run(cudnnContext dnn, ConvolutionDescriptors d, int algorithm, Operands o) {
            return cudnn.cudnnConvolutionBackwardData(
                    dnn,
                    o.alpha,
                    d.w,
                    o.second,
                    d.y,
                    o.first,
                    d.convolution,
                    algorithm,
                    o.workspace,
                    o.bytes,
                    o.beta,
                    d.x,
                    o.result);
        }
    },

    /** Filters from images and results. */
    GRAD_FILTER("cudnnConvolutionBackwardFilter") {
        @Override
        int ask(cudnnContext dnn, ConvolutionDescriptors d, IntPointer count, List<Algorithm> found) {
            try (cudnnConvolutionBwdFilterAlgoPerf_t results =
                    new cudnnConvolutionBwdFilterAlgoPerf_t(MOST_ALGORITHMS)) {
                int status = cudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                        dnn, d.x, d.y, d.convolution, d.w, MOST_ALGORITHMS, count, results);
                for (int i = 0; i < count.get(); i++) {
                    results.position(i);
                    found.add(
                            new Algorithm(results.algo(), results.status(), results.determinism(), results.mathType()));
                }
                results.position(0);
                return status;
            }
        }

        @Override
        int workspace(cudnnContext dnn, ConvolutionDescriptors d, int algorithm, SizeTPointer bytes) {
            return cudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                    dnn, d.x, d.y, d.convolution, d.w, algorithm, bytes);
        }

        @Override
        int run(cudnnContext dnn, ConvolutionDescriptors d, int algorithm, Operands o) {
            return cudnn.cudnnConvolutionBackwardFilter(
                    dnn,
                    o.alpha,
                    d.x,
                    o.first,
                    d.y,
                    o.second,
                    d.convolution,
                    algorithm,
                    o.workspace,
                    o.bytes,
                    o.beta,
                    d.w,
                    o.result);
        }
    };

    /** cuDNN has eight algorithms at most, and names one once for each kind of arithmetic. */
    private static final int MOST_ALGORITHMS = 32;

    /** More would be taken from what a batch can have, for one operation among hundreds. */
    private static final long MOST_WORKSPACE = 1L << 30;

    /** What is to be run, and the scratch memory that it needs. */
    record Choice(int algorithm, long workspaceBytes) {}

    /** One of cuDNN's proposals. */
    record Algorithm(int number, int status, int determinism, int mathType) {
        /**
         * Returns whether it can run, gives the same bits each time, and needs no tensor cores. An algorithm that knows
         * none may be listed under the default; what the call does is up to the descriptor, which says FMA.
         */
        boolean isFaithful() {
            return status == cudnn.CUDNN_STATUS_SUCCESS
                    && determinism == cudnn.CUDNN_DETERMINISTIC
                    && (mathType == cudnn.CUDNN_FMA_MATH || mathType == cudnn.CUDNN_DEFAULT_MATH);
        }
    }

    /** What a call is given, in the order of the op's inputs: result = alpha · op(first, second) + beta · result. */
    static final class Operands {
        Pointer alpha;
        Pointer beta;
        Pointer first;
        Pointer second;
        Pointer result;
        Pointer workspace;
        long bytes;
    }

    private final String function;

    Direction(String function) {
        this.function = function;
    }

    /** Returns the name of cuDNN's function. */
    String function() {
        return function;
    }

    /**
     * Returns the algorithm that cuDNN's heuristic expects to be fastest of those that are deterministic, keep f32, and get
     * along with {@link #MOST_WORKSPACE}.
     *
     * @throws CudaException if there is none
     */
    Choice fastest(cudnnContext dnn, ConvolutionDescriptors descriptors) {
        List<Algorithm> found = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        try (IntPointer count = new IntPointer(1);
                SizeTPointer bytes = new SizeTPointer(1)) {
            count.put(0);
            Check.cudnn("the choice of an algorithm for " + function, ask(dnn, descriptors, count, found));
            for (Algorithm algorithm : found) {
                if (!algorithm.isFaithful()) {
                    refused.add(algorithm.toString());
                    continue;
                }
                int status = workspace(dnn, descriptors, algorithm.number, bytes);
                if (status == cudnn.CUDNN_STATUS_SUCCESS && bytes.get() <= MOST_WORKSPACE) {
                    return new Choice(algorithm.number, bytes.get());
                }
                if (status != cudnn.CUDNN_STATUS_SUCCESS && status != cudnn.CUDNN_STATUS_NOT_SUPPORTED) {
                    Check.cudnn("the size of scratch memory for " + function, status);
                }
                refused.add(algorithm + " with "
                        + (status == cudnn.CUDNN_STATUS_SUCCESS ? bytes.get() + " bytes" : "no size")
                        + " of scratch memory");
            }
        }
        throw new CudaException(
                "the choice of an algorithm for " + function,
                "cuDNN has none for these shapes that is deterministic, in f32, and in " + MOST_WORKSPACE
                        + " bytes of scratch memory; it offers " + refused);
    }

    /** Asks for proposals, fastest first; returns a status. */
    abstract int ask(cudnnContext dnn, ConvolutionDescriptors d, IntPointer count, List<Algorithm> found);

    /** Asks for the size of scratch memory; returns a status. */
    abstract int workspace(cudnnContext dnn, ConvolutionDescriptors d, int algorithm, SizeTPointer bytes);

    /** Runs; returns a status. */
    abstract int run(cudnnContext dnn, ConvolutionDescriptors d, int algorithm, Operands operands);
}
