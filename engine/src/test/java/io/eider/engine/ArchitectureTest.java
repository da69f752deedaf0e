package io.eider.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.eider.engine", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ENGINE = "io.eider.engine.";

    @ArchTest
    static final ArchRule only_the_cpu_backend_knows_oneDNN = noClasses()
            .that()
            .resideOutsideOfPackage(ENGINE + "backend.cpu..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco.dnnl..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule only_the_gpu_backends_know_their_libraries = noClasses()
            .that()
            .resideOutsideOfPackages(ENGINE + "backend.cuda..", ENGINE + "backend.opencl..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco.cuda..", "org.bytedeco.opencl..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule only_backends_touch_native_code = noClasses()
            .that()
            .resideOutsideOfPackage(ENGINE + "backend..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco..", "io.eider.natives..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule building_and_differentiating_know_no_way_to_run = noClasses()
            .that()
            .resideInAnyPackage(ENGINE + "graph..", ENGINE + "op..", ENGINE + "autodiff..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ENGINE + "program..", ENGINE + "backend..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_graph_knows_no_derivative = noClasses()
            .that()
            .resideInAPackage(ENGINE + "graph..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ENGINE + "autodiff..")
            .allowEmptyShould(true);
}
