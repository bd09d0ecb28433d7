// npm web-push with one keep-alive agent, as many in flight as our own sender. Arguments and output as in bench/senders.py.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import webpush from 'web-push';

const [devicesFile, certificate, inFlight] = process.argv.slice(2);
const devices = JSON.parse(readFileSync(devicesFile));
const vapid = JSON.parse(readFileSync(path.join(path.dirname(devicesFile), 'vapid.json')));
const payload = readFileSync(path.join(path.dirname(devicesFile), 'payload.json'));
const agent = new https.Agent({ keepAlive: true, maxSockets: Number(inFlight), ca: readFileSync(certificate) });
const options = { TTL: 86400, agent, vapidDetails: { subject: 'mailto:bench@example.se', ...vapid } };

let next = 0;
let sent = 0;
async function work() {
  while (next < devices.length) {
    const answer = await webpush.sendNotification(devices[next++], payload, options);
    if (answer.statusCode === 201) sent++;
  }
}

const before = process.cpuUsage();
const begin = performance.now();
await Promise.all(Array.from({ length: Number(inFlight) }, work));
const used = process.cpuUsage(before);
console.log(JSON.stringify({ sent, seconds: (performance.now() - begin) / 1000, cpu: (used.user + used.system) / 1e6 }));
process.exit(0);
