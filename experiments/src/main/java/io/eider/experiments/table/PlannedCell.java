package io.eider.experiments.table;

import io.eider.experiments.train.TrainConfig;

/**
 * A cell and what it comes to.
 *
 * @param cell the cell
 * @param config its settings, all of them
 * @param folder where its results go
 */
record PlannedCell(Cell cell, TrainConfig config, CellFolder folder) {}
