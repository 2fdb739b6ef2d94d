import { describe, expect, it } from 'vitest';
import type { Air } from '../core/air/ir.ts';
import { addM31, P } from '../core/field/m31.ts';
import { DEV, type Profile } from '../core/params/profiles.ts';
import { verify } from '../core/verifier/verify.ts';
import { checkTrace } from '../prover/checkTrace.ts';
import { ColumnEvaluator } from '../prover/evaluateColumns.ts';
import { makeVerifyingKey } from '../prover/makeVerifyingKey.ts';
import { prove } from '../prover/prove.ts';
import { referenceBackend } from '../prover/reference/referenceBackend.ts';
import { generateTrace, type TraceInput } from '../prover/trace.ts';
import { WasmBackend } from '../prover/wasm/wasmBackend.ts';
import { columnGroups, unnoticedChanges } from '../soundness/cellMutation.ts';
import { type Attack, scoreMutants } from '../soundness/mutateAir.ts';
import { fieldMutantsOf } from '../soundness/mutateFields.ts';
import { expectSameEvaluations } from '../testing/sameEvaluations.ts';
import { evenDegreesAir } from './evenDegrees.ts';
import { poseidon2Air, poseidon2Input } from './poseidon2.ts';

const wasm = new WasmBackend();

/** Proves with both backends, which must agree, and verifies. */
async function proveBoth(
  air: Air,
  input: TraceInput,
  publicValues: number[],
  profile: Profile = DEV,
): Promise<void> {
  const trace = generateTrace(air, input, publicValues);
  expect(checkTrace(air, trace, publicValues)).toEqual([]);
  const key = await makeVerifyingKey(
    air,
    profile,
    trace.map((t) => t.logHeight),
    wasm,
  );
  const proof = await prove(key, trace, publicValues, { backend: wasm });
  expect(verify(key, publicValues, proof)).toMatchObject({ ok: true });
  expect(await prove(key, trace, publicValues, { backend: referenceBackend })).toEqual(proof);
}

describe('even degrees', () => {
  it.each([
    [[2], 3],
    [[2, 3], 3],
    [[4], 5],
    [[2, 3, 4, 5], 5],
  ] as const)('%j of at most %i', async (degrees, maxDegree) => {
    const x = (count: number) => ({
      rowCount: count,
      columns: { x: Array.from({ length: count }, (_, i) => 7 * i + 2) },
    });
    for (const [tall, short] of [
      [32, 16],
      [64, 16],
      [16, 16],
    ] as const) {
      const profile = { ...DEV, parameters: { ...DEV.parameters, logBlowup: maxDegree === 3 ? 1 : 2 } };
      await proveBoth(evenDegreesAir(degrees, maxDegree), { tall: x(tall), short: x(short) }, [], profile);
    }
  });
});

it('even degrees: a killing attack for every mutant', () => {
  const air = evenDegreesAir([2, 3, 4, 5], 5);
  const x = { rowCount: 16, columns: { x: Array.from({ length: 16 }, (_, i) => i + 2) } };
  const attacks = air.tables.flatMap((table, t) =>
    table.columns.flatMap((column, c) =>
      [0, 7, 15].map((row): Attack => {
        const trace = generateTrace(air, { tall: x, short: x }, []);
        const cells = trace[t]!.columns[c]!;
        cells[row] = addM31(cells[row]!, 1);
        return { name: `${table.name}.${column.name} of row ${row}`, trace, publicValues: [] };
      }),
    ),
  );
  expect(scoreMutants(air, attacks).filter(({ killedBy }) => killedBy === undefined)).toEqual([]);
});

