package io.eider.natives;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.eider", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule knows_no_library_but_its_binding = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.eider.engine..", "org.bytedeco.dnnl..", "org.bytedeco.cuda..");
}
