package io.eider.natives;

/**
 * How large this process may become. JavaCPP allocates nothing more once the process is larger than four times Java's heap,
 * since it expects memory to be waiting for the garbage collector; none of Eider's does, and arenas are much larger than
 * heaps.
 */
public final class ProcessMemory {
    private static final String LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

    private ProcessMemory() {}

    /** Lifts the limit, unless the user has set one. Works only before any class of JavaCPP is initialised. */
    public static void liftLimit() {
        if (System.getProperty(LIMIT) == null) {
            System.setProperty(LIMIT, "0");
        }
    }
}
