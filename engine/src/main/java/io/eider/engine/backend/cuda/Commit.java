package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.PlannedGraph.Move;
import io.eider.natives.CudaKernels;
import io.eider.natives.CudaKernels.EiderCudaCopyEntry;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;

/** The assignments of one program: one launch that copies every new value, unless a status word says not to. */
final class Commit implements AutoCloseable {
    private final CudaContext context;
    private final int count;
    private final int words;
    private final DeviceTable table;
    private final EiderCudaCopyEntry entries;
    private long chunks;
    private LongPointer statuses;

    /** Allocates a table for that many assignments and words. */
    Commit(CudaContext context, int count, int words) {
        this.context = context;
        this.count = count;
        this.words = words;
        this.table = new DeviceTable(
                context, "a table of assignments", (long) count * Loader.sizeof(EiderCudaCopyEntry.class));
        this.entries = new EiderCudaCopyEntry(table.device());
    }

    /** Sets what is copied, and where the first status word lies. */
    void bind(Move[] moves, long firstWord) {
        EiderCudaCopyEntry written = new EiderCudaCopyEntry(table.host());
        for (int i = 0; i < count; i++) {
            written.position(i)
                    .x(Address.floats(moves[i].from()))
                    .out(Address.floats(moves[i].to()))
                    .n(words(moves[i].bytes()));
        }
        chunks = CudaKernels.eider_cuda_copy_chunks(count, written.position(0));
        statuses = new LongPointer(Address.of(firstWord));
        table.upload();
    }

    /** Returns the words of 4 bytes that hold so many bytes. */
    static long words(long bytes) {
        return (bytes + Float.BYTES - 1) / Float.BYTES;
    }

    /** Asks for the copies. */
    void run() {
        Launch.check(
                "eider_cuda_commit",
                CudaKernels.eider_cuda_commit_f32(count, chunks, entries, words, statuses, context.stream()));
    }

    @Override
    public void close() {
        table.close();
    }
}
