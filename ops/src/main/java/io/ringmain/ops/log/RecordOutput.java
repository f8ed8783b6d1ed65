package io.ringmain.ops.log;

import picocli.CommandLine.Option;

/** How records are printed: the options that the commands share that print them. */
final class RecordOutput {
    private static final int MAX_PAYLOAD = 256;

    @Option(
            names = "-o",
            paramLabel = "text|table|json|ndjson|csv",
            description = "Output, default text. Only text and table cut payloads off.")
    private Output output = Output.text;

    @Option(names = "--who", description = "Text with user, address, listener: CLIENT by USER@ADDRESS on LISTENER.")
    private boolean who;

    @Option(names = "--full", description = "Payloads as long as they are, not just " + MAX_PAYLOAD + " bytes.")
    private boolean full;

    Output output() {
        return output;
    }

    RecordRows open(final ScanProgress progress) {
        return open(new DataOut(progress::wipe));
    }

    RecordRows open(final DataOut out) {
        return new RecordRows(output, new EventText(full ? Integer.MAX_VALUE : MAX_PAYLOAD, who), out);
    }
}
