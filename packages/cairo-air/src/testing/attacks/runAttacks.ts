import { push, RET, word } from '@cairn/cairo/testing';
import { feltMod } from '@cairn/primitives';
import type { Attack } from '@cairn/stark/soundness';
import { FIRST_BIG_ID } from '../../air/valueForm.ts';
import type { CairoWitness } from '../../proveCairo.ts';
import { PROGRAM_START } from '../../statement/cairoStatement.ts';
import { publicValues } from '../../statement/statementEntries.ts';
import { element } from '../../witness/tableColumns.ts';
import { forgedWitness, type Lies } from '../forgery.ts';
import { runMain } from '../programs.ts';

/** A forged run of a program of its own, whose statement is the forger's too. */
export interface RunAttack {
  /** What of the AIR refuses it, as a name of a mutant. */
  readonly refusedBy: string;
  readonly witness: CairoWitness;
  readonly attack: Attack;
}

type Registers = readonly [pc: number, ap: number, fp: number];

/** Words of the entry; main lies behind it. */
const MAIN = PROGRAM_START + 6;
const END = PROGRAM_START + 4;

const JUMP_BY_IMMEDIATE = { op1Source: 'imm', offOp1: 1 } as const;
const jumpBy = (distance: bigint) => [word({ pcUpdate: 'jumpRel', ...JUMP_BY_IMMEDIATE }), distance];
const moveApBy = (distance: bigint) => [word({ apUpdate: 'add', ...JUMP_BY_IMMEDIATE }), distance];
/** `jmp rel distance if [register + offset] != 0` */
const jumpUnlessZero = (dstRegister: 'AP' | 'FP', offDst: number, distance: bigint) => [
  word({ dstRegister, offDst, res: 'unconstrained', pcUpdate: 'jnz', ...JUMP_BY_IMMEDIATE }),
  distance,
];

function runAttack(refusedBy: string, name: string, witness: CairoWitness): RunAttack {
  const { layout, statement, ids, trace } = witness;
  const values = publicValues(layout, statement, ids);
  return { refusedBy, witness, attack: { name, trace, publicValues: values } };
}

/** The lie that the run took these steps, the last again and again. */
const takes =
  (steps: (initialAp: number) => readonly Registers[]): NonNullable<Lies['memory']> =>
  (run) => {
    const taken = steps(run.initialAp);
    for (let step = 0; step < run.steps.pc.length; step++) {
      const [pc, ap, fp] = taken[step] ?? taken.at(-1)!;
      run.steps.pc[step] = pc;
      run.steps.ap[step] = ap;
      run.steps.fp[step] = fp;
    }
  };

/** The stack begins a cell too late, so that main reads an argument that the statement does not know of. */
function movedStack(): RunAttack {
  const write = [word({ opcode: 'assertEq', dstRegister: 'AP', offDst: 5, ...JUMP_BY_IMMEDIATE }), 9n];
  const run = runMain([], [...jumpUnlessZero('FP', -3, 4n), ...write, RET]);
  const steps = takes((start) => [
    [PROGRAM_START, start, start],
    [PROGRAM_START + 2, start + 1, start],
    [MAIN, start + 3, start + 3],
    [MAIN + 4, start + 3, start + 3],
    [END, start + 3, start],
  ]);
  const witness = forgedWitness(run, {
    memory: (flat) => {
      steps(flat);
      const { ids, values } = flat.memory;
      const start = flat.initialAp;
      ids[start] = values.idOfNumber(1);
      ids[start + 1] = values.idOfNumber(start);
      ids[start + 2] = values.idOfNumber(END);
      flat.steps.ap[0] = start + 1;
    },
    statement: (statement) => ({ ...statement, finalAp: statement.finalAp + 1 }),
  });
  return runAttack('cpu: constraint "first ap" deleted', 'a stack that begins a cell too late', witness);
}

/** Other words of main, given by their places in it, in memory and in the statement. */
function otherWords(words: ReadonlyMap<number, bigint>): Required<Pick<Lies, 'memory' | 'statement'>> {
  const offset = MAIN - PROGRAM_START;
  return {
    memory: ({ memory }) => {
      for (const [i, value] of words) memory.ids[MAIN + i] = memory.values.idOfFelt(value);
    },
    statement: (statement) => ({
      ...statement,
      program: statement.program.map((value, i) => words.get(i - offset) ?? value),
    }),
  };
}

