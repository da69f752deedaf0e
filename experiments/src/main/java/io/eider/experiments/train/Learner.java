package io.eider.experiments.train;

import io.eider.engine.backend.Device;
import io.eider.engine.program.Precision;
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
 * @param precision what its programs keep images in
 * @param weightingNetwork the numbers of a network that weighs examples, where the method has one
 */
public record Learner(
        Device device,
        Network network,
        Variables variables,
        Sgd sgd,
        Precision precision,
        Optional<Variables> weightingNetwork) {
    /** Creates a learner in f32 without a weighting network. */
    public Learner(Device device, Network network, Variables variables, Sgd sgd) {
        this(device, network, variables, sgd, Precision.F32);
    }

    /** Creates a learner without a weighting network. */
    public Learner(Device device, Network network, Variables variables, Sgd sgd, Precision precision) {
        this(device, network, variables, sgd, precision, Optional.empty());
    }

    /** Returns everything that is trained: what a checkpoint must hold. */
    List<Variables> trained() {
        return Stream.concat(Stream.of(variables), weightingNetwork.stream()).toList();
    }
}
