package io.ringmain.perf.load;

import io.ringmain.perf.report.HtmlReport;
import io.ringmain.perf.report.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ringmain bench report}: the page of a run, made anew from its files. */
@Command(
        name = "report",
        description = "Make report.html anew from the files that suite or compare has written.",
        mixinStandardHelpOptions = true)
final class ReportBench implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "What was given to --out.")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(directory.resolve(RunDirectory.SUMMARY))) {
            throw new IOException("no " + RunDirectory.SUMMARY + " in " + directory);
        }
        System.out.println("written to " + HtmlReport.write(new RunDirectory(directory)));
        return 0;
    }
}
