package io.eider.bench.kernel;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code bench op}: any op at any shape. */
@Command(
        name = "op",
        description = {
            "Checks and times any op the cpu backend has a kernel for, at any shape; `list --ops` says how each is written.",
            "An attribute of the op is an option of the same name: op conv2d --shapes 100x32x32x16,16x3x3x16 --stride 1"
                    + " --padding 1. One that is true or false is false unless given."
        })
final class OpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "OP", description = "Name of the op.")
    private String op;

    @Option(
            names = "--shapes",
            paramLabel = "SHAPE",
            split = ",",
            description =
                    "Inputs in order: extents joined by x, or scalar; f32, standard normal, unless :positive (0.5 to"
                            + " 1.5), :bf16, :labelsC (i32 from 0 to C - 1) or :bytes (u8) follows.")
    private List<String> shapes = List.of();

    @Mixin
    private TimingOptions timing;

    @Option(
            names = "--out",
            paramLabel = "PATH",
            description = "FILE.json, or a folder for a file named by date and processor. Default: none is kept.")
    private Path out;

    @Unmatched
    private List<String> attributes = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        KernelCase one = KernelCase.parse(null, text(op, attributes, shapes));
        return Measurement.run(spec.commandLine(), List.of(one), timing, out);
    }

    /** Returns a case's text. */
    static String text(String op, List<String> attributes, List<String> shapes) {
        StringBuilder text = new StringBuilder(op);
        for (int i = 0; i < attributes.size(); i++) {
            String key = attributes.get(i);
            if (!key.startsWith("--")) {
                throw new UserError("'" + key + "' is not --ATTRIBUTE VALUE of " + op);
            }
            boolean valued = i + 1 < attributes.size() && !attributes.get(i + 1).startsWith("--");
            text.append(' ').append(key.substring(2));
            if (valued) {
                text.append('=').append(attributes.get(++i));
            } else if (!key.contains("=")) {
                text.append("=true");
            }
        }
        return text + " of " + String.join(" ", shapes);
    }
}
