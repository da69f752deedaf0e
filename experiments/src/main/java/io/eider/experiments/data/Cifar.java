package io.eider.experiments.data;

import io.eider.experiments.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A CIFAR data set: its files, their sums and its class names.
 *
 * <p>A record of a file is {@code labelBytes} label bytes, the last of which is the label, then the red, the green and the
 * blue plane of a 32 × 32 image, 1024 bytes each, row by row.
 *
 * <p>Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009,
 * https://www.cs.toronto.edu/~kriz/cifar.html.
 *
 * @param id the name on the command line, such as {@code cifar10}
 * @param title the name in prose, such as {@code CIFAR-10}
 * @param labelBytes label bytes before the pixels of a record
 * @param folder the folder that the official archive unpacks to
 * @param archive file name of the official archive
 * @param archiveMd5 its published MD5, 32 lower-case hexadecimal digits
 * @param trainFiles the files of training images, in record order
 * @param testFile the file of test images
 * @param classNames class names in label order
 */
public record Cifar(
        String id,
        String title,
        int labelBytes,
        String folder,
        String archive,
        String archiveMd5,
        List<CifarFile> trainFiles,
        CifarFile testFile,
        List<String> classNames) {

    /** Ten classes, 5,000 training and 1,000 test images each. */
    public static final Cifar CIFAR10 = new Cifar(
            "cifar10",
            "CIFAR-10",
            1,
            "cifar-10-batches-bin",
            "cifar-10-binary.tar.gz",
            "c32a1d4ab5d03f1284b67883e8d87530",
            List.of(
                    batch(1, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
                    batch(2, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
                    batch(3, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
                    batch(4, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
                    batch(5, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add")),
            new CifarFile("test_batch.bin", 10_000, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
            CifarNames.CIFAR10);

    /** A hundred fine classes, 500 training and 100 test images each. A record has a coarse label, unused, and a fine one. */
    public static final Cifar CIFAR100 = new Cifar(
            "cifar100",
            "CIFAR-100",
            2,
            "cifar-100-binary",
            "cifar-100-binary.tar.gz",
            "03b5dce01913d631647c71ecec9e9cb8",
            List.of(new CifarFile(
                    "train.bin", 50_000, "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29")),
            new CifarFile("test.bin", 10_000, "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"),
            CifarNames.CIFAR100);

    /** Both data sets. */
    public static final List<Cifar> ALL = List.of(CIFAR10, CIFAR100);

    private static CifarFile batch(int number, String sha256) {
        return new CifarFile("data_batch_" + number + ".bin", 10_000, sha256);
    }

    /**
     * Finds a data set by the name used on the command line.
     *
     * @param id {@code cifar10} or {@code cifar100}
     * @return the data set
     * @throws UserError if there is none of that name
     */
    public static Cifar byId(String id) {
        return ALL.stream()
                .filter(set -> set.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new UserError("no data set '" + id + "'; choose one of "
                        + ALL.stream().map(Cifar::id).collect(Collectors.joining(", "))));
    }

    /**
     * Size of one record.
     *
     * @return bytes
     */
    public int recordBytes() {
        return labelBytes + ImageSet.VALUES;
    }

    /**
     * All files: training, then test.
     *
     * @return a new list
     */
    public List<CifarFile> files() {
        List<CifarFile> files = new ArrayList<>(trainFiles);
        files.add(testFile);
        return files;
    }
}
