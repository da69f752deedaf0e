package io.eider.experiments.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.experiments.config.Changes;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that change any configuration. */
final class Overrides {
    @Option(
            names = "--epochs-scale",
            paramLabel = "X",
            defaultValue = "1",
            description = "Multiply every epoch of the schedule, for a dry run: 0.1 trains a tenth as long.")
    private double epochsScale = 1;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change one setting, by the name it has in `eider configs show`; may be repeated.")
    private List<String> set = new ArrayList<>();

    boolean scalesEpochs() {
        return epochsScale != 1;
    }

    Changes changes() {
        return new Changes(epochsScale, set);
    }

    /** Makes the changes. */
    ObjectNode apply(ObjectNode settings) {
        return changes().apply(settings);
    }
}
