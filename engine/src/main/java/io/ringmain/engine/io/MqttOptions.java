package io.ringmain.engine.io;

/** What of MQTT is offered to clients, beside limits. Set before the broker starts, then left alone. */
public final class MqttOptions {

    private boolean retainAvailable = true;
    private boolean wildcardsAvailable = true;
    private boolean sharedAvailable = true;
    private boolean subscriptionIdentifiersAvailable = true;
    private boolean longMqisdpClientIds = false;
    private boolean payloadFormatChecked = false;
    private boolean replayAvailable = false;
    private int replayLastMaximum = 10_000;
    private String responseInformation = "response/%c";
    private String serverReference = "";

    /** Whether clients may retain messages. */
    public boolean retainAvailable() {
        return retainAvailable;
    }

    public MqttOptions retainAvailable(final boolean value) {
        this.retainAvailable = value;
        return this;
    }

    /** Whether topic filters may have wildcards. */
    public boolean wildcardsAvailable() {
        return wildcardsAvailable;
    }

    public MqttOptions wildcardsAvailable(final boolean value) {
        this.wildcardsAvailable = value;
        return this;
    }

    /** Whether there are shared subscriptions. */
    public boolean sharedAvailable() {
        return sharedAvailable;
    }

    public MqttOptions sharedAvailable(final boolean value) {
        this.sharedAvailable = value;
        return this;
    }

    /** Whether subscriptions may have an identifier. */
    public boolean subscriptionIdentifiersAvailable() {
        return subscriptionIdentifiersAvailable;
    }

    public MqttOptions subscriptionIdentifiersAvailable(final boolean value) {
        this.subscriptionIdentifiersAvailable = value;
        return this;
    }

    /** Whether MQTT 3.1 clients may have ids of more than 23 characters. */
    public boolean longMqisdpClientIds() {
        return longMqisdpClientIds;
    }

    public MqttOptions longMqisdpClientIds(final boolean value) {
        this.longMqisdpClientIds = value;
        return this;
    }

    /** Whether a payload that is announced as UTF-8 is looked at. */
    public boolean payloadFormatChecked() {
        return payloadFormatChecked;
    }

    public MqttOptions payloadFormatChecked(final boolean value) {
        this.payloadFormatChecked = value;
        return this;
    }

    /** Whether clients may subscribe to what was recorded, {@code $replay/place/filter}. */
    public boolean replayAvailable() {
        return replayAvailable;
    }

    public MqttOptions replayAvailable(final boolean value) {
        this.replayAvailable = value;
        return this;
    }

    /** Most messages that a client may ask for by {@code last:N}. */
    public int replayLastMaximum() {
        return replayLastMaximum;
    }

    public MqttOptions replayLastMaximum(final int value) {
        this.replayLastMaximum = value;
        return this;
    }

    /** What a client gets that asks for Response Information, {@code %c} for its id; empty for nothing. */
    public String responseInformation() {
        return responseInformation;
    }

    public MqttOptions responseInformation(final String value) {
        this.responseInformation = value;
        return this;
    }

    /** Where clients are sent when this broker stops or has no room, as in Server Reference; empty for nowhere. */
    public String serverReference() {
        return serverReference;
    }

    public MqttOptions serverReference(final String value) {
        this.serverReference = value;
        return this;
    }
}
