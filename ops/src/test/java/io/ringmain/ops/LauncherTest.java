package io.ringmain.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a tree of its own, with a Java and a Maven that only say how they were called. */
class LauncherTest {
    private static final Path OPS = Path.of("").toAbsolutePath();
    private static final String[] MODULES = {"protocol", "storage", "engine", "ops", "perf"};

    @TempDir
    private Path dir;

    private Path tree;
    private Path jdk;

    /** @param out what the script wrote to standard output. */
    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void plant() throws IOException {
        tree = dir.toRealPath().resolve("a tree");
        copy("bin/ringmain");
        copy("conf/jdk.options");
        copy("conf/jvm.options");
        executable(tree.resolve("ops/bin/ringmain"));
        Files.writeString(tree.resolve("pom.xml"), "<project/>");
        for (final String module : MODULES) {
            Files.createDirectories(tree.resolve(module).resolve("src/main/java"));
            Files.writeString(tree.resolve(module).resolve("pom.xml"), "<project/>");
            Files.writeString(tree.resolve(module).resolve("src/main/java/A.java"), "class A {}");
        }
        jdk = dir.resolve("jdk");
        plantJdk("17.0.15");
        script(jdk.resolve("bin/java"), "printf '%s\\n' \"$@\"");
        script(jdk.resolve("bin/javac"), "exit 0");
        script(dir.resolve("bin/mvn"), """
                echo "mvn $*" >> "$(dirname "$0")/calls"
                for module in ops perf; do
                    case " $* " in *" $module "*) mkdir -p $module/target/lib && touch $module/target/ringmain-$module.jar ;; esac
                done
                """);
    }

