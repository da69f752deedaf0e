package io.eider.experiments.data;

import io.eider.experiments.UserError;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads the official CIFAR binary files into an {@link ImageSet}.
 *
 * <p>A record is {@link Cifar#labelBytes()} label bytes, the last of which is the label, then the red, the green and the blue
 * plane, 1024 bytes each, row by row. The planes are interleaved here, once, into (H, W, C).
 */
public final class CifarReader {
    private static final int PLANE = ImageSet.SIDE * ImageSet.SIDE;

    private CifarReader() {}

    /**
     * Reads the 50,000 training images, in official order.
     *
     * @param set which data set
     * @param folder the folder with its {@code .bin} files
     * @return the images
     * @throws UserError if a file is missing, cannot be read, has another size or holds a label out of range
     */
    public static ImageSet train(Cifar set, Path folder) {
        return read(set, folder, set.trainFiles());
    }

    /**
     * Reads the 10,000 test images, in official order.
     *
     * @param set which data set
     * @param folder the folder with its {@code .bin} files
     * @return the images
     * @throws UserError if a file is missing, cannot be read, has another size or holds a label out of range
     */
    public static ImageSet test(Cifar set, Path folder) {
        return read(set, folder, List.of(set.testFile()));
    }

    static ImageSet read(Cifar set, Path folder, List<CifarFile> files) {
        int images = files.stream().mapToInt(CifarFile::records).sum();
        byte[] pixels = new byte[images * ImageSet.VALUES];
        int[] labels = new int[images];
        int first = 0;
        for (CifarFile file : files) {
            readFile(set, folder.resolve(file.name()), file.records(), pixels, labels, first);
            first += file.records();
        }
        return new ImageSet(pixels, labels, set.classNames());
    }

    private static void readFile(Cifar set, Path path, int records, byte[] pixels, int[] labels, int first) {
        byte[] record = new byte[set.recordBytes()];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            long expected = (long) records * record.length;
            long size = Files.size(path);
            if (size != expected) {
                throw new UserError(path + " has " + size + " bytes instead of " + expected + "; " + remedy(set));
            }
            for (int r = 0; r < records; r++) {
                if (in.readNBytes(record, 0, record.length) != record.length) {
                    throw new UserError(path + " ended within record " + r + "; " + remedy(set));
                }
                int label = record[set.labelBytes() - 1] & 0xff;
                if (label >= set.classNames().size()) {
                    throw new UserError(path + ": record " + r + " has label " + label + ", but " + set.title()
                            + " has labels 0 to " + (set.classNames().size() - 1) + "; " + remedy(set));
                }
                labels[first + r] = label;
                interleave(record, set.labelBytes(), pixels, (first + r) * ImageSet.VALUES);
            }
        } catch (NoSuchFileException e) {
            throw new UserError(set.title() + " is not complete: " + path + " is missing; " + remedy(set), e);
        } catch (IOException e) {
            throw new UserError("cannot read " + path + ": " + e.getMessage() + "; " + remedy(set), e);
        }
    }

    private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
        for (int c = 0; c < ImageSet.CHANNELS; c++) {
            for (int i = 0; i < PLANE; i++) {
                pixels[to + i * ImageSet.CHANNELS + c] = planes[from + c * PLANE + i];
            }
        }
    }

    private static String remedy(Cifar set) {
        return "run `eider data fetch " + set.id() + "`, or `eider data import DIR` if you have the files";
    }
}
