package io.eider.experiments.data;

/**
 * One official binary file of a CIFAR data set.
 *
 * @param name file name inside the data set's folder
 * @param records how many images it holds
 * @param sha256 SHA-256 of the whole file, 64 lower-case hexadecimal digits
 */
public record CifarFile(String name, int records, String sha256) {}
