package io.eider.experiments.table;

/** How far a cell is. */
public enum CellStatus {
    /** Trained to its last epoch. */
    COMPLETE,
    /** Begun, and either being trained or killed. */
    UNFINISHED,
    /** Ended by an error. */
    FAILED,
    /** Not begun. */
    MISSING
}
