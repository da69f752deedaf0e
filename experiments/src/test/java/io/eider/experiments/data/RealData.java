package io.eider.experiments.data;

import org.opentest4j.TestAbortedException;

/** The user's own data sets, for tests that want real images. */
final class RealData {
    private RealData() {}

    /** The folder named by EIDER_DATA; skips the calling test, saying why, where it holds no such data set. */
    static DataFolder with(Cifar set) {
        String folder = System.getenv("EIDER_DATA");
        if (folder == null || folder.isBlank()) {
            throw skip("EIDER_DATA names no folder with " + set.title());
        }
        DataFolder data = DataFolder.locate(folder);
        if (!data.has(set)) {
            throw skip(set.title() + " is not complete in EIDER_DATA=" + folder);
        }
        return data;
    }

    private static TestAbortedException skip(String reason) {
        System.out.println("skipped: " + reason);
        return new TestAbortedException(reason);
    }
}
