/** The {@code eider} command line: one class per command. */
package io.eider.experiments.cli;
