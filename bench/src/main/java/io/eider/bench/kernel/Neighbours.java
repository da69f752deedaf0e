package io.eider.bench.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** How much of the processor other processes took meanwhile, as Linux tells it: says whether the machine was quiet. */
final class Neighbours {
    /** Where a line of {@code /proc/self/stat} has the times of the process and of children that ended, after its name. */
    private static final int FIRST_TIME = 11;

    private static final int TIMES = 4;

    private final long[] start = now();

    /** Returns the percent of all cores that others took since this was created; {@code null} where the system does not tell. */
    Double percent() {
        long[] end = now();
        return end[0] == 0 ? null : percent(end[0] - start[0], end[1] - start[1], end[2] - start[2]);
    }

    /**
     * Returns the percent that others took.
     *
     * @param all ticks of all cores
     * @param idle ticks of them in which nothing ran
     * @param own ticks of this process and its children
     */
    static double percent(long all, long idle, long own) {
        return Math.max(0, 100.0 * (all - idle - own) / all);
    }

    private static long[] now() {
        try {
            // user nice system idle iowait irq softirq steal; what follows is counted in user and nice already
            long[] cpu = ticks(Files.readAllLines(Path.of("/proc/stat")).get(0).substring("cpu".length()));
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            String[] own = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new long[] {
                Arrays.stream(cpu).limit(8).sum(),
                cpu[3] + cpu[4],
                Arrays.stream(own, FIRST_TIME, FIRST_TIME + TIMES)
                        .mapToLong(Long::parseLong)
                        .sum()
            };
        } catch (IOException e) {
            return new long[3];
        }
    }

    private static long[] ticks(String line) {
        return Arrays.stream(line.strip().split("\\s+"))
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
