package io.eider.experiments.report;

import io.eider.experiments.UserError;
import io.eider.experiments.train.CsvTable;
import io.eider.experiments.train.RunFolder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The tables of one run.
 *
 * @param name what figures call the run
 * @param folder where it is
 * @param metrics one row an epoch
 * @param classes one row an epoch and class
 * @param classNames by class
 * @param trainImages by class
 */
public record RunRecords(
        String name,
        Path folder,
        CsvTable metrics,
        CsvTable classes,
        List<String> classNames,
        List<Integer> trainImages) {
    /**
     * Reads runs. A run is called by the name of its folder, or by the whole path where two names are the same.
     *
     * @param folders what {@code eider train} wrote
     * @return the runs, in the same order
     * @throws UserError if a folder holds no run or no finished epoch, or is named twice
     */
    public static List<RunRecords> read(List<Path> folders) {
        List<String> shortNames = folders.stream()
                .map(folder -> folder.toAbsolutePath().normalize().getFileName())
                .map(String::valueOf)
                .toList();
        List<String> names = IntStream.range(0, folders.size())
                .mapToObj(i -> Collections.frequency(shortNames, shortNames.get(i)) == 1
                        ? shortNames.get(i)
                        : folders.get(i).toString())
                .toList();
        List<RunRecords> runs = IntStream.range(0, folders.size())
                .mapToObj(i -> read(folders.get(i), names.get(i)))
                .toList();
        List<String> fileNames = runs.stream().map(RunRecords::fileName).toList();
        for (String fileName : fileNames) {
            if (Collections.frequency(fileNames, fileName) > 1) {
                throw new UserError("two of the runs would be called " + fileName + "; name every run once");
            }
        }
        return runs;
    }

    private static RunRecords read(Path folder, String name) {
        if (RunFolder.readRecord(folder).isEmpty()) {
            throw new UserError(folder + " holds no run; name a folder that `eider train` wrote");
        }
        CsvTable metrics = CsvTable.read(folder.resolve("metrics.csv"));
        CsvTable classes = CsvTable.read(folder.resolve("classes.csv"));
        List<CsvTable.Row> first = firstEpoch(classes);
        if (first.isEmpty() || metrics.rows().findAny().isEmpty()) {
            throw new UserError(folder + " has no finished epoch yet");
        }
        return new RunRecords(
                name,
                folder,
                metrics,
                classes,
                first.stream().map(row -> row.text("name")).toList(),
                first.stream().map(row -> row.integer("train_images")).toList());
    }

    private static List<CsvTable.Row> firstEpoch(CsvTable classes) {
        List<CsvTable.Row> rows = classes.rows().toList();
        return rows.stream()
                .takeWhile(row -> row.integer("epoch") == rows.get(0).integer("epoch"))
                .toList();
    }

    /** The name as part of a file's. */
    String fileName() {
        return name.replaceAll("[^\\p{L}\\p{N}._-]+", "-").replaceFirst("^[.-]+", "");
    }

    /** Every example's conditional and final weight, if the run wrote them. */
    Optional<CsvTable> weights() {
        return CsvTable.readIfPresent(folder.resolve("weights.csv"));
    }

    /** How often each class was taken for each, if the run wrote it. */
    Optional<CsvTable> confusion() {
        return CsvTable.readIfPresent(folder.resolve("confusion.csv"));
    }
}
