/** Data sets, long-tailed splits, weighting rules, the trainer, reports and the command line. */
package io.eider.experiments;
