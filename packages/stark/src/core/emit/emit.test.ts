import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { blake2sAir } from '../../examples/blake2s.ts';
import { evenDegreesAir } from '../../examples/evenDegrees.ts';
import { poseidon2Air } from '../../examples/poseidon2.ts';
import { rangeCheckedSumAir } from '../../examples/rangeCheckedSum.ts';
import { wideFibonacciAir } from '../../examples/wideFibonacci.ts';
import { Arena } from '../../prover/wasm/arena.ts';
import { allocatePlanes } from '../../prover/wasm/kernelContext.ts';
import { kernelConstants, selectorColumns } from '../../prover/wasm/kernelEmitter.ts';
import { InlinePool } from '../../prover/wasm/pool.ts';
import { compileAir } from '../../prover/wasm/tableKernels.ts';
import { kernelsModule } from '../../prover/wasm/wasmBackend.ts';
import { type LiteralQM31, literal, literalConstraints } from '../../testing/literalInterpreter.ts';
import { constraintValues, evaluateNodes, SECURE_FIELD } from '../air/evaluate.ts';
import { type Air, constraintCount } from '../air/ir.ts';
import { doubleSecurePoint, pointFromParameter } from '../circle/circlePoint.ts';
import { evaluateRowSelector } from '../circle/lagrange.ts';
import { invM31, P } from '../field/m31.ts';
import { add, liftM31, mul, powers, type QM31, scale, ZERO } from '../field/qm31.ts';
import { DEV } from '../params/profiles.ts';
import { proofLayout } from '../proof/proofLayout.ts';
import { constraintsAtPoint } from '../verifier/verify.ts';
import type { VerifyingKey } from '../verifier/verifyingKey.ts';
import type { ProgramOperand, TableProgram } from './program.ts';
import { tablePrograms } from './tablePrograms.ts';

const AIRS = [
  rangeCheckedSumAir,
  wideFibonacciAir(8),
  poseidon2Air,
  blake2sAir,
  evenDegreesAir([2, 3, 4, 5], 5),
];

// A small emitter: JavaScript text over an array of slots and BigInt arithmetic that it brings along.

const PRELUDE = `
const mod = (v) => v.map((x) => ((x % ${P}n) + ${P}n) % ${P}n);
const add = (a, b) => mod(a.map((x, i) => x + b[i]));
const sub = (a, b) => mod(a.map((x, i) => x - b[i]));
const mul = ([a, b, c, d], [e, f, g, h]) => {
  const [r, s] = [c * g - d * h, c * h + d * g]; // (c + di)(g + hi)
  return mod([a * e - b * f + 2n * r - s, a * f + b * e + r + 2n * s, a * g - b * h + c * e - d * f, a * h + b * g + c * f + d * e]);
};
const join = (p, q, r, t) => add(add(p, mul(q, [0n, 1n, 0n, 0n])), add(mul(r, [0n, 0n, 1n, 0n]), mul(t, [0n, 0n, 0n, 1n])));
`;

function emitJavaScript(programs: readonly TableProgram[]): string {
  const operand = (o: ProgramOperand): string => {
    switch (o.kind) {
      case 'slot':
        return `slots[${o.slot}]`;
      case 'constant':
        return `[${o.value}n, 0n, 0n, 0n]`;
      case 'public':
        return `publicValues[${o.index}]`;
      case 'sample':
        return `samples[${o.index}]`;
      case 'nextSample':
        return `nextSamples[${o.index}]`;
      case 'selector':
        return `selectors[${o.table}].${o.row}`;
      case 'meanSum':
        return `meanSums[${o.table}]`;
      case 'lookupPoint':
        return 'z';
      case 'alphaPower':
        return `alphaPowers[${o.power}]`;
      case 'compositionCoefficient':
        return 'gamma';
    }
  };
  const lines = programs.flatMap(({ operations }) =>
    operations.map((o) =>
      o.op === 'join'
        ? `slots[${o.target}] = join(${o.parts.map(operand).join(', ')});`
        : `slots[${o.target}] = ${o.op}(${operand(o.a)}, ${operand(o.b)});`,
    ),
  );
  return `${PRELUDE}\nconst slots = [[0n, 0n, 0n, 0n], [1n, 0n, 0n, 0n]];\n${lines.join('\n')}\nslots[0];`;
}

/** Random words from a seed. */
function randomness(seed: number) {
  let state = seed;
  const word = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % P;
  };
  return { word, secure: (): QM31 => [word(), word(), word(), word()] };
}

const big = (q: readonly number[]) => q.map(BigInt);

