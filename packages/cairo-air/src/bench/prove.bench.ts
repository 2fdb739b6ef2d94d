import { C96, DEV } from '@cairn/stark';
import { NodePool } from '@cairn/stark/nodePool';
import { WasmBackend } from '@cairn/stark/prover';
import { type CairoLayout, MODULES } from '../air/layout.ts';
import { layoutCosts, operationCells } from '../layoutCosts.ts';
import { cairoWitness, proveCairo } from '../proveCairo.ts';
import { fibonacciMain, runMain } from '../testing/programs.ts';
import { verifyCairoProof } from '../verifyCairoProof.ts';

/** One line of a benchmark's result; `ratio` is how many times better than the baseline of the same run. */
export interface BenchResult {
  name: string;
  value: number;
  unit: string;
  baseline?: string;
  baselineValue?: number;
  ratio?: number;
  /** What `value` is to reach, and whether it does. */
  goal?: string;
  isMet?: boolean;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** A run that fills its tables: 2^17 steps, of which every four make a sum of two big values and two new values. */
const TIGHT_ITERATIONS = 32_700;

const fibonacciRun = (iterations: number) => runMain(['output'], fibonacciMain(iterations), 2 ** 24);

const atMost = (name: string, value: number, most: number): BenchResult => ({
  name,
  value,
  unit: 'cells',
  goal: `value <= ${most}`,
  isMet: value <= most,
});

/** Cells of a step of a run that fills its tables, all tables and the rows that pad them counted. */
function cellsPerStep(iterations: number): number {
  const run = fibonacciRun(iterations);
  const { layout, trace } = cairoWitness(run);
  const cells = layoutCosts(layout.layout).map(({ width }, t) => width * 2 ** trace[t]!.logHeight);
  return cells.reduce((x, y) => x + y) / run.resources.steps;
}

/**
 * Proves a Fibonacci loop that fills its tables with profile c96 on one thread and on two, alternately, from the finished run to
 * the proof file; medians by elapsed time. Then what steps and builtins cost in cells. `smoke` does everything once, with the
 * profile for tests and few steps.
 */
export async function runProveBench({ smoke }: { smoke: boolean }): Promise<BenchResult[]> {
  const profile = smoke ? DEV : C96;
  const run = fibonacciRun(smoke ? 100 : TIGHT_ITERATIONS);
  const { steps } = run.resources;
  const pool = new NodePool(2);
  const backends = [new WasmBackend(), new WasmBackend({ pool })] as const;
  const seconds: [number[], number[]] = [[], []];
  const cpuSeconds: number[] = [];
  const verifyMs: number[] = [];
  const witnessSeconds: number[] = [];
  let proof: Uint8Array = new Uint8Array();
  try {
    // The first round compiles and allocates.
    for (let round = smoke ? 0 : -1; round < (smoke ? 1 : 3); round++)
      for (const [i, backend] of backends.entries()) {
        const start = performance.now();
        const startCpu = process.cpuUsage();
        proof = await proveCairo(run, { backend, profile });
        const { user, system } = process.cpuUsage(startCpu);
        if (round < 0) continue;
        seconds[i]!.push((performance.now() - start) / 1000);
        if (i === 1) cpuSeconds.push((user + system) / 1e6);
      }
    for (let round = 0; round < (smoke ? 1 : 9); round++) {
      const start = performance.now();
      const verdict = verifyCairoProof(proof, profile);
      verifyMs.push(performance.now() - start);
      if (!verdict.ok) throw new Error(`the benchmark's proof was rejected: ${verdict.message}`);
    }
    for (let round = 0; round < (smoke ? 1 : 3); round++) {
      const start = performance.now();
      cairoWitness(run);
      witnessSeconds.push((performance.now() - start) / 1000);
    }
  } finally {
    await pool.close();
  }
  const [one, two] = [median(seconds[0]), median(seconds[1])];
  const wide: CairoLayout = { modules: MODULES, ranges: 'wide' };
  const { poseidon, pedersen, ecOp, blake } = operationCells(wide);
  const results: BenchResult[] = [
    {
      name: 'steps',
      value: steps / two,
      unit: 'steps/s',
      goal: 'value >= 40000',
      isMet: steps / two >= 40e3,
    },
    { name: 'steps-1-thread', value: steps / one, unit: 'steps/s' },
    { name: 'prove-time', value: two, unit: 's', baseline: '1-thread', baselineValue: one, ratio: one / two },
    // By processor time, of which a quiet machine gives each core one second a second.
    { name: 'steps-per-core', value: steps / median(cpuSeconds), unit: 'steps/s' },
    { name: 'witness-time', value: median(witnessSeconds), unit: 's' },
    { name: 'proof-size', value: proof.length, unit: 'bytes' },
    { name: 'verify', value: median(verifyMs), unit: 'ms' },
    { name: 'peak-memory', value: backends[1].peakBytes, unit: 'bytes' },
    atMost('cells-per-step', cellsPerStep(smoke ? 100 : TIGHT_ITERATIONS), 80),
    atMost('cells-poseidon', poseidon, 34e3),
    atMost('cells-pedersen', pedersen, 34e3),
    atMost('cells-ec-op', ecOp, 300e3),
    atMost('cells-blake', blake, 7.5e3),
  ];
  // Small sizes say nothing about goals.
  return smoke ? results.map(({ isMet: _isMet, ...result }) => result) : results;
}