    private void plantJdk(final String version) throws IOException {
        Files.createDirectories(jdk);
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private void copy(final String file) throws IOException {
        final Path target = tree.resolve("ops").resolve(file);
        Files.createDirectories(target.getParent());
        Files.copy(OPS.resolve(file), target);
    }

    private static void script(final Path file, final String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        executable(file);
    }

    private static void executable(final Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Run run(final String... args) throws Exception {
        return run(tree.resolve("ops/bin/ringmain"), List.of(), args);
    }

    private Run run(final Path script, final List<String> environment, final String... args) throws Exception {
        final List<String> command = new ArrayList<>(List.of("env", "-u", "RINGMAIN_JAVA_OPTS", "JAVA_HOME=" + jdk));
        command.add("PATH=" + dir.resolve("bin") + ":/usr/bin:/bin");
        command.addAll(environment);
        command.add(script.toString());
        command.addAll(List.of(args));
        final Path out = dir.resolve("out");
        final Path err = dir.resolve("err");
        final Process process = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the launcher hangs");
        return new Run(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private List<String> builds() throws IOException {
        final Path calls = dir.resolve("bin/calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    @Test
    void shouldBuildOnceAndSayThatItDoes() throws Exception {
        final Run first = run("version");
        assertEquals(0, first.exitCode(), first.err());
        assertTrue(first.err().contains("ringmain: building"), first.err());
        assertEquals(1, builds().size());
        assertTrue(builds().get(0).contains("-DskipTests") && builds().get(0).contains("-pl ops -am package"));
        assertEquals("", run("version").err());
        assertEquals(1, builds().size());
    }

    @Test
    void shouldBuildAgainWhenASourceIsNewer() throws Exception {
        run("version");
        final Path source = tree.resolve("storage/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        run("version");
        assertEquals(2, builds().size());
    }

    @Test
    void shouldRunFromAnywhereThroughLinksWithSpacesInThePath() throws Exception {
        final Path link = Files.createSymbolicLink(dir.resolve("link"), tree.resolve("ops/bin/ringmain"));
        final Path again = Files.createSymbolicLink(dir.resolve("rm"), Path.of("link"));
        final Run run = run(again, List.of(), "log", "cat", "-t", "a b", "*");
        final List<String> args = run.out().lines().toList();
        assertEquals(
                List.of(
                        "-cp",
                        tree + "/ops/target/ringmain-ops.jar:" + tree + "/ops/target/lib/*",
                        "io.ringmain.ops.Ringmain",
                        "log",
                        "cat",
                        "-t",
                        "a b",
                        "*"),
                args.subList(args.indexOf("-cp"), args.size()));
    }

    @Test
    void shouldGiveTheBrokerItsFlagsAndCommandsLightOnes() throws Exception {
        final List<String> serve = run("serve", "-p", "0").out().lines().toList();
        assertTrue(serve.contains("@" + tree + "/ops/conf/jdk.options"), serve.toString());
        assertTrue(serve.contains("@" + tree + "/ops/conf/jvm.options"), serve.toString());
        assertFalse(serve.contains("-XX:+UseSerialGC"), serve.toString());
        final List<String> version = run("version").out().lines().toList();
        assertTrue(version.contains("@" + tree + "/ops/conf/jdk.options"), version.toString());
        assertTrue(version.contains("-XX:+UseSerialGC"), version.toString());
        final Run more = run(tree.resolve("ops/bin/ringmain"), List.of("RINGMAIN_JAVA_OPTS=-Xmx2g -Da=b"), "serve");
        final List<String> flags = more.out().lines().toList();
        assertTrue(flags.indexOf("-Xmx2g") > flags.indexOf("@" + tree + "/ops/conf/jvm.options"), flags.toString());
        assertTrue(flags.contains("-Da=b"), flags.toString());
    }

    @Test
    void shouldRunTheLoadToolOfPerf() throws Exception {
        final List<String> args = run("bench", "e2e").out().lines().toList();
        assertTrue(builds().get(0).contains("-pl perf -am"), builds().toString());
        assertEquals(List.of("io.ringmain.perf.load.LoadTool", "e2e"), args.subList(args.size() - 2, args.size()));
        assertTrue(args.contains("-Dringmain.home=" + tree), args.toString());
        assertEquals(1, builds().size());
    }

    @Test
    void shouldBuildTheBrokerThatABenchmarkStarts() throws Exception {
        final List<String> args =
                run("bench", "recovery", "--warm").out().lines().toList();
        assertTrue(builds().get(0).contains("-pl perf -am"), builds().toString());
        assertTrue(builds().get(1).contains("-pl ops -am"), builds().toString());
        assertEquals(List.of("recovery", "--warm"), args.subList(args.size() - 2, args.size()));
    }

    @Test
    void shouldArchiveTheClassesOfTheBrokerOncePerBuildAndJdk() throws Exception {
        script(tree.resolve("ops/bin/archive-classes"), "echo \"$2\" >> \"$0.calls\"; echo x > \"$1\"");
        final Path calls = tree.resolve("ops/bin/archive-classes.calls");
        final String flag = "-XX:SharedArchiveFile=" + tree + "/ops/target/classes-";
        assertTrue(run("serve").out().contains(flag));
        assertTrue(run("serve").out().contains(flag));
        assertFalse(run("version").out().contains(flag));
        assertEquals(List.of(jdk.resolve("bin/java").toString()), Files.readAllLines(calls));
        plantJdk("17.0.16");
        run("serve");
        assertEquals(2, Files.readAllLines(calls).size());
        Files.setLastModifiedTime(
                tree.resolve("ops/target/lib"), FileTime.from(Instant.now().plusSeconds(60)));
        run("serve");
        assertEquals(3, Files.readAllLines(calls).size());
        final Run bench = run("bench", "startup");
        assertTrue(bench.out().contains("-Dringmain.classes=" + tree + "/ops/target/classes-"), bench.out());
    }

    @Test
    void shouldServeWithoutAnArchiveThatCannotBeMadeAndNotTryAgain() throws Exception {
        script(tree.resolve("ops/bin/archive-classes"), "echo tried >> \"$0.calls\"; echo no >&2; exit 1");
        for (int i = 0; i < 2; i++) {
            final Run run = run("serve");
            assertEquals(0, run.exitCode());
            assertFalse(run.out().contains("SharedArchiveFile"), run.out());
            assertFalse(run.err().contains("no\n"), run.err());
        }
        assertEquals(
                1,
                Files.readAllLines(tree.resolve("ops/bin/archive-classes.calls"))
                        .size());
    }

    @Test
    void shouldRefuseAJavaThatIsTooOldOrMissing() throws Exception {
        plantJdk("11.0.20");
        final Run old = run("version");
        assertEquals(1, old.exitCode());
        assertTrue(old.err().contains("is Java 11: a JDK 17 or newer is needed"), old.err());
        plantJdk("1.8.0_392");
        assertTrue(run("version").err().contains("is Java 8:"));
        Files.delete(jdk.resolve("bin/java"));
        final Run missing = run("version");
        assertEquals(1, missing.exitCode());
        assertTrue(missing.err().contains("JAVA_HOME is " + jdk + ", but there is no"), missing.err());
        assertEquals(List.of(), builds());
    }

    @Test
    void shouldShowWhyTheBuildFailed() throws Exception {
        script(dir.resolve("bin/mvn"), "echo '[ERROR] out of luck'; exit 1");
        final Run run = run("version");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("[ERROR] out of luck"), run.err());
        assertTrue(run.err().contains("ringmain: the build failed"), run.err());
        assertEquals("", run.out());
    }

    @Test
    void shouldNotBuildWhenToldNotTo() throws Exception {
        final Run run = run(tree.resolve("ops/bin/ringmain"), List.of("RINGMAIN_NO_BUILD=1"), "version");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("RINGMAIN_NO_BUILD"), run.err());
        assertEquals(List.of(), builds());
    }
}
