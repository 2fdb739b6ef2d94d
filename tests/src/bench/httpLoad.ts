import { Worker } from 'node:worker_threads';

/** Requests that are under way at once. */
const CONCURRENCY = 16;

const CLIENT = `
const { parentPort, workerData } = require('node:worker_threads');
const http = require('node:http');
const agent = new http.Agent({ keepAlive: true, maxSockets: workerData.concurrency });
const post = (body) => new Promise((resolve, reject) => {
  const request = http.request(workerData.url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (response) => {
    let text = '';
    response.on('data', (chunk) => { text += chunk; });
    response.on('end', () => { const { error } = JSON.parse(text); error ? reject(new Error(JSON.stringify(error))) : resolve(); });
  });
  request.on('error', reject);
  request.end(body);
});
let next = 0;
const latencies = new Float64Array(workerData.bodies.length);
const lane = async () => {
  while (next < workerData.bodies.length) {
    const i = next++;
    const start = performance.now();
    await post(workerData.bodies[i]);
    latencies[i] = performance.now() - start;
  }
};
Promise.all(Array.from({ length: workerData.concurrency }, lane)).then(
  () => parentPort.postMessage(latencies),
  (error) => { throw error; },
);`;

/**
 * Sends JSON-RPC bodies from a thread of its own; resolves with how long each took, in milliseconds.
 * An error in an answer rejects.
 */
export function sendAll(
  url: string,
  bodies: readonly string[],
  concurrency = CONCURRENCY,
): Promise<Float64Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(CLIENT, {
      eval: true,
      workerData: { url, bodies, concurrency },
    });
    worker.once('message', (latenciesMs: Float64Array) => {
      void worker.terminate();
      resolve(latenciesMs);
    });
    worker.once('error', reject);
  });
}
