package io.eider.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassChoiceTest {
    @TempDir
    private Path folder;

    @Test
    void ofTenClassesThoseOfThePaper() {
        assertThat(ClassChoice.of(List.of(), withClasses(10))).containsExactly(0, 3, 6, 9);
        assertThat(ClassChoice.of(List.of(), withClasses(100))).containsExactly(0, 33, 66, 99);
        assertThat(ClassChoice.of(List.of(), withClasses(2))).containsExactly(0, 1);
    }

    @Test
    void whatIsAskedForOnce() {
        assertThat(ClassChoice.of(List.of(3, 0, 3), withClasses(4))).containsExactly(3, 0);
    }

    @Test
    void refusesWhatThereIsNotAndWhatDoesNotFit() {
        refuses(List.of(0, 4), "has no class 4, only 0 to 3");
        refuses(List.of(-1), "has no class -1");
        refuses(Collections.nCopies(13, 1), "room for 12 classes, not 13");
    }

    private void refuses(List<Integer> asked, String message) {
        assertThatThrownBy(() -> ClassChoice.of(asked, withClasses(4)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--classes")
                .hasMessageContaining(message);
    }

    private RunRecords withClasses(int number) {
        StringBuilder classes = new StringBuilder("epoch,class,name,train_images\n");
        IntStream.range(0, number).forEach(c -> classes.append("0," + c + ",c" + c + ",5\n"));
        RunFixture.plain(folder);
        RunFixture.write(folder, "classes.csv", classes.toString());
        return RunFixture.read(folder);
    }
}
