package io.ringmain.ops.config;

/**
 * A value of the configuration.
 *
 * @param value as the setting's parser made it.
 * @param text as it was written.
 * @param origin where: {@code ringmain.yaml:3:7}, {@code --set}, an environment variable, {@code default}.
 */
record Given(Object value, String text, String origin) {}
