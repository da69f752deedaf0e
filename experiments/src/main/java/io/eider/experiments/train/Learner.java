package io.eider.experiments.train;

import io.eider.engine.backend.Device;
import io.eider.engine.program.Precision;
import io.eider.engine.program.ProgramOptions;
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
 * @param options how its programs are compiled
 * @param weightingNetwork the numbers of a network that weighs examples, where the method has one
 */
public record Learner(
        Device device,
        Network network,
        Variables variables,
        Sgd sgd,
        ProgramOptions options,
        Optional<Variables> weightingNetwork) {
    /** Creates a learner with {@link ProgramOptions#DEFAULT} and without a weighting network. */
    public Learner(Device device, Network network, Variables variables, Sgd sgd) {
        this(device, network, variables, sgd, ProgramOptions.DEFAULT);
    }

    /** Creates a learner without a weighting network. */
    public Learner(Device device, Network network, Variables variables, Sgd sgd, ProgramOptions options) {
        this(device, network, variables, sgd, options, Optional.empty());
    }

    /** Returns what its programs keep images in. */
    Precision precision() {
        return options.precision();
    }

    /** Returns everything that is trained: what a checkpoint must hold. */
    List<Variables> trained() {
        return Stream.concat(Stream.of(variables), weightingNetwork.stream()).toList();
    }
}
