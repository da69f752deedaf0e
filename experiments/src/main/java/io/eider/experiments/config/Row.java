package io.eider.experiments.config;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A row of the paper's table, or a control beside it.
 *
 * @param name in names of configurations
 * @param title in reports
 * @param table whether the paper's table has it
 * @param schedule the schedule it is trained with
 * @param set settings that differ from the schedule's
 */
public record Row(String name, String title, boolean table, String schedule, ObjectNode set) {}
