package io.eider.experiments.train;

import io.eider.engine.backend.Device;
import io.eider.models.nn.Network;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is trained, where, and how it is updated.
 *
 * @param device where the numbers are
 * @param network the classifier
 * @param variables its parameters, momentum and running statistics
 * @param sgd the update rule
 * @param weightingNetwork the numbers of a network that weighs examples, where the method has one
 */
public record Learner(
        Device device, Network network, Variables variables, Sgd sgd, Optional<Variables> weightingNetwork) {
    /** Creates a learner without a weighting network. */
    public Learner(Device device, Network network, Variables variables, Sgd sgd) {
        this(device, network, variables, sgd, Optional.empty());
    }

    /** Returns everything that is trained: what a checkpoint must hold. */
    List<Variables> trained() {
        return Stream.concat(Stream.of(variables), weightingNetwork.stream()).toList();
    }
}
