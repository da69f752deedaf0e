/** The one trainer: steps compiled to programs, the loop around them, and what a run leaves behind. */
package io.eider.experiments.train;
