package io.eider.experiments.table;

import io.eider.experiments.config.NamedConfig;
import java.nio.file.Path;

/**
 * One run of a table.
 *
 * @param config its configuration
 * @param seed its seed
 */
public record Cell(NamedConfig config, long seed) {
    /**
     * The name in logs.
     *
     * @return such as {@code cifar10-lt/if100/ours-ce seed 1}
     */
    public String name() {
        return config.name() + " seed " + seed;
    }

    /**
     * Where its results go.
     *
     * @param table the table's folder
     * @return such as {@code cifar10-lt/if100/ours-ce/seed1} in it
     */
    public Path folder(Path table) {
        return table.resolve(config.name()).resolve("seed" + seed);
    }
}
