import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** From a tenth of a millisecond, a read, to the limit of an answer. */
const SECONDS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

/** What a process counts, in the text format of Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #calls = new Histogram({
    name: 'cairn_rpc_call_seconds',
    help: 'Time to answer a JSON-RPC call',
    labelNames: ['method'],
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #errors = new Counter({
    name: 'cairn_rpc_errors_total',
    help: 'JSON-RPC calls answered by an error',
    labelNames: ['method', 'code'],
    registers: [this.#registry],
  });

  /** The media type of {@link text}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** A call was answered after so many seconds; `code` is that of the error, if it was one. */
  callAnswered(method: string, seconds: number, code: number | undefined): void {
    this.#calls.observe({ method }, seconds);
    if (code !== undefined) this.#errors.inc({ method, code });
  }

  /** A number that is read whenever the metrics are. */
  watch(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Everything counted so far. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
