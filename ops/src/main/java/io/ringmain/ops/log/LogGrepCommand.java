package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code ringmain log grep}: messages by what is in them. */
@Command(
        name = "grep",
        description =
                "Print recorded messages in whose payload a pattern is found; exit 1 if there is none. Messages that"
                        + " the broker didn't take are left out without --all.",
        mixinStandardHelpOptions = true)
public final class LogGrepCommand implements Callable<Integer> {
    /** Where the pattern is looked for. */
    enum Place {
        topic,
        payload,
        both
    }

    @Mixin
    private Selection selection;

    @Mixin
    private RecordOutput output;

    @Option(names = "--in", paramLabel = "topic|payload|both", description = "Where to look, default payload.")
    private Place place = Place.payload;

    @Option(names = "-i", description = "Upper and lower case are the same.")
    private boolean ignoreCase;

    @Option(names = "-v", description = "Print messages in which the pattern is not found.")
    private boolean invert;

    @Option(names = "-c", description = "Print only how many there are.")
    private boolean countOnly;

    @Parameters(
            paramLabel = "PATTERN",
            description = "Regular expression as in Java. In a payload that isn't UTF-8 nothing is found.",
            converter = PatternConverter.class)
    private Pattern pattern;

    private long found;

    @Override
    public Integer call() {
        if (ignoreCase) {
            pattern = Pattern.compile(pattern.pattern(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        }
        return LogErrors.guard(this::grep);
    }

    private int grep() {
        final ScanProgress progress = ScanProgress.of("grep");
        try (LogScan scan =
                        LogScan.open(selection).takenOnly().where(this::matches).progress(progress);
                DataOut out = new DataOut(progress::wipe)) {
            if (countOnly) {
                scan.run(record -> ++found > 0);
                out.line(Long.toString(found));
            } else {
                print(scan, out);
            }
        }
        return found > 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private void print(final LogScan scan, final DataOut out) {
        try (RecordRows rows = output.open(out)) {
            scan.run(record -> {
                found++;
                return rows.add(record);
            });
        }
    }

    private boolean matches(final LogRecord record) {
        return record.hasTopic() && invert != isFound(record);
    }

    private boolean isFound(final LogRecord record) {
        try {
            return place != Place.payload && pattern.matcher(record.topic()).find()
                    || place != Place.topic
                            && RecordColumns.isText(record)
                            && pattern.matcher(RecordColumns.text(record)).find();
        } catch (final StackOverflowError ex) {
            throw new IllegalArgumentException(
                    "the pattern goes too deep for the message at @" + record.position() + ": put it simpler");
        }
    }

    /** Parses a pattern. */
    static final class PatternConverter implements ITypeConverter<Pattern> {
        @Override
        public Pattern convert(final String text) {
            try {
                return Pattern.compile(text);
            } catch (final PatternSyntaxException ex) {
                throw new TypeConversionException(
                        "'" + text + "': " + ex.getDescription() + " near character " + Math.max(0, ex.getIndex()));
            }
        }
    }
}
