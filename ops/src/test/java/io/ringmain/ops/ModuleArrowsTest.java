package io.ringmain.ops;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, as section 4 of the design draws them. The arrows inside the engine are its own test. */
class ModuleArrowsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.ringmain");

    private static ArchRule mayUse(final String module, final String... others) {
        final String[] allowed = new String[others.length + 3];
        allowed[0] = module;
        allowed[1] = "java..";
        allowed[2] = "org.agrona..";
        System.arraycopy(others, 0, allowed, 3, others.length);
        return classes().that().resideInAPackage(module).should().onlyDependOnClassesThat(resideInAnyPackage(allowed));
    }

    @Test
    void shouldLetProtocolUseAgronaAlone() {
        mayUse("io.ringmain.protocol..").check(CLASSES);
    }

    @Test
    void shouldLetStorageUseAgronaAndChronicleAlone() {
        mayUse("io.ringmain.storage..", "net.openhft..").check(CLASSES);
    }

    @Test
    void shouldLetTheEngineUseProtocolStorageAndFewLibraries() {
        mayUse(
                        "io.ringmain.engine..",
                        "io.ringmain.protocol..",
                        "io.ringmain.storage..",
                        "com.lmax..",
                        "org.jctools..",
                        "com.sun.jna..",
                        "net.openhft.affinity..",
                        // TLS is the JDK's, or Conscrypt's behind the JDK's own interfaces.
                        "javax.net.ssl..",
                        "javax.naming..",
                        "javax.security..",
                        "org.conscrypt..")
                .check(CLASSES);
    }

    @Test
    void shouldLetNobodyUseOps() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.ringmain.ops..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.ringmain.ops..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepToolsOffTheInsideOfTheEngine() {
        noClasses()
                .that()
                .resideInAPackage("io.ringmain.ops..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.ringmain.engine.ring..",
                        "io.ringmain.engine.driver..",
                        "io.ringmain.engine.core.*..",
                        "net.openhft..")
                .check(CLASSES);
    }

    @Test
    void shouldBiteOnAWrongArrow() {
        assertThrows(AssertionError.class, () -> mayUse("io.ringmain.storage..").check(CLASSES));
        assertThrows(AssertionError.class, () -> mayUse("io.ringmain.ops..").check(CLASSES));
    }
}
