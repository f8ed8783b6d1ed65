package io.ringmain.perf.load;

import io.ringmain.perf.report.HtmlReport;
import io.ringmain.perf.report.Report;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How many threads make the load; for every command that runs flows whose pairs can be shared out. */
final class GeneratorOptions {
    private static final String AUTO = "auto";
    private static final int CORES_PER_THREAD = 4;

    @Option(
            names = "--generator-threads",
            paramLabel = "N",
            converter = Threads.class,
            description = "Threads that the pairs of a flow are shared out to, or auto for a quarter of the cores;"
                    + " default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int threads;

    int threads() {
        return threads;
    }

    /** Notes it unless it is the usual one. */
    Report note(final Report report) {
        return threads == 1 ? report : report.fact(HtmlReport.GENERATOR_THREADS, threads);
    }

    /** Reads {@code auto} or a number. */
    static final class Threads implements ITypeConverter<Integer> {
        @Override
        public Integer convert(final String text) {
            return text.equals(AUTO) ? auto(Runtime.getRuntime().availableProcessors()) : number(text);
        }

        private static int number(final String text) {
            try {
                final int number = Integer.parseInt(text);
                if (number > 0) {
                    return number;
                }
            } catch (final NumberFormatException ignored) {
                // Said below.
            }
            throw new TypeConversionException("'" + text + "' is neither auto nor a number of threads from 1 on");
        }

        static int auto(final int cores) {
            return Math.max(1, cores / CORES_PER_THREAD);
        }
    }
}
