import { addM31, type M31, mulM31 } from '../core/field/m31.ts';
import { C96, type Profile } from '../core/params/profiles.ts';
import { verify } from '../core/verifier/verify.ts';
import { verifyingKey } from '../core/verifier/verifyingKey.ts';
import { wideFibonacciAir } from '../examples/wideFibonacci.ts';
import { NodePool } from '../nodePool/nodePool.ts';
import { prove } from '../prover/prove.ts';
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
}

interface KernelRow {
  readonly name: string;
  /** Units of work in one call. */
  readonly count: number;
  readonly run: () => void;
}

const LOG_FFT = 20;

/** The kernels, over memory of their own. */
function kernelRows(logFft: number): { calibration: KernelRow; rows: KernelRow[] } {
  const arena = new Arena(2 ** 28);
  const layers = new TwiddleStore(arena).layers(logFft, 'doubled');
  const column = arena.allocate(4 * 2 ** logFft);
  const planes = arena.allocate(4 * 8192);
  const states = arena.allocate(4096);
  const random = (address: number, count: number) => {
    const words = arena.words(address, count);
    for (let i = 0; i < count; i++) words[i] = (i * 0x9e3779b1) >>> 1;
  };
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
      },
      { name: 'qm31-mac', count: 2 ** 20, run: () => k.repeatSecureMac!(planes, 2 ** 20) },
      {
        name: 'blake2s-block',
        count: 4 * 25_000,
        run: repeat(25_000, () => k.compressFour!(states, states + 128, 64, -1)),
      },
      { name: 'keccak-f1600', count: 2 * 10_000, run: repeat(10_000, () => k.keccakF1600Pair!(states)) },
    ],
  };
}

function timeOf({ count, run }: KernelRow): number {
  const start = performance.now();
  run();
  return ((performance.now() - start) * 1e6) / count;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

/** Each kernel against the calibration kernel, alternately. */
function measureKernels(smoke: boolean): BenchResult[] {
  const { calibration, rows } = kernelRows(smoke ? 12 : LOG_FFT);
  const rounds = smoke ? 1 : 31;
  return rows.map((row) => {
    for (let i = 0; i < (smoke ? 0 : 5); i++) {
      timeOf(row);
      timeOf(calibration);
    }
    const values: number[] = [];
    const baselines: number[] = [];
    for (let i = 0; i < rounds; i++) {
      values.push(timeOf(row));
      baselines.push(timeOf(calibration));
    }
    const [value, baselineValue] = [median(values), median(baselines)];
    return {
      name: row.name,
      value,
      unit: 'ns',
      baseline: 'calibration',
      baselineValue,
      ratio: baselineValue / value,
    };
  });
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
    const proof = await prove(key, trace(logHeight), publicValues, { backend });
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
      },
      { name: `peak-memory-${suffix}${threads}`, value: backend.peakBytes, unit: 'bytes' },
    ];
    if (threadCount === 2) {
      results.push({ name: `proof-size-${suffix}`, value: proof.length, unit: 'bytes' });
      results.push({
        name: suffix === 'blowup8' ? 'verify' : `verify-${suffix}`,
        value: median(times),
        unit: 'ms',
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
  const columns = smoke ? fibonacciColumns(8, 8) : fibonacciColumns(20, 100);
  const easy = { ...C96.parameters.grinding, query: 4, deep: 4 };
  const c96: Profile = smoke ? { ...C96, parameters: { ...C96.parameters, grinding: easy } } : C96;
  const blowup2: Profile = { ...c96, parameters: { ...c96.parameters, logBlowup: 1, queryCount: 80 } };
  for (const profile of [blowup2, c96]) {
    for (const threadCount of [1, 2])
      results.push(...(await measureProof(profile, columns, threadCount, smoke)));
  }
  return results;
}