describe('Poseidon2', () => {
  const first = Array.from({ length: 16 }, (_, i) => i * i);
  it('is proven, a short table of calls beside the permutations', async () => {
    const { input, publicValues } = poseidon2Input(first, 9, 6);
    await proveBoth(poseidon2Air, input, publicValues);
  });
  it('has golden evaluations and is connected', () => {
    expectSameEvaluations(poseidon2Air);
    for (const { groups } of columnGroups(poseidon2Air)) expect(groups.length).toBe(1);
  });
  it('notices every changed cell but those of calls not made', () => {
    const { input, publicValues } = poseidon2Input(first, 10);
    const trace = generateTrace(poseidon2Air, input, publicValues);
    const changes = unnoticedChanges(poseidon2Air, trace, publicValues, () => [0, 9, 12]);
    // Padding of `calls` is off the buses.
    expect(changes.filter(({ table, row }) => !(table === 'calls' && row >= 10))).toEqual([]);
  });
  it('has a killing attack for every mutant but the redundant ones', () => {
    const make = (calls: number) => {
      const { input, publicValues } = poseidon2Input(first, calls);
      return { trace: generateTrace(poseidon2Air, input, publicValues), publicValues };
    };
    const [callsTable, permutations] = poseidon2Air.tables;
    const attacks: Attack[] = [];
    // An s-box that is wrong, everything after it computed anew, the call and the statement made to fit.
    for (const [row, calls] of [
      [0, 1],
      [15, 16],
    ] as const) {
      for (const [c, column] of permutations!.columns.entries()) {
        if (column.source.kind !== 'assigned') continue;
        const { trace, publicValues } = make(calls);
        const one = trace[1]!.columns.map((values) => values.slice(row, row + 1));
        one[c]![0] = one[c]![0]! ^ 1;
        const inRow = (node: number) =>
          new ColumnEvaluator(permutations!, 0, one, publicValues).values(node)[0]!;
        permutations!.columns.forEach(({ source }, k) => {
          if (k > c && source.kind === 'assigned') one[k]![0] = inRow(source.node);
        });
        one.forEach((values, k) => {
          trace[1]!.columns[k]![row] = values[0]!;
        });
        permutations!.entries[0]!.tuple.slice(16).forEach((node, i) => {
          const out = callsTable!.columns.findIndex(({ name }) => name === `out${i}`);
          trace[0]!.columns[out]![row] = inRow(node);
          publicValues[16 + i] = inRow(node);
        });
        attacks.push({ name: `s-box ${column.name} of row ${row}`, trace, publicValues });
      }
    }
    // Calls that were not permuted, rows used twice, other statements.
    const calls = (name: string) => callsTable!.columns.findIndex((column) => column.name === name);
    const edit = (
      name: string,
      callCount: number,
      change: (cells: readonly Uint32Array[], values: number[]) => void,
    ) => {
      const { trace, publicValues } = make(callCount);
      change(trace[0]!.columns, publicValues);
      attacks.push({ name, trace, publicValues });
    };
    const copyRow = (cells: readonly Uint32Array[], from: number, to: number) => {
      for (const values of cells) values[to] = values[from]!;
    };
    for (let lane = 0; lane < 16; lane++) {
      edit(`output ${lane} made up`, 10, (cells, values) => {
        cells[calls(`out${lane}`)]![9] = 5;
        values[16 + lane] = 5;
      });
      edit(`input ${lane} made up`, 10, (cells, values) => {
        cells[calls(`in${lane}`)]![0] = 5;
        values[lane] = 5;
      });
    }
    edit('the second call twice', 2, (cells) => copyRow(cells, 1, 2));
    edit('the first call twice', 2, (cells) => {
      copyRow(cells, 1, 2);
      copyRow(cells, 0, 1);
    });
    edit('a gap', 2, (cells) => {
      copyRow(cells, 1, 5);
      copyRow(cells, 9, 1);
    });
    edit('a gap in the first row', 2, (cells) => {
      copyRow(cells, 0, 2);
      copyRow(cells, 9, 0);
    });
    for (const last of [15, 9])
      edit(`a call ${last} times, taken off again`, 2, (cells) => {
        for (let row = 2; row <= last; row++) copyRow(cells, 1, row);
        cells[calls('enabler')]![last] = P - (last - 2);
      });
    edit('another count', 10, (_cells, values) => (values[32] = 11));
    edit('a first call numbered 3', 1, (cells, values) => {
      cells[calls('call')]![0] = 3;
      values[32] = 4;
    });
    for (let lane = 0; lane < 16; lane++) {
      edit(`another first state in lane ${lane}`, 10, (_cells, values) => (values[lane] = values[lane]! ^ 1));
      edit(
        `another last state in lane ${lane}`,
        10,
        (_cells, values) => (values[16 + lane] = values[16 + lane]! ^ 1),
      );
    }
    const surviving = scoreMutants(poseidon2Air, attacks)
      .filter(({ killedBy }) => killedBy === undefined)
      .map(({ mutant }) => mutant);
    expect(surviving).toEqual([
      // As in the range-checked sum: in the first row it would be the only call; the last row has no next.
      'calls: constraint "enabler is a bit" deleted in the first row',
      'calls: constraint "enabler never rises" deleted in the last row',
    ]);
    const fields = scoreMutants(poseidon2Air, attacks, fieldMutantsOf(poseidon2Air));
    expect(fields.filter(({ killedBy }) => killedBy === undefined).map(({ mutant }) => mutant)).toEqual([]);
  });
});
