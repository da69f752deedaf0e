/** What a run comes to, as text for people. */
package io.eider.experiments.report;
