package io.eider.bench.step;

import io.eider.experiments.UserError;
import io.eider.models.resnet.CifarResnet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Times our training steps and those of others in turn, on the same weights and batches, and prints a Markdown table. */
@Command(
        name = "compare",
        description =
                "Times training steps of Eider, PyTorch and DJL in turn, from the same weights and batches, and "
                        + "prints medians, spread, memory and ratios as Markdown. Exit code 1, and no ratio, if losses disagree.",
        mixinStandardHelpOptions = true)
public final class Compare implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--python", paramLabel = "PATH", description = "Interpreter that has torch. Default: python3.")
    private String python = "python3";

    @Option(
            names = "--djl",
            paramLabel = "JAR",
            description = "The DJL peer, made by `mvn -B -ntp -f bench/peers/djl package`. Default: ${DEFAULT-VALUE}.")
    private Path djl = Path.of("bench", "peers", "djl", "target", "djl-peer.jar");

    @Option(names = "--turns", paramLabel = "N", description = "How often each has its turn. Default: 3.")
    private int turns = 3;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Timed steps a turn, at least 2, after one that is not. Default: 5.")
    private int rounds = 5;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of each. Default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "Where Eider and PyTorch compute: cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}.")
    private String device = Peers.CPU;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Images a batch, training and development. Default: 100.")
    private int batch = 100;

    @Option(names = "--depth", paramLabel = "N", description = "Of the residual network, 6n + 2. Default: 32.")
    private int depth = 32;

    @Option(
            names = "--peers",
            paramLabel = "NAME",
            split = ",",
            description = "Which to measure, of ${COMPLETION-CANDIDATES}. Default: all.",
            completionCandidates = Names.class)
    private List<String> names = Names.all();

    private Compare() {}

    /**
     * Runs the comparison and ends the process with its exit code: 0, 1 for losses that disagree or a peer that ends, 2 for
     * what the user can put right.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        int code = commandLine().setOut(out).execute(args);
        out.flush();
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Compare())
                .setParameterExceptionHandler((e, args) -> say(e.getCommandLine(), e.getMessage(), ExitCode.USAGE))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof UserError) {
                        return say(command, e.getMessage(), ExitCode.USAGE);
                    }
                    if (e instanceof DisagreementException || e instanceof PeerException) {
                        return say(command, e.getMessage(), ExitCode.SOFTWARE);
                    }
                    throw e;
                });
    }

    private static int say(CommandLine command, String message, int code) {
        command.getErr().println("compare: " + message.replaceAll("\\s*\\R\\s*", " "));
        command.getErr().flush();
        return code;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, PeerException, DisagreementException {
        List<Row> rows = rows();
        Path folder = Files.createTempDirectory("eider-compare");
        // A hook, because a user who has waited enough ends this with a signal.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        try (Peers peers = new Peers(folder, python, djl, threads, device)) {
            StartingPoint.write(folder, depth, batch);
            rows.forEach(peers::start);
            if (peers.ready().isEmpty()) {
                throw new PeerException("nothing to measure: "
                        + String.join("; ", peers.unavailable().values()));
            }
            print(peers, Comparison.of(peers.ready(), turns, rounds));
        }
        return ExitCode.OK;
    }

    private void print(Peers peers, Comparison comparison) {
        PrintWriter out = spec.commandLine().getOut();
        CompareReport report = new CompareReport(comparison, device);
        out.print(report.heading(depth, batch, threads, turns, rounds));
        out.println(report.times());
        if (!report.ratios().isEmpty()) {
            out.println(report.ratios());
        }
        out.print(report.grounds());
        out.print(CompareReport.shared("", peers.about()));
        out.print(CompareReport.shared("", peers.oneDnn()));
        out.print(CompareReport.shared("not measured: ", peers.unavailable()));
        out.flush();
    }

    private List<Row> rows() {
        check(turns >= 1, "--turns must be at least 1");
        check(rounds + 1 >= Agreement.STEPS, "--rounds must be at least " + (Agreement.STEPS - 1));
        check(threads >= 1, "--threads must be at least 1");
        check(batch >= 1, "--batch must be at least 1");
        check(device.matches("cpu|cuda(:\\d+)?"), "--device must be cpu, cuda or cuda:N, not '" + device + "'");
        try {
            CifarResnet unused = new CifarResnet(depth, 1);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--depth: " + e.getMessage(), e);
        }
        for (String name : names) {
            check(
                    Names.all().contains(name),
                    "there is no peer '" + name + "'; known are " + String.join(", ", Names.all()));
        }
        return Row.ALL.stream().filter(row -> names.contains(row.name())).toList();
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            // It stays among temporary files.
        }
    }

    /** The names of all rows. */
    static final class Names implements Iterable<String> {
        static List<String> all() {
            return Row.ALL.stream().map(Row::name).toList();
        }

        @Override
        public Iterator<String> iterator() {
            return all().iterator();
        }
    }
}
