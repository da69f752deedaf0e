package io.eider.bench.step;

import java.util.Set;
import java.util.TreeSet;

/** What oneDNN prints with {@code ONEDNN_VERBOSE=1}: its version, the instruction set, and each primitive it runs. */
final class OneDnnLog {
    private static final String INFO = "onednn_verbose,v1,info,";
    private static final String EXECUTED = "onednn_verbose,v1,primitive,exec,cpu,convolution,";

    private String version = "";
    private String instructionSet = "";
    private final Set<String> convolutions = new TreeSet<>();

    /** Takes one line of it. */
    void add(String line) {
        if (line.startsWith(INFO + "oneDNN ")) {
            version = line.substring(INFO.length()).replaceAll(" \\(.*", "");
        } else if (line.startsWith(INFO + "cpu,isa:")) {
            instructionSet = line.substring((INFO + "cpu,isa:").length()).strip();
        } else if (line.startsWith(EXECUTED)) {
            convolutions.add(line.substring(EXECUTED.length()).split(",", 2)[0]);
        }
    }

    /** Returns one line: version, instruction set, and the implementations that convolutions ran on; or that it was not used. */
    @Override
    public String toString() {
        return version.isEmpty()
                ? "oneDNN was not used"
                : version + " for " + instructionSet + ", convolutions " + String.join(", ", convolutions);
    }
}
