package io.ringmain.ops;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code ringmain version}. */
@Command(name = "version", description = "Print the version of the broker and of the Java that runs it.")
public final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Override
    public Integer call() throws IOException {
        System.out.println(getVersion()[0]);
        return ExitCode.OK;
    }

    @Override
    public String[] getVersion() throws IOException {
        final Properties build = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream("/ringmain-build.properties")) {
            build.load(in);
        }
        return new String[] {
            "ringmain " + build.getProperty("version") + ", MQTT 3.1 3.1.1 5.0, Java " + Runtime.version() + ", "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
