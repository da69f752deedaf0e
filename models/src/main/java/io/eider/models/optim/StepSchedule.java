package io.eider.models.optim;

import java.util.List;

/**
 * A learning rate that drops by a factor at given epochs: initial · factor^(number of drops passed).
 *
 * @param initial learning rate of epoch 0, unless a drop is passed by then
 * @param factor what each drop multiplies by
 * @param drops epochs of the drops, counted from 0
 * @param passing when a drop counts as passed
 */
public record StepSchedule(double initial, double factor, List<Integer> drops, Passing passing) {
    /** When an epoch e, counted from 0, has passed a drop. */
    public enum Passing {
        /** e ≥ drop: the drop names the first epoch with the lower rate. The look-ahead step of the released code. */
        AT_DROP {
            @Override
            boolean passed(int epoch, int drop) {
                return epoch >= drop;
            }
        },
        /** e + 1 ≥ drop: one epoch early, because epochs are counted from 1. The optimiser of the released code. */
        ONE_EPOCH_BEFORE_DROP {
            @Override
            boolean passed(int epoch, int drop) {
                return epoch + 1 >= drop;
            }
        };

        abstract boolean passed(int epoch, int drop);
    }

    /** Creates the schedule. */
    public StepSchedule {
        drops = List.copyOf(drops);
    }

    /**
     * Returns the learning rate of an epoch.
     *
     * @param epoch counted from 0
     */
    public double at(int epoch) {
        double rate = initial;
        for (int drop : drops) {
            if (passing.passed(epoch, drop)) {
                rate *= factor;
            }
        }
        return rate;
    }
}
