package io.eider.experiments.data;

import io.eider.experiments.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The cache folder that holds the data sets, one sub-folder each, named as in the official archives:
 *
 * <pre>
 * ROOT/cifar-10-batches-bin/data_batch_1.bin … data_batch_5.bin test_batch.bin
 * ROOT/cifar-100-binary/train.bin test.bin
 * </pre>
 *
 * <p>A file with its final name is complete and has its published sum; work in progress has other names.
 *
 * @param root the cache folder, which need not exist yet
 */
public record DataFolder(Path root) {

    /**
     * Finds the cache folder: the option if given, else {@code EIDER_DATA}, else {@code $XDG_CACHE_HOME/eider}, else
     * {@code ~/.cache/eider}. Empty values count as absent.
     *
     * @param option the value of {@code --data}, or null
     * @return the folder
     */
    public static DataFolder locate(String option) {
        return locate(option, System.getenv(), System.getProperty("user.home"));
    }

    static DataFolder locate(String option, Map<String, String> environment, String home) {
        if (given(option)) {
            return new DataFolder(Path.of(option));
        }
        String variable = environment.get("EIDER_DATA");
        if (given(variable)) {
            return new DataFolder(Path.of(variable));
        }
        String cache = environment.get("XDG_CACHE_HOME");
        return new DataFolder((given(cache) ? Path.of(cache) : Path.of(home, ".cache")).resolve("eider"));
    }

    private static boolean given(String value) {
        return value != null && !value.isBlank();
    }

    /**
     * The folder of one data set.
     *
     * @param set which data set
     * @return a path that need not exist
     */
    public Path folder(Cifar set) {
        return root.resolve(set.folder());
    }

    /**
     * The place of one file.
     *
     * @param set which data set
     * @param file which file of it
     * @return a path that need not exist
     */
    public Path file(Cifar set, CifarFile file) {
        return folder(set).resolve(file.name());
    }

    /**
     * Whether all files of a data set are there. Looks at names only; {@link DataVerifier} looks at contents.
     *
     * @param set which data set
     * @return true if none is missing
     */
    public boolean has(Cifar set) {
        return set.files().stream().allMatch(file -> Files.isRegularFile(file(set, file)));
    }

    /**
     * Reads the training images of a data set.
     *
     * @param set which data set
     * @return the images in official order
     * @throws UserError if a file is missing or damaged
     */
    public ImageSet train(Cifar set) {
        return CifarReader.train(set, folder(set));
    }

    /**
     * Reads the test images of a data set.
     *
     * @param set which data set
     * @return the images in official order
     * @throws UserError if a file is missing or damaged
     */
    public ImageSet test(Cifar set) {
        return CifarReader.test(set, folder(set));
    }
}
