package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a stage-2 step is compiled to on the cpu. */
class FusedStepTest {
    @ParameterizedTest
    @EnumSource(names = {"MEAN", "SUM"})
    void stage2EndsInTheMetaGradientKernel(Reduction reduction) {
        try (Device device = Devices.open("cpu", 1)) {
            CifarResnet network = new CifarResnet(8, 10);
            Learner learner = new Learner(device, network, new Variables(network), new Sgd(0.9, 5e-4, true));
            try (TrainingStep step =
                    TrainingStep.domainAdaptation(learner, new DomainAdaptation(reduction), ImageForm.PIXELS, 4, 4)) {
                assertThat(step.explain())
                        .containsOnlyOnce("eider_loss_meta_gradient")
                        .doesNotContain("eider_loss_tangent");
            }
            try (TrainingStep step = TrainingStep.weighted(learner, ImageForm.PIXELS, 4)) {
                assertThat(step.explain()).doesNotContain("eider_loss_meta_gradient");
            }
        }
    }
}
