package io.eider.experiments;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.eider.experiments", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String EXPERIMENTS = "io.eider.experiments.";

    @ArchTest
    static final ArchRule experiments_know_no_kernel = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco..", "io.eider.natives..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule data_sets_know_no_method = noClasses()
            .that()
            .resideInAPackage(EXPERIMENTS + "data..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EXPERIMENTS + "weighting..", EXPERIMENTS + "train..", EXPERIMENTS + "report..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule only_the_command_line_parses_commands = noClasses()
            .that()
            .resideOutsideOfPackage(EXPERIMENTS + "cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", EXPERIMENTS + "cli..")
            .allowEmptyShould(true);
}
