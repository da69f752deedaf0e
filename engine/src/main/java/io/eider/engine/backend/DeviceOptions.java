package io.eider.engine.backend;

/**
 * How a device is to compute, as far as it has a choice.
 *
 * @param threads worker threads of a CPU, at least 1
 * @param tf32 whether a GPU's convolutions of f32 may round factors to 11 significant bits, so that tensor cores can multiply
 *     them
 * @param timedSearch whether a GPU chooses the algorithm of each convolution by timing all of them when a program is loaded,
 *     instead of asking its library which it expects to be fastest; another run may then choose, and so round, otherwise
 */
public record DeviceOptions(int threads, boolean tf32, boolean timedSearch) {
    /** Returns options that round as declared, and the same every time. */
    public static DeviceOptions ofThreads(int threads) {
        return new DeviceOptions(threads, false, false);
    }

    /**
     * Refuses what only a GPU can choose.
     *
     * @param device the name of one that is none
     * @throws DeviceUnavailableException if such a thing is asked for
     */
    public void refuseGpuOptions(String device) {
        if (tf32 || timedSearch) {
            throw new DeviceUnavailableException("the device " + device + " has no "
                    + (tf32 ? "TF32; leave out --tf32" : "algorithms to search; leave out --timed-search")
                    + ", or use the device cuda");
        }
    }
}
