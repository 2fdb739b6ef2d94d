import { keccak_256 } from '@noble/hashes/sha3.js';
import { addM31, type M31, mulM31, P } from '../core/field/m31.ts';
import { HASH_ROLE } from '../core/hash/hashSuite.ts';
import { C96, type Profile } from '../core/params/profiles.ts';
import { verify } from '../core/verifier/verify.ts';
import { verifyingKey } from '../core/verifier/verifyingKey.ts';
import { poseidon2Air, poseidon2Input } from '../examples/poseidon2.ts';
import { wideFibonacciAir } from '../examples/wideFibonacci.ts';
import { NodePool } from '../nodePool/nodePool.ts';
import { prove } from '../prover/prove.ts';
import { generateTrace } from '../prover/trace.ts';
import { Arena } from '../prover/wasm/arena.ts';
import { scratchAddress } from '../prover/wasm/pool.ts';
import { TwiddleStore } from '../prover/wasm/twiddleStore.ts';
import { kernelsModule, WasmBackend } from '../prover/wasm/wasmBackend.ts';

/** One line of a benchmark's result; `ratio` is how many times better than the baseline of the same run. */
export interface BenchResult {
  name: string;
  value: number;
  unit: string;
  baseline?: string;
  baselineValue?: number;
  ratio?: number;
  /** How many times the calibration kernel a unit of work takes: value / baselineValue. */
  multiple?: number;
  /** What `multiple` (where there is one), `ratio` or `value` is to reach, and whether it does. */
  goal?: string;
  isMet?: boolean;
}

interface KernelRow {
  readonly name: string;
  /** Units of work in one call. */
  readonly count: number;
  readonly run: () => void;
  /** The greatest multiple of the calibration kernel. @see shared/reference/kernels.md, section 9 */
  readonly maxMultiple?: number;
}

const LOG_FFT = 20;

const ACCUMULATED = 100;

/** The kernels, over memory of their own. */
function kernelRows(logFft: number): { calibration: KernelRow; rows: KernelRow[]; keccakNode: KernelRow } {
  const arena = new Arena(2 ** 28);
  const layers = new TwiddleStore(arena).layers(logFft, 'doubled');
  const column = arena.allocate(4 * 2 ** logFft);
  const planes = arena.allocate(4 * 8192);
  const states = arena.allocate(4096);
  const random = (address: number, count: number) => {
    const words = arena.words(address, count);
    for (let i = 0; i < count; i++) words[i] = (i * 0x9e3779b1) >>> 1;
  };
  const columnList = arena.place(
    Array.from({ length: ACCUMULATED }, (_, i) => column + ((2048 * i) % (4 * 2 ** logFft))),
  );
  const weights = arena.place(Array.from({ length: 4 * ACCUMULATED }, (_, i) => (i * 0x3779b1) % P));
  const sumList = arena.place([0, 1, 2, 3].map(() => arena.allocate(2048)));
  random(column, 2 ** logFft);
  random(planes, 8192);
  random(states, 1024);
  const imports = { env: { memory: arena.memory, abort: () => {} } };
  const k = new WebAssembly.Instance(kernelsModule(), imports).exports as Record<
    string,
    (...args: number[]) => void
  >;
  k.setPairBuffer!(scratchAddress(0));
  const repeat = (times: number, act: () => void) => () => {
    for (let i = 0; i < times; i++) act();
  };
  return {
    // As long as a transform of 2^20, so that a busy machine interrupts both alike.
    calibration: { name: 'vecmul', count: 2 ** 24, run: () => k.repeatVectorMul!(planes, 2 ** 24) },
    rows: [
      {
        name: 'fft-butterfly',
        count: logFft * 2 ** (logFft - 1),
        run: () => k.evaluateBlock!(column, column, logFft, 0, layers),
        maxMultiple: 1.7,
      },
      {
        name: 'qm31-mac',
        count: 2 ** 20,
        run: () => k.repeatSecureMac!(planes, 2 ** 20),
        maxMultiple: 18,
      },
      {
        // Columns of 512 words, so that a column and the four sums stay in the first-level cache.
        name: 'm31-qm31-accumulate',
        count: ACCUMULATED * 512 * 40,
        run: repeat(40, () => k.combineColumns!(columnList, weights, ACCUMULATED, 0, 4 * 512, sumList)),
        maxMultiple: 4.4,
      },
      {
        name: 'blake2s-block',
        count: 4 * 25_000,
        run: repeat(25_000, () => k.compressFour!(states, states + 128, 64, -1)),
        maxMultiple: 168,
      },
      { name: 'keccak-f1600', count: 2 * 10_000, run: repeat(10_000, () => k.keccakF1600Pair!(states)) },
    ],
    keccakNode: {
      name: 'keccak-node',
      count: 20 * 64,
      run: repeat(20, () =>
        k.keccakNodes!(planes, planes + 4096, 64, HASH_ROLE.node << 24, scratchAddress(0) + 512),
      ),
    },
  };
}

