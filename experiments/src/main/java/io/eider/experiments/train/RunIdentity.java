package io.eider.experiments.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What must be the same for a run to give the same bits.
 *
 * @param version of eider
 * @param device description of the device: libraries and their versions, instruction set, threads
 * @param splitSha256 of the split's manifest
 * @param configuration everything that was asked for
 */
record RunIdentity(String version, String device, String splitSha256, TrainConfig configuration) {
    /** Settings that cost memory or time, and change no number. */
    private static final Set<String> SAME_BITS = Set.of("recompute");

    /** Says of each thing that differs in {@code now} what it was and what it is. */
    List<String> differences(RunIdentity now) {
        List<String> differences = new ArrayList<>();
        Difference.between(Json.tree(configuration), Json.tree(now.configuration)).stream()
                .filter(difference -> !SAME_BITS.contains(difference.key()))
                .forEach(difference -> differences.add(difference.toString()));
        compare(differences, "the device", device, now.device);
        compare(differences, "the split", splitSha256, now.splitSha256);
        compare(differences, "the version of eider", version, now.version);
        return differences;
    }

    private static void compare(List<String> differences, String what, String before, String after) {
        if (!before.equals(after)) {
            differences.add(what + " was " + before + " and is now " + after);
        }
    }
}
