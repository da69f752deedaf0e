package io.eider.experiments.train;

import io.eider.engine.backend.Device;
import io.eider.models.nn.Network;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;

/**
 * What is trained, where, and how it is updated.
 *
 * @param device where the numbers are
 * @param network the classifier
 * @param variables its parameters, momentum and running statistics
 * @param sgd the update rule
 */
public record Learner(Device device, Network network, Variables variables, Sgd sgd) {}
