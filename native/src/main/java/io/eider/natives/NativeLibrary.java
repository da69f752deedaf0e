package io.eider.natives;

import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;

/**
 * The outcome of loading the kernels: either where they came from, or why they are not there.
 *
 * <p>The kernels use OpenMP. A process that also uses oneDNN must load oneDNN's library <em>before</em> calling {@link
 * #load()}: oneDNN's jar carries a libgomp of its own, and whichever libgomp is mapped first serves both. In the other
 * order two are mapped, with two thread pools that fight for the same cores.
 */
public sealed interface NativeLibrary {

    /**
     * The kernels are loaded.
     *
     * @param file the shared library that binds them
     * @param buildInfo the compiler and instruction sets they were built with
     */
    record Loaded(Path file, String buildInfo) implements NativeLibrary {}

    /**
     * The kernels cannot be used in this process.
     *
     * @param reason one line that says why
     */
    record Unavailable(String reason) implements NativeLibrary {}

    /**
     * Loads the kernels, or finds that they were loaded before.
     *
     * @return what was loaded, or why nothing was
     */
    static NativeLibrary load() {
        try {
            String file = Loader.load(Kernels.class);
            return new Loaded(Path.of(file), Kernels.eider_build_info().getString());
        } catch (LinkageError e) {
            return new Unavailable("Eider's kernels for " + Loader.getPlatform() + " do not load: " + rootMessage(e));
        }
    }

    /**
     * This library, if it is loaded.
     *
     * @return this
     * @throws IllegalStateException with the reason, if it is not
     */
    default Loaded orThrow() {
        if (this instanceof Loaded loaded) {
            return loaded;
        }
        throw new IllegalStateException(((Unavailable) this).reason());
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }
}