/** Main jumps to the end of the run instead of returning: the machine refuses such a run, so its jump is put in afterwards. */
function noReturn(): RunAttack {
  const { memory, statement } = otherWords(new Map([[1, feltMod(BigInt(END - MAIN))]]));
  const steps = takes((start) => [
    [PROGRAM_START, start, start],
    [PROGRAM_START + 2, start, start],
    [MAIN, start + 2, start + 2],
    [END, start + 2, start + 2],
  ]);
  const witness = forgedWitness(runMain([], [...jumpBy(2n), RET]), {
    memory: (run) => {
      memory(run);
      steps(run);
    },
    statement,
  });
  return runAttack('cpu: constraint "last fp" deleted', 'a main that does not return', witness);
}

/** All ids of small or of big values moved, in the statement too. */
function moveIds(witness: CairoWitness, size: 'small' | 'big', distance: number): CairoWitness {
  const moved = (id: number) => (id >= FIRST_BIG_ID === (size === 'big') ? element(id + distance) : id);
  const trace = witness.trace.map((own, t) => {
    const table = witness.layout.air.tables[t]!;
    const columns = own.columns.map((values, c) => {
      const { name } = table.columns[c]!;
      if (/^id( |\d|$)/.test(name)) return values.map(moved);
      return name === 'row' && table.name === `${size} values`
        ? values.map((row) => element(row + distance))
        : values;
    });
    return { ...own, columns };
  });
  return { ...witness, trace, ids: witness.ids.map(moved) };
}

/** A branch on a value whose id is 0 although it is not, or not 0 although it is. */
function wrongBranch(size: 'small' | 'big'): RunAttack {
  const isZero = size === 'small';
  const value = isZero ? 0n : 2n ** 200n;
  // Both ways have as many steps.
  const run = runMain(
    [],
    [...push(value), ...jumpUnlessZero('AP', -1, 4n), ...jumpBy(4n), ...jumpBy(2n), RET],
  );
  const steps = takes((start) => [
    [PROGRAM_START, start, start],
    [PROGRAM_START + 2, start, start],
    [MAIN, start + 2, start + 2],
    [MAIN + 2, start + 3, start + 2],
    [isZero ? MAIN + 6 : MAIN + 4, start + 3, start + 2],
    [MAIN + 8, start + 3, start + 2],
    [END, start + 3, start],
  ]);
  const witness = forgedWitness(run, {
    memory: steps,
    cells: (cell) => {
      const row = cell('cpu', 'jnz').indexOf(1);
      for (const name of ['taken', 'reads res']) cell('cpu', name)[row] = isZero ? 1 : 0;
      cell('cpu', 'inverse')[row] = isZero ? 1 : 0;
      cell('cpu', 'res')[row] = isZero ? 4 : 0;
    },
  });
  // The value 0 has id 1 now, or 2^200, the first of the big ones, id 0.
  return runAttack(
    `${size} values: constraint "first row is 0" deleted`,
    isZero ? 'a 0 that is taken for another value' : 'a value that is taken for 0',
    moveIds(witness, size, isZero ? 1 : -FIRST_BIG_ID),
  );
}

/** Moves of ap that add up to the modulus of the field: ap would be where it was. */
function aroundTheField(): RunAttack {
  const bound = 2 ** 27;
  const moves = [...Array.from({ length: 16 }, () => bound - 1), 15];
  const run = runMain([], [...moves.flatMap(() => moveApBy(0n)), RET]);
  const words = new Map(moves.map((distance, i) => [2 * i + 1, BigInt(distance)]));
  const witness = forgedWitness(run, {
    ...otherWords(words),
    cells: (cell) => {
      const [pc, ap] = [cell('cpu', 'pc'), cell('cpu', 'ap')];
      for (let i = 1; i < moves.length; i++) {
        const row = pc.indexOf(MAIN + 2 * i);
        ap[row] = ap[row - 1]! + moves[i - 1]!;
      }
    },
  });
  return runAttack('cpu: use "cell of dst" any number of times', 'an ap that goes around the field', witness);
}

/** Forged runs: each is refused by one part of the AIR alone. */
export function runAttacks(): RunAttack[] {
  return [movedStack(), noReturn(), wrongBranch('small'), wrongBranch('big'), aroundTheField()];
}
