/**
 * Named configurations: every cell of the paper's tables, and the controls beside them, put together from a few YAML files.
 * Here they are trees of settings; what a setting means is known to the trainer alone.
 */
package io.eider.experiments.config;
