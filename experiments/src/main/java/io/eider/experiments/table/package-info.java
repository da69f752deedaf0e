/** The paper's table: every cell trained, however often that is interrupted, and what they come to side by side. */
package io.eider.experiments.table;
