package io.eider.models;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.eider.models", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule models_know_neither_native_code_nor_a_particular_backend = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.bytedeco..",
                    "io.eider.natives..",
                    "io.eider.engine.backend.cpu..",
                    "io.eider.engine.backend.cuda..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule layers_know_no_optimiser = noClasses()
            .that()
            .resideInAnyPackage("io.eider.models.nn..", "io.eider.models.resnet..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.eider.models.optim..", "io.eider.models.checkpoint..")
            .allowEmptyShould(true);
}
