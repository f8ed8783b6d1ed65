package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringmain log get}: one record, whole. */
@Command(
        name = "get",
        description = "Print the record at a position as JSON, or the payload alone; exit 7 if none starts there.",
        mixinStandardHelpOptions = true)
public final class LogGetCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "Data directory, default ./data.")
    private Path data = Path.of("data");

    @Option(names = "--payload", description = "The bytes of the payload, and nothing else.")
    private boolean payloadOnly;

    @Option(names = "-o", paramLabel = "text|table|json|ndjson|csv", description = "Output, default ndjson.")
    private Output output = Output.ndjson;

    @Parameters(paramLabel = "@POSITION", converter = LogPoint.Converter.class)
    private LogPoint place;

    private boolean isFound;

    @Override
    public Integer call() {
        if (place.isTime()) {
            System.err.println("ringmain: expected @POSITION, as log cat prints it");
            return ExitCode.USAGE;
        }
        return LogErrors.guard(this::get);
    }

    private int get() {
        try (LogScan scan = LogScan.open(Selection.from(data, place.position()))) {
            scan.run(record -> {
                isFound = record.position() == place.position();
                if (isFound) {
                    print(record);
                }
                return false;
            });
        }
        if (!isFound) {
            System.err.println("ringmain: no record starts at position " + place.position());
        }
        return isFound ? ExitCode.OK : ExitCode.NOT_FOUND;
    }

    private void print(final LogRecord record) {
        try (DataOut out = new DataOut()) {
            if (payloadOnly) {
                out.write(RecordColumns.payload(record));
                return;
            }
            try (RecordRows rows = new RecordRows(output, new EventText(Integer.MAX_VALUE, true), out)) {
                rows.add(record);
            }
        }
    }
}
