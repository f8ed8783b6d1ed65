// Usage: node client.mjs URL VERSION ROUNDS
// Connects with MQTT.js, subscribes, publishes with every QoS, and prints what comes: topic, QoS and length, or a short text.
import mqtt from 'mqtt';

const [url, version, rounds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const timeout = setTimeout(() => fail('nothing for 30 s'), 30000);

function fail(why) {
  console.error(String(why));
  process.exit(1);
}

const client = mqtt.connect(url, {
  clientId: 'node' + version + '-' + process.pid,
  protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
  protocolVersion: version,
  reconnectPeriod: 0,
});
client.on('error', fail);
client.on('close', () => fail('closed by the broker'));

let arrived = 0;
client.on('message', (topic, payload, packet) => {
  console.log(`${topic} ${packet.qos} ${payload.length > 20 ? payload.length + ' bytes' : payload}`);
  if (++arrived === rounds * 3 + 1) {
    clearTimeout(timeout);
    // The broker closes at the DISCONNECT; what the WebSocket still wants to say may find nobody.
    client.removeAllListeners('close');
    client.removeAllListeners('error');
    client.on('error', () => {});
    client.end(() => process.exit(0));
  }
});

client.on('connect', async () => {
  try {
    await client.subscribeAsync('node/#', { qos: 2 });
    for (let i = 0; i < rounds; i++) {
      for (const qos of [0, 1, 2]) {
        await client.publishAsync('node/' + qos, 'text ' + i, { qos });
      }
    }
    await client.publishAsync('node/large', Buffer.alloc(300000, 'x'), { qos: 1 });
  } catch (error) {
    fail(error);
  }
});
