/** Optimisers, as assignments to variables, and schedules of the learning rate. */
package io.eider.models.optim;
