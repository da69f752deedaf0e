package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.Cleanup;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;

/** When a device reached each step of a run: events in the stream, so that nothing waits for the host between steps. */
final class StepTimes implements AutoCloseable {
    private final CudaContext context;
    private final CUevent_st[] events;
    private final Cleanup cleanup = new Cleanup();

    StepTimes(CudaContext context, int steps) {
        this.context = context;
        this.events = new CUevent_st[steps + 1];
        try {
            for (int i = 0; i < events.length; i++) {
                CUevent_st event = new CUevent_st();
                Check.cuda("cudaEventCreate", cudart.cudaEventCreate(event));
                cleanup.add(() -> Check.cuda("cudaEventDestroy", cudart.cudaEventDestroy(event)));
                events[i] = event;
            }
        } catch (RuntimeException | Error e) {
            cleanup.after(e);
            throw e;
        }
    }

    /** Asks for the time at which everything so far is done. The last mark ends the last step. */
    void mark(int step) {
        Check.cuda("cudaEventRecord", cudart.cudaEventRecord(events[step], context.stream()));
    }

    /** Returns what each step took, once the device has reached the last mark. */
    long[] nanoseconds() {
        long[] result = new long[events.length - 1];
        float[] millis = new float[1];
        for (int i = 0; i < result.length; i++) {
            Check.cuda("cudaEventElapsedTime", cudart.cudaEventElapsedTime(millis, events[i], events[i + 1]));
            result[i] = Math.round(millis[0] * 1e6);
        }
        return result;
    }

    @Override
    public void close() {
        cleanup.close();
    }
}
