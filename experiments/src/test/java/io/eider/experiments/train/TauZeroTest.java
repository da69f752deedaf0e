package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.experiments.data.Batch;
import io.eider.experiments.data.TrainBatches;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.nn.Variables;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The trainer replaces the method at τ = 0 by the weighted step. */
class TauZeroTest {
    private static final int BATCH = 3;
    private static final float[] WEIGHTS = {0.25f, 1.5f, 3};

    @Test
    void theMethodIsTheWeightedStep() {
        try (Device device = Devices.open("reference", 1)) {
            Learner method = learner(device);
            Learner weighted = learner(device);
            TrainingStep stage2 = TrainingStep.domainAdaptation(
                    method, new DomainAdaptation(Reduction.SUM), ImageForm.PIXELS, BATCH, BATCH);
            Batch development = batch(1);
            stage2.developmentBatch(development.pixels(), development.draws(), development.labels());
            run(stage2);
            run(TrainingStep.weighted(weighted, ImageForm.PIXELS, BATCH));
            Map<String, float[]> expected =
                    Variables.read(device, weighted.variables().parameterVariables());
            Variables.read(device, method.variables().parameterVariables())
                    .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
        }
    }

    private static void run(TrainingStep step) {
        Batch batch = batch(0);
        step.batch(batch.pixels(), batch.draws(), batch.labels(), WEIGHTS);
        step.run(0.1, 0.1, 0);
        step.close();
    }

    private static Learner learner(Device device) {
        return TrainingRun.learner(Configs.tiny(Method.OURS), 10, device);
    }

    private static Batch batch(long iteration) {
        LongTailData data = Configs.images(Configs.tiny(Method.OURS));
        Batch batch = new Batch(BATCH);
        new TrainBatches(data.images(), data.split().train(), BATCH, 1).fill(iteration, batch);
        return batch;
    }
}
