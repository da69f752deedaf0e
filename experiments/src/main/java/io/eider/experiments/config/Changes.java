package io.eider.experiments.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a command changes in a configuration.
 *
 * @param epochsScale what every epoch of the schedule is multiplied by
 * @param set assignments such as {@code depth=8}
 */
public record Changes(double epochsScale, List<String> set) {
    /** None. */
    public static final Changes NONE = new Changes(1, List.of());

    /** Copies the list. */
    public Changes {
        set = List.copyOf(set);
    }

    /**
     * Makes the changes. The schedule is scaled first, so that what is set stays as it is.
     *
     * @param settings are changed
     * @return the same tree
     * @throws io.eider.experiments.UserError if there is no such setting, or the scale is out of range
     */
    public ObjectNode apply(ObjectNode settings) {
        if (epochsScale != 1) {
            Settings.scaleEpochs(settings, epochsScale);
        }
        set.forEach(assignment -> Settings.put(settings, assignment));
        return settings;
    }
}
