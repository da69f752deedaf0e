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
        int propose(cudnnContext dnn, ConvolutionDescriptors d, Trial trial, IntPointer count, List<Algorithm> found) {
            try (cudnnConvolutionFwdAlgoPerf_t results = new cudnnConvolutionFwdAlgoPerf_t(MOST_ALGORITHMS)) {
                int status = trial == null
                        ? cudnn.cudnnGetConvolutionForwardAlgorithm_v7(
                                dnn, d.x, d.w, d.convolution, d.y, MOST_ALGORITHMS, count, results)
                        : cudnn.cudnnFindConvolutionForwardAlgorithmEx(
                                dnn,
                                d.x,
                                trial.x(),
                                d.w,
                                trial.w(),
                                d.convolution,
                                d.y,
                                trial.y(),
                                MOST_ALGORITHMS,
                                count,
                                results,
                                trial.workspace(),
                                trial.bytes());
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
        int propose(cudnnContext dnn, ConvolutionDescriptors d, Trial trial, IntPointer count, List<Algorithm> found) {
            try (cudnnConvolutionBwdDataAlgoPerf_t results = new cudnnConvolutionBwdDataAlgoPerf_t(MOST_ALGORITHMS)) {
                int status = trial == null
                        ? cudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                                dnn, d.w, d.y, d.convolution, d.x, MOST_ALGORITHMS, count, results)
                        : cudnn.cudnnFindConvolutionBackwardDataAlgorithmEx(
                                dnn,
                                d.w,
                                trial.w(),
                                d.y,
                                trial.y(),
                                d.convolution,
                                d.x,
                                trial.x(),
                                MOST_ALGORITHMS,
                                count,
                                results,
                                trial.workspace(),
                                trial.bytes());
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
        int propose(cudnnContext dnn, ConvolutionDescriptors d, Trial trial, IntPointer count, List<Algorithm> found) {
            try (cudnnConvolutionBwdFilterAlgoPerf_t results =
                    new cudnnConvolutionBwdFilterAlgoPerf_t(MOST_ALGORITHMS)) {
                int status = trial == null
                        ? cudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                                dnn, d.x, d.y, d.convolution, d.w, MOST_ALGORITHMS, count, results)
                        : cudnn.cudnnFindConvolutionBackwardFilterAlgorithmEx(
                                dnn,
                                d.x,
                                trial.x(),
                                d.y,
                                trial.y(),
                                d.convolution,
                                d.w,
                                trial.w(),
                                MOST_ALGORITHMS,
                                count,
                                results,
                                trial.workspace(),
                                trial.bytes());
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

    /** One of cuDNN's proposals. */
    record Algorithm(int number, int status, int determinism, int mathType) {
        /** Returns whether it can run, gives the same bits each time, and takes factors for what they are. */
        boolean isFaithful(Factors factors) {
            return status == cudnn.CUDNN_STATUS_SUCCESS
                    && determinism == cudnn.CUDNN_DETERMINISTIC
                    && (factors != Factors.F32 || mathType == cudnn.CUDNN_FMA_MATH);
        }
    }

    /** Memory to time algorithms in: the result and the scratch memory are overwritten. */
    record Trial(Pointer x, Pointer w, Pointer y, Pointer workspace, long bytes) {}

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
     * Returns cuDNN's algorithms, those first that it expects to be fastest.
     *
     * @throws CudaException if cuDNN does not say
     */
    List<Algorithm> proposals(cudnnContext dnn, ConvolutionDescriptors descriptors) {
        return proposed(dnn, descriptors, null);
    }

    /**
     * Returns cuDNN's algorithms, those first that were fastest just now.
     *
     * @param trial memory to try them in
     * @throws CudaException if cuDNN does not say
     */
    List<Algorithm> timedProposals(cudnnContext dnn, ConvolutionDescriptors descriptors, Trial trial) {
        return proposed(dnn, descriptors, trial);
    }

    private List<Algorithm> proposed(cudnnContext dnn, ConvolutionDescriptors descriptors, Trial trial) {
        List<Algorithm> found = new ArrayList<>();
        try (IntPointer count = new IntPointer(1)) {
            count.put(0);
            Check.cudnn("the choice of an algorithm for " + function, propose(dnn, descriptors, trial, count, found));
        }
        return found;
    }

    /** Asks for proposals, fastest first, timed in a trial's memory if that is not null; returns a status. */
    abstract int propose(
            cudnnContext dnn, ConvolutionDescriptors d, Trial trial, IntPointer count, List<Algorithm> found);

    /** Asks for the size of scratch memory; returns a status. */
    abstract int workspace(cudnnContext dnn, ConvolutionDescriptors d, int algorithm, SizeTPointer bytes);

    /** Runs; returns a status. */
    abstract int run(cudnnContext dnn, ConvolutionDescriptors d, int algorithm, Operands operands);
}
