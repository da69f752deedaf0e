package io.eider.experiments.train;

import io.eider.experiments.data.Cifar;
import java.util.Optional;

/** A data set that a long-tailed training set can be cut from. */
public enum Dataset {
    /** CIFAR-10. */
    CIFAR10_LT,
    /** CIFAR-100. */
    CIFAR100_LT,
    /** Ten classes of images drawn by a program: nothing to download. */
    PROCEDURAL_LT;

    /**
     * The files behind it.
     *
     * @return the CIFAR set, or nothing for one that needs no files
     */
    public Optional<Cifar> cifar() {
        return switch (this) {
            case CIFAR10_LT -> Optional.of(Cifar.CIFAR10);
            case CIFAR100_LT -> Optional.of(Cifar.CIFAR100);
            case PROCEDURAL_LT -> Optional.empty();
        };
    }
}
