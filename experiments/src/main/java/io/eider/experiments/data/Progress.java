package io.eider.experiments.data;

/** Hears how far a long piece of work has come. Called on the thread that does the work. */
@FunctionalInterface
public interface Progress {
    /** Hears nothing. */
    Progress NONE = (what, done, total) -> {};

    /**
     * Some more is done.
     *
     * @param what the work in a few words, such as {@code "downloading cifar-10-binary.tar.gz"}
     * @param done units done so far: bytes for downloads, files otherwise
     * @param total units in all, or −1 if not known
     */
    void update(String what, long done, long total);
}
