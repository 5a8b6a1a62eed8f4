// Runs what the tests tell it: a script on a line of JSON in, its result on a line of JSON out. Several may run at a time.
import { Client, Receiver, decodeBase64, startDevServer } from '@upstash/qstash';
import * as jose from 'jose';
import * as crypto from 'node:crypto';
import * as http from 'node:http';
import { createInterface } from 'node:readline';

const AsyncFunction = (async () => {}).constructor;
const sdk = { Client, Receiver, decodeBase64, startDevServer, jose, crypto, http };

// Standard output belongs to the results.
console.log = console.error;

async function run({ id, script, given }) {
  try {
    const names = { ...sdk, ...given };
    const result = await new AsyncFunction(...Object.keys(names), script)(...Object.values(names));
    return { id, result: result ?? null };
  } catch (error) {
    return { id, error: error?.stack ?? String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  run(JSON.parse(line)).then(outcome => process.stdout.write(JSON.stringify(outcome) + '\n'));
}
