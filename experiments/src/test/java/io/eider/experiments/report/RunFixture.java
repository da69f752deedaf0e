package io.eider.experiments.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Folders as a run of three epochs with four classes leaves them; the last two epochs are stage 2. */
public final class RunFixture {
    static final List<String> CLASSES = List.of("eider", "goose", "swan", "king eider");

    private RunFixture() {}

    /** A run of the method. */
    public static Path ours(Path folder) {
        write(folder, "run.json", "{}");
        write(folder, "metrics.csv", """
                epoch,stage,lr,eta,train_loss,train_weighted_loss,train_error,test_error,eps_mean,eps_sd,eps_min,eps_max
                0,1,0.1,,2.000000,2.000000,70.000000,60.000000,,,,
                1,2,0.1,0.1,1.000000,0.500000,50.000000,,1e-6,1e-6,-2e-6,3e-6
                2,2,0.1,0.1,0.500000,0.125000,30.000000,40.000000,1e-6,1e-6,-2e-6,3e-6
                """);
        write(folder, "classes.csv", """
                epoch,class,name,train_images,test_accuracy,eps_mean,eps_sd,eps_min,eps_max
                0,0,eider,400,80.000000,,,,
                0,1,goose,100,50.000000,,,,
                0,2,swan,20,20.000000,,,,
                0,3,king eider,5,10.000000,,,,
                1,0,eider,400,,1.000000e-06,1e-7,0,2e-6
                1,1,goose,100,,-2.000000e-06,1e-7,-3e-6,0
                1,2,swan,20,,3.000000e-06,1e-7,0,4e-6
                1,3,king eider,5,,-4.000000e-06,1e-7,-5e-6,0
                2,0,eider,400,90.000000,2.000000e-06,1e-7,0,3e-6
                2,1,goose,100,70.000000,-3.000000e-06,1e-7,-4e-6,0
                2,2,swan,20,50.000000,4.000000e-06,1e-7,0,5e-6
                2,3,king eider,5,30.000000,-5.000000e-06,1e-7,-6e-6,0
                """);
        write(folder, "weights.csv", """
                epoch,image,label,epsilon,weight
                1,0,0,9e-1,9.5e-1
                2,0,0,-1e-6,0.049999
                2,1,0,2e-6,0.050002
                2,2,1,0,0.5
                2,3,2,1e-6,1.000001
                2,4,3,-4e-6,3.999996
                """);
        write(folder, "confusion.csv", """
                true,eider,goose,swan,king eider
                eider,9,1,0,0
                goose,3,7,0,0
                swan,0,0,5,5
                king eider,0,0,0,0
                """);
        return folder;
    }

    /** A run without the method: what the other has and this one has not, it was not asked for. */
    public static Path plain(Path folder) {
        write(folder, "run.json", "{}");
        write(
                folder,
                "metrics.csv",
                "epoch,train_loss,train_weighted_loss,test_error\n0,2.0,2.0,60.0\n1,1.5,1.5,55.0\n2,1.0,1.0,50.0\n");
        write(folder, "classes.csv", """
                epoch,class,name,train_images,test_accuracy,eps_mean
                2,0,eider,400,95.0,
                2,1,goose,100,60.0,
                2,2,swan,20,30.0,
                2,3,king eider,5,NaN,
                """);
        return folder;
    }

    /** Replaces a file. */
    public static void write(Path folder, String name, String text) {
        try {
            Files.writeString(Files.createDirectories(folder).resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RunRecords read(Path folder) {
        return RunRecords.read(List.of(folder)).get(0);
    }
}