/** Nanoseconds of processor time per unit: what others do on the machine counts less than in elapsed time. */
function timeOf({ count, run }: KernelRow): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / count;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

/** Medians of two pieces of work, done alternately. */
function alternate(one: KernelRow, other: KernelRow, smoke: boolean): [number, number] {
  const values: number[] = [];
  const others: number[] = [];
  for (let i = smoke ? 0 : -5; i < (smoke ? 1 : 31); i++) {
    const [value, otherValue] = [timeOf(one), timeOf(other)];
    if (i < 0) continue;
    values.push(value);
    others.push(otherValue);
  }
  return [median(values), median(others)];
}

/** Each kernel against the calibration kernel, and keccak-256 of a node against @noble/hashes. */
function measureKernels(smoke: boolean): BenchResult[] {
  const { calibration, rows, keccakNode } = kernelRows(smoke ? 12 : LOG_FFT);
  const results = rows.map((row): BenchResult => {
    const [value, baselineValue] = alternate(row, calibration, smoke);
    const multiple = value / baselineValue;
    const { name, maxMultiple } = row;
    return {
      name,
      value,
      unit: 'ns',
      baseline: 'calibration',
      baselineValue,
      ratio: baselineValue / value,
      multiple,
      ...(maxMultiple === undefined
        ? {}
        : { goal: `multiple <= ${maxMultiple}`, isMet: multiple <= maxMultiple }),
    };
  });
  const node = new Uint8Array(68);
  const noble: KernelRow = {
    name: '@noble/hashes',
    count: 200,
    run: () => {
      for (let i = 0; i < 200; i++) keccak_256(node);
    },
  };
  const [value, baselineValue] = alternate(keccakNode, noble, smoke);
  const ratio = baselineValue / value;
  results.push({
    name: keccakNode.name,
    value,
    unit: 'ns',
    baseline: noble.name,
    baselineValue,
    ratio,
    goal: 'ratio >= 15',
    isMet: ratio >= 15,
  });
  return results;
}

/** How much more processor time two workers take for the same transforms than one. */
async function measureWorkers(smoke: boolean): Promise<BenchResult> {
  const logSize = smoke ? 12 : LOG_FFT;
  const cpuOf = async (threadCount: number) => {
    const arena = new Arena(2 ** 28);
    const layers = new TwiddleStore(arena).layers(logSize, 'doubled');
    const columns = Array.from({ length: 16 }, () => arena.allocate(4 * 2 ** logSize));
    const pool = new NodePool(threadCount);
    await pool.setUp({ memory: arena.memory, modules: [kernelsModule()] });
    const calls = columns.map((column) => ({
      name: 'evaluateBlock',
      args: [column, column, logSize, 0, layers],
    }));
    return {
      run: async () => {
        const start = process.cpuUsage();
        for (let i = 0; i < 4; i++) await pool.run(calls);
        const { user, system } = process.cpuUsage(start);
        return user + system;
      },
      close: () => pool.close(),
    };
  };
  const [one, two] = [await cpuOf(1), await cpuOf(2)];
  const ratios: number[] = [];
  for (let i = smoke ? 0 : -2; i < (smoke ? 1 : 15); i++) {
    const alone = await one.run();
    const both = await two.run();
    if (i >= 0) ratios.push(both / alone);
  }
  await Promise.all([one.close(), two.close()]);
  const value = (median(ratios) - 1) * 100;
  return { name: 'extra-cpu-of-2-workers', value, unit: '%', goal: 'value <= 5', isMet: value <= 5 };
}

/** Cells per second of trace generation: assigned columns and counted look-ups, by the witness kernels. */
function measureTraceGeneration(smoke: boolean): BenchResult {
  const { input, publicValues } = poseidon2Input(
    Array.from({ length: 16 }, (_, i) => i),
    smoke ? 16 : 2 ** 14,
  );
  const times: number[] = [];
  let cells = 0;
  for (let i = 0; i < (smoke ? 1 : 5); i++) {
    const start = performance.now();
    const trace = generateTrace(poseidon2Air, input, publicValues);
    times.push((performance.now() - start) / 1000);
    cells = trace.reduce((n, { columns, logHeight }) => n + columns.length * 2 ** logHeight, 0);
  }
  return { name: 'generate-cells-poseidon2', value: cells / median(times), unit: 'cells/s' };
}

