package io.eider.experiments.table;

import java.util.List;

/**
 * One table: the rows at one imbalance factor.
 *
 * @param factor imbalance factor
 * @param rows in order
 */
record FactorResult(int factor, List<RowResult> rows) {}
