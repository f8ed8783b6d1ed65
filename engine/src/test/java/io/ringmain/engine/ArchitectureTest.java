package io.ringmain.engine;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The arrows between the packages, and what the core must not know. Each rule is shown to bite. */
class ArchitectureTest {
    private static final String ROOT = "io.ringmain.engine";
    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static DescribedPredicate<JavaClass> ringmain() {
        return resideInAPackage("io.ringmain..");
    }

    /** Classes of a package may use, of ours, only those of these packages. */
    private static ArchRule mayUse(final String user, final String... used) {
        return classes()
                .that()
                .resideInAPackage(user)
                .should()
                .onlyDependOnClassesThat(not(ringmain()).or(resideInAnyPackage(used)));
    }

    @Test
    void shouldLetTheCoreKnowOnlyProtocolValuesEventsAndBuffers() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".core..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java.lang",
                                "java.util",
                                "java.util.function",
                                "java.lang.invoke",
                                "java.nio",
                                "java.nio.charset",
                                "org.agrona",
                                "org.agrona.concurrent",
                                "org.agrona.collections",
                                "io.ringmain.protocol",
                                ROOT + ".event",
                                ROOT + ".core..")
                        .or(DescribedPredicate.describe("arrays", JavaClass::isArray))
                        .or(DescribedPredicate.describe(
                                "java.lang.runtime", c -> c.getPackageName().equals("java.lang.runtime"))))
                .check(ENGINE);
    }

    private static ArchRule noForbiddenApi(final String where) {
        return noClasses()
                .that()
                .resideInAPackage(where)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                        "java.io",
                                        "java.net",
                                        "java.nio.channels..",
                                        "java.nio.file..",
                                        "java.time..",
                                        "java.util.concurrent..",
                                        "java.security..",
                                        "org.slf4j..")
                                .or(
                                        DescribedPredicate.describe(
                                                "threads, chance, or hash collections of java.util",
                                                c -> c.getFullName()
                                                                .matches(
                                                                        "java\\.lang\\.(Thread|ThreadLocal|Runtime|Process|ProcessHandle)(\\$.*)?")
                                                        || c.getFullName()
                                                                .matches(
                                                                        "org\\.agrona\\.concurrent\\..*(Clock|IdleStrategy|Agent.*)")
                                                        || c.getFullName()
                                                                .matches(
                                                                        "java\\.util\\.(Random|SplittableRandom|UUID|Timer|HashMap|HashSet|LinkedHashMap|"
                                                                                + "LinkedHashSet|IdentityHashMap|WeakHashMap|Hashtable|TreeMap|TreeSet|Map|Set)"))));
    }

    private static ArchRule noForbiddenCall(final String where) {
        return noClasses()
                .that()
                .resideInAPackage(where)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "format", Locale.class, String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(System.class, "identityHashCode", Object.class);
    }

    @Test
    void shouldKeepClocksThreadsChanceAndHashOrderOutOfTheCore() {
        noForbiddenApi(ROOT + ".core..").check(ENGINE);
        noForbiddenCall(ROOT + ".core..").check(ENGINE);
    }

    @Test
    void shouldBiteWhenTheCoreReachesForThem() {
        for (final Class<?> offender : CoreOffender.BY_TYPE) {
            assertBites(noForbiddenApi(ROOT), offender);
        }
        for (final Class<?> offender : CoreOffender.BY_CALL) {
            assertBites(noForbiddenCall(ROOT), offender);
        }
    }

    private static void assertBites(final ArchRule rule, final Class<?> offender) {
        final JavaClasses imported = new ClassFileImporter().importClasses(offender);
        assertThrows(AssertionError.class, () -> rule.check(imported), offender.getSimpleName());
    }

    @Test
    void shouldDrawTheArrowsInsideTheEngine() {
        final String protocol = "io.ringmain.protocol..";
        final String log = "io.ringmain.storage.log";
        final String snapshot = "io.ringmain.storage.snapshot";
        final String event = ROOT + ".event";
        final String ring = ROOT + ".ring";
        final String counters = ROOT + ".counters";
        mayUse(event, event).check(ENGINE);
        mayUse(counters, counters).check(ENGINE);
        mayUse(ring, ring, event, ROOT + ".auth").check(ENGINE);
        mayUse(ROOT + ".auth", ROOT + ".auth", "io.ringmain.protocol").check(ENGINE);
        final String catalog = ROOT + ".catalog";
        mayUse(catalog, catalog, event, ROOT + ".auth", "io.ringmain.protocol", log, snapshot)
                .check(ENGINE);
        mayUse(
                        ROOT + ".driver",
                        ROOT + ".driver",
                        ROOT + ".core..",
                        ROOT + ".auth",
                        "io.ringmain.protocol",
                        ring,
                        event,
                        counters,
                        catalog,
                        log,
                        snapshot)
                .check(ENGINE);
    }

    /** A seed of the simulator that failed must fail again. */
    @Test
    void shouldBringChanceInAtTheRootOnly() {
        noClasses()
                .that(resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT))))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.security.SecureRandom")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .check(ENGINE);
    }

    @Test
    void shouldBiteOnAWrongArrow() {
        assertThrows(
                AssertionError.class,
                () -> mayUse(ROOT + ".driver", ROOT + ".driver").check(ENGINE));
    }

    @Test
    void shouldLetOnlyTheDriverCallTheCoreAndNobodyTheRoot() {
        noClasses()
                .that(resideInAPackage(ROOT + "..")
                        .and(not(resideInAnyPackage(ROOT, ROOT + ".core..", ROOT + ".driver"))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".core..")
                .check(ENGINE);
        noClasses()
                .that(resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT))))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT))
                .check(ENGINE);
    }
}
