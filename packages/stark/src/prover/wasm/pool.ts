/** A call of a kernel: its export, its arguments, and whether the thread's own scratch memory is the last of them. */
export interface KernelCall {
  readonly name: string;
  readonly args: readonly number[];
  readonly scratch?: boolean;
}

/** What a thread of a pool needs: the shared memory, the modules over it, and where its scratch memory lies. */
export interface ThreadSetup {
  readonly memory: WebAssembly.Memory;
  readonly modules: readonly WebAssembly.Module[];
}

/**
 * Threads that run kernels over one shared memory. Calls of a batch are independent of each other; their order and the
 * number of threads can not change any result.
 */
export interface Pool {
  readonly threadCount: number;
  /** Gives all threads the memory and modules for what follows. */
  setUp(setup: ThreadSetup): Promise<void>;
  /** Runs a batch; what each call returned. */
  run(calls: readonly KernelCall[]): Promise<(number | bigint | undefined)[]>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** Scratch memory: a buffer of the Keccak kernel, then the kernels' own, of which hashing leaves needs 52,000 bytes. Thread t has the bytes from scratchAddress(t). */
export const SCRATCH_BYTES = 0xd000;
const SCRATCH_START = 4096;
/** More threads than this have no scratch memory. */
export const MAX_THREADS = 14;
/** Where memory is free for the host: static data and scratch lie below. */
export const ARENA_START = 0xc0000;
const KECCAK_BUFFER_BYTES = 512;

/** Where the scratch memory of a thread begins. */
export function scratchAddress(thread: number): number {
  return SCRATCH_START + thread * SCRATCH_BYTES;
}

type Exports = Record<string, (...args: number[]) => number | bigint | undefined>;

/** Instances of the modules in this thread, as one table of functions. */
function instantiate({ memory, modules }: ThreadSetup, thread: number): Exports {
  const imports = { env: { memory, abort: () => {} } };
  const functions = Object.assign(
    {},
    ...modules.map((module) => new WebAssembly.Instance(module, imports).exports),
  ) as Exports;
  functions.setPairBuffer!(scratchAddress(thread));
  return functions;
}

/** The pool of one thread: the caller's. */
export class InlinePool implements Pool {
  readonly threadCount = 1;
  #functions: Exports = {};

  async setUp(setup: ThreadSetup): Promise<void> {
    this.#functions = instantiate(setup, 0);
  }

  async run(calls: readonly KernelCall[]): Promise<(number | bigint | undefined)[]> {
    const scratch = scratchAddress(0) + KECCAK_BUFFER_BYTES;
    return calls.map(({ name, args, scratch: withScratch }) =>
      this.#functions[name]!(...args, ...(withScratch ? [scratch] : [])),
    );
  }

  async close(): Promise<void> {}
}

/**
 * The program of a worker thread, as text: it takes { setup, thread } or { calls, first } and answers { results, first }.
 * `receive` and `send` are what the surroundings call the two directions. Its layout of scratch memory is the above.
 */
export function workerProgram(receive: string, send: string): string {
  return `
let functions = {};
let scratch = 0;
const onMessage = (message) => {
  if (message.setup) {
    const imports = { env: { memory: message.setup.memory, abort() {} } };
    functions = Object.assign({}, ...message.setup.modules.map((module) => new WebAssembly.Instance(module, imports).exports));
    const start = ${SCRATCH_START} + message.thread * ${SCRATCH_BYTES};
    functions.setPairBuffer(start);
    scratch = start + ${KECCAK_BUFFER_BYTES};
    ${send}({ results: [], first: -1 });
    return;
  }
  const results = message.calls.map((call) => functions[call.name](...call.args, ...(call.scratch ? [scratch] : [])));
  ${send}({ results, first: message.first });
};
${receive}(onMessage);
`;
}