interface Place {
  readonly samples: readonly QM31[];
  readonly nextSamples: readonly QM31[];
  readonly publicValues: readonly number[];
  readonly selectors: readonly { readonly first: QM31; readonly last: QM31 }[];
  readonly meanSums: readonly QM31[];
  readonly z: QM31;
  readonly alpha: QM31;
  readonly gamma: QM31;
}

function runEmitted(programs: readonly TableProgram[], place: Place): QM31 {
  const context = {
    samples: place.samples.map(big),
    nextSamples: place.nextSamples.map(big),
    publicValues: place.publicValues.map((v) => big(liftM31(v))),
    selectors: place.selectors.map(({ first, last }) => ({ first: big(first), last: big(last) })),
    meanSums: place.meanSums.map(big),
    z: big(place.z),
    alphaPowers: powers(place.alpha, 40).map(big),
    gamma: big(place.gamma),
  };
  return [...(runInNewContext(emitJavaScript(programs), context) as bigint[])].map(Number) as unknown as QM31;
}

const layoutOf = (air: Air, logHeights: readonly number[]) => proofLayout(air, DEV.parameters, logHeights);

describe.each(AIRS.map((air) => [air.name, air] as const))('%s', (_name, air) => {
  it('the emitted program has the value of the verifier', () => {
    const logHeights = air.tables.map((table, t) => Math.min(table.maxLogHeight, table.minLogHeight + t));
    const layout = layoutOf(air, logHeights);
    const programs = tablePrograms(air);
    for (const seed of [1, 2, 3]) {
      const { word, secure } = randomness(seed);
      const samples = layout.columns.map(secure);
      const nextSamples = layout.nextColumns.map(secure);
      const claimedSums = layout.lookupTables.map(secure);
      const publicValues = air.publicCells.map(word);
      const [z, alpha, gamma, point] = [secure(), secure(), secure(), pointFromParameter(secure())!];
      const expected = constraintsAtPoint(
        { air } as VerifyingKey,
        publicValues,
        { samples, nextSamples, claimedSums } as unknown as Parameters<typeof constraintsAtPoint>[2],
        layout,
        {
          lookup: { z, alphaPowers: powers(alpha, 40) },
          compositionCoefficient: gamma,
          outOfDomainPoint: point,
        },
      );
      const selectors = logHeights.map((logHeight) => {
        const own = doubleSecurePoint(point, layout.logMaxHeight - logHeight);
        return {
          first: evaluateRowSelector(0, logHeight, own),
          last: evaluateRowSelector(2 ** logHeight - 1, logHeight, own),
        };
      });
      const meanSums = air.tables.map((_, t) => {
        const claimed = claimedSums[layout.lookupTables.indexOf(t)] ?? ZERO;
        return scale(claimed, invM31(2 ** logHeights[t]!));
      });
      expect(
        runEmitted(programs, { samples, nextSamples, publicValues, selectors, meanSums, z, alpha, gamma }),
      ).toEqual(expected);
    }
  });

  it('golden evaluations: interpreter, verifier, emitted program and WASM kernel are equal', async () => {
    const logHeights = air.tables.map((table) => table.minLogHeight);
    const layout = layoutOf(air, logHeights);
    const { word, secure } = randomness(77);
    const publicValues = air.publicCells.map(word);
    const [z, alpha, gamma] = [secure(), secure(), secure()];
    const challenges = { z, alphaPowers: powers(alpha, 40) };
    // Columns hold base-field values, as on the domain of a proof, at four places.
    const LANES = 4;
    const atLanes = () => Array.from({ length: LANES }, word);
    const samples = layout.columns.map(atLanes);
    const nextSamples = layout.nextColumns.map(atLanes);
    const selectors = air.tables.map(() => ({ first: atLanes(), last: atLanes() }));
    const meanSums = air.tables.map(secure);

    const arena = new Arena(2 ** 28);
    const pool = new InlinePool();
    const kernels = compileAir(air);
    await pool.setUp({ memory: arena.memory, modules: [kernelsModule(), kernels.module] });
    const programs = tablePrograms(air);
    const allPowers = powers(
      gamma,
      air.tables.reduce((n, table) => n + constraintCount(table), 0),
    );
    const totals: QM31[] = Array.from({ length: LANES }, () => ZERO);
    let used = 0;
    let first = 0;
    const indices = new Map(
      layout.trees.flatMap((tree) =>
        tree.columns.map((column) => {
          const kind = tree.name === 'interaction' ? 'sum' : 'cell';
          return [`${kind} ${column.table} ${column.column}`, first++] as const;
        }),
      ),
    );
    for (const [t, table] of air.tables.entries()) {
      const coefficients = allPowers.slice(used, used + constraintCount(table));
      used += coefficients.length;
      const valuesOf = (kind: 'cell' | 'sum', column: number, next: boolean) => {
        const index = indices.get(`${kind} ${t} ${column}`)!;
        return next ? nextSamples[layout.nextColumns.indexOf(index)]! : samples[index]!;
      };
      const joined = (batch: number, next: boolean, lane: number) =>
        [0, 1, 2, 3].map((c) => valuesOf('sum', 4 * batch + c, next)[lane]!) as unknown as QM31;
      const lastBatch = table.batches.length - 1;
      // The WASM kernel.
      const places = selectorColumns(table);
      const sums = Array.from({ length: 4 * table.batches.length }, (_, i) => i);
      const own = [
        ...table.columns.map((_, c) => valuesOf('cell', c, false)),
        selectors[t]!.first,
        selectors[t]!.last,
        ...sums.map((i) => valuesOf('sum', i, false)),
      ].map((values) => arena.place(values));
      const next = [...table.columns.keys(), ...sums.map((i) => places.sums + i)].map((i) => {
        const isSum = i >= places.sums;
        const hasNext = isSum ? i - places.sums >= 4 * lastBatch : table.columns[i]!.hasNext;
        return hasNext ? arena.place(valuesOf(isSum ? 'sum' : 'cell', isSum ? i - places.sums : i, true)) : 0;
      });
      next.splice(table.columns.length, 0, 0, 0);
      const kernel = kernels.composition[t]!;
      const inputs = { publicValues, lookup: challenges, meanSum: meanSums[t]!, coefficients };
      const planes = allocatePlanes(arena, LANES);
      await pool.run([
        {
          name: kernel.name,
          args: [
            arena.place(own),
            arena.place(next),
            arena.place(kernelConstants(kernel, inputs)),
            arena.place(planes),
            0,
            4 * LANES,
          ],
        },
      ]);
      for (let lane = 0; lane < LANES; lane++) {
        const kernelValue = planes.map((plane) => arena.words(plane, LANES)[lane]! % P);
        // The verifier's functions.
        const nodeValues = evaluateNodes(table.nodes, SECURE_FIELD, {
          column: (c, isNext) => liftM31(valuesOf('cell', c, isNext)[lane]!),
          publicValues,
          isFirst: liftM31(selectors[t]!.first[lane]!),
          isLast: liftM31(selectors[t]!.last[lane]!),
        });
        const values = constraintValues(
          table,
          nodeValues,
          lastBatch < 0
            ? undefined
            : {
                challenges,
                busIds: air.buses.map(({ id }) => id),
                sums: table.batches.map((_, b) => joined(b, false, lane)),
                nextSum: joined(lastBatch, true, lane),
                meanSum: meanSums[t]!,
              },
        );
        const combined = values.reduce((sum, value, k) => add(sum, mul(coefficients[k]!, value)), ZERO);
        expect(kernelValue).toEqual([...combined]);
        totals[lane] = add(totals[lane]!, combined);
        // The literal interpreter.
        const slow = literalConstraints(air, table, {
          column: (c, isNext) => literal.base(BigInt(valuesOf('cell', c, isNext)[lane]!)),
          publicValues,
          isFirst: literal.base(BigInt(selectors[t]!.first[lane]!)),
          isLast: literal.base(BigInt(selectors[t]!.last[lane]!)),
          z: literal.of(z),
          alpha: literal.of(alpha),
          sums: table.batches.map((_, b) => literal.of(joined(b, false, lane))),
          nextSum: literal.of(lastBatch < 0 ? ZERO : joined(lastBatch, true, lane)),
          meanSum: literal.of(meanSums[t]!),
        });
        expect(values.map((value): LiteralQM31 => literal.of(value))).toEqual(slow);
      }
    }
    // The emitted program, all tables one after the other.
    for (let lane = 0; lane < LANES; lane++) {
      const at = (values: readonly number[]) => liftM31(values[lane]!);
      expect(
        runEmitted(programs, {
          samples: samples.map(at),
          nextSamples: nextSamples.map(at),
          publicValues,
          selectors: selectors.map((own) => ({ first: at(own.first), last: at(own.last) })),
          meanSums,
          z,
          alpha,
          gamma,
        }),
      ).toEqual([...totals[lane]!]);
    }
  });

  it('keeps its slots few and writes each before it is read', () => {
    for (const { operations, slotCount } of tablePrograms(air)) {
      const written = new Set([0, 1]);
      for (const operation of operations) {
        const operands = operation.op === 'join' ? operation.parts : [operation.a, operation.b];
        for (const operand of operands) if (operand.kind === 'slot') expect(written).toContain(operand.slot);
        written.add(operation.target);
        expect(operation.target).toBeLessThan(slotCount);
      }
    }
  });
});
