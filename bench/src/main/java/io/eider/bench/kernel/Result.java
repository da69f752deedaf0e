package io.eider.bench.kernel;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One case's times, and the ceilings it is held against. What follows from them is written with them and not read back.
 *
 * @param name the case
 * @param text op, attributes, inputs
 * @param kernel the implementation chosen
 * @param checked text of the smaller case that was checked; the same text where it was this one
 * @param flops arithmetic work of a run
 * @param bytes inputs and outputs of a run
 * @param gemmGflops what a large matrix product in the type of its first operand reaches, in 10⁹ a second
 * @param copyGbs what a copy that moves as many bytes reaches, in 10⁹ a second
 * @param micros microseconds a run, one number an iteration
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Result(
        String name,
        String text,
        String kernel,
        String checked,
        long flops,
        long bytes,
        double gemmGflops,
        double copyGbs,
        List<Double> micros) {

    /** Returns the median time in microseconds. */
    @JsonProperty(value = "median-micros", access = JsonProperty.Access.READ_ONLY)
    double medianMicros() {
        List<Double> sorted = micros.stream().sorted().toList();
        int n = sorted.size();
        return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    }

    /** Returns the shortest time in microseconds. */
    double fastest() {
        return micros.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /** Returns the longest time in microseconds. */
    double slowest() {
        return micros.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** Returns half of the range of times, in percent of the median. */
    @JsonProperty(value = "noise-percent", access = JsonProperty.Access.READ_ONLY)
    double noisePercent() {
        return 50 * (slowest() - fastest()) / medianMicros();
    }

    /** Returns 10⁹ operations a second. */
    @JsonProperty(value = "gflops", access = JsonProperty.Access.READ_ONLY)
    double gflops() {
        return flops * 1e-3 / medianMicros();
    }

    /** Returns 10⁹ bytes a second. */
    @JsonProperty(value = "gbs", access = JsonProperty.Access.READ_ONLY)
    double gbs() {
        return bytes * 1e-3 / medianMicros();
    }

    /** Returns arithmetic in percent of the large product's. */
    @JsonProperty(value = "percent-of-gemm", access = JsonProperty.Access.READ_ONLY)
    double percentOfGemm() {
        return 100 * gflops() / gemmGflops;
    }

    /** Returns bytes in percent of the copy's. */
    @JsonProperty(value = "percent-of-copy", access = JsonProperty.Access.READ_ONLY)
    double percentOfCopy() {
        return 100 * gbs() / copyGbs;
    }
}