/** Columns of the wide Fibonacci table. */
function fibonacciColumns(logHeight: number, width: number): Uint32Array[] {
  const rowCount = 2 ** logHeight;
  const columns = Array.from({ length: width }, () => new Uint32Array(rowCount));
  for (let row = 0; row < rowCount; row++) {
    columns[0]![row] = row + 1;
    columns[1]![row] = row + 2;
  }
  for (let i = 2; i < width; i++) {
    const [a, b, c] = [columns[i - 2]!, columns[i - 1]!, columns[i]!];
    for (let row = 0; row < rowCount; row++)
      c[row] = addM31(mulM31(a[row]!, a[row]!), mulM31(b[row]!, b[row]!));
  }
  return columns;
}

async function measureProof(
  profile: Profile,
  columns: readonly Uint32Array[],
  threadCount: number,
  smoke: boolean,
): Promise<BenchResult[]> {
  const logHeight = Math.log2(columns[0]!.length);
  const air = wideFibonacciAir(columns.length);
  const key = verifyingKey(air, profile);
  const trace = (log: number) => [
    { logHeight: log, columns: columns.map((values) => values.subarray(0, 2 ** log)) },
  ];
  const publicValues: M31[] = [columns[columns.length - 1]![0]!];
  const pool = threadCount > 1 ? new NodePool(threadCount) : undefined;
  const backend = new WasmBackend(pool === undefined ? {} : { pool });
  try {
    if (!smoke) await prove(key, trace(Math.min(14, logHeight)), publicValues, { backend });
    const start = performance.now();
    const startCpu = process.cpuUsage();
    const proof = await prove(key, trace(logHeight), publicValues, { backend });
    const { user, system } = process.cpuUsage(startCpu);
    const seconds = (performance.now() - start) / 1000;
    const times: number[] = [];
    for (let i = 0; i < (smoke ? 1 : 9); i++) {
      const before = performance.now();
      const verdict = verify(key, publicValues, proof);
      times.push(performance.now() - before);
      if (!verdict.ok) throw new Error(`the benchmark's proof was rejected: ${verdict.message}`);
    }
    const suffix = `blowup${2 ** profile.parameters.logBlowup}`;
    const threads = threadCount === 2 ? '' : `-${threadCount}-thread`;
    const results: BenchResult[] = [
      {
        name: `prove-cells-${suffix}${threads}`,
        value: (columns.length * 2 ** logHeight) / seconds,
        unit: 'cells/s',
        ...(profile === C96 && threadCount === 2
          ? { goal: 'value >= 6e6', isMet: columns.length * 2 ** logHeight >= 6e6 * seconds }
          : {}),
      },
      {
        // By processor time, of which a quiet machine gives each core one second a second.
        name: `prove-cells-per-core-${suffix}${threads}`,
        value: (columns.length * 2 ** logHeight) / ((user + system) / 1e6),
        unit: 'cells/s',
      },
      { name: `prove-cpu-${suffix}${threads}`, value: (user + system) / 1e6, unit: 's' },
      { name: `peak-memory-${suffix}${threads}`, value: backend.peakBytes, unit: 'bytes' },
    ];
    if (threadCount === 2) {
      results.push({ name: `proof-size-${suffix}`, value: proof.length, unit: 'bytes' });
      const verifyMs = median(times);
      results.push({
        name: suffix === 'blowup8' ? 'verify' : `verify-${suffix}`,
        value: verifyMs,
        unit: 'ms',
        ...(profile === C96 ? { goal: 'value < 150', isMet: verifyMs < 150 } : {}),
      });
    }
    return results;
  } finally {
    await pool?.close();
  }
}

/**
 * Times the kernels, alternately with the calibration kernel (products of M31 in the first-level cache), and whole proofs of
 * 2^20 rows × 100 columns with keccak: at blow-up 8 with profile c96, at blow-up 2 with as many bits. `smoke` runs everything
 * once on small sizes.
 */
export async function runStarkBench(options: { smoke: boolean }): Promise<BenchResult[]> {
  const { smoke } = options;
  const results = measureKernels(smoke);
  results.push(await measureWorkers(smoke), measureTraceGeneration(smoke));
  const columns = smoke ? fibonacciColumns(8, 8) : fibonacciColumns(20, 100);
  const easy = { ...C96.parameters.grinding, query: 4, deep: 4 };
  const c96: Profile = smoke ? { ...C96, parameters: { ...C96.parameters, grinding: easy } } : C96;
  const blowup2: Profile = { ...c96, parameters: { ...c96.parameters, logBlowup: 1, queryCount: 80 } };
  for (const profile of [blowup2, c96]) {
    for (const threadCount of [1, 2])
      results.push(...(await measureProof(profile, columns, threadCount, smoke)));
  }
  // Small sizes say nothing about goals.
  return smoke ? results.map(({ isMet: _isMet, ...result }) => result) : results;
}
