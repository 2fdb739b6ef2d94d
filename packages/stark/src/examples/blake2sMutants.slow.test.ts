import { BLAKE2S_LANES, BLAKE2S_SIGMA } from '@cairn/primitives';
import { expect, it } from 'vitest';
import { P } from '../core/field/m31.ts';
import { checkTrace } from '../prover/checkTrace.ts';
import { recountUses } from '../prover/trace.ts';
import { type Attack, mutantsOf, scoreMutants } from '../soundness/mutateAir.ts';
import { fieldMutantsOf } from '../soundness/mutateFields.ts';
import {
  type Alter,
  blocksRow,
  type Cells,
  type Forgery,
  forgeBlake2s,
  mixingInputsFor,
  mixingRow,
} from '../testing/forgeBlake2s.ts';
import { blake2sAir } from './blake2s.ts';

const attacks: Attack[] = [];
const add = (name: string, forgery: Forgery, then?: (attack: Attack) => Attack | undefined) => {
  const forged = forgeBlake2s(forgery);
  const attack = forged === undefined ? undefined : { name, ...forged };
  const changed = attack === undefined ? undefined : then === undefined ? attack : then(attack);
  if (changed !== undefined) attacks.push(changed);
};

const only =
  (cell: string, change: (value: number) => number): Alter =>
  (name, value) =>
    name === cell ? change(value) : value;
const words16 = (value: number) => new Array<number>(16).fill(value);
const noMessage = { a: 0, b: 0, c: 0, d: 0, m0: 0, m1: 0 };
const mixingNames = blake2sAir.tables.find(({ name }) => name === 'mixing')!.columns;
const blocksNames = blake2sAir.tables.find(({ name }) => name === 'blocks')!.columns;
const computed = (columns: typeof mixingNames) =>
  columns.filter(({ source }) => source.kind.startsWith('deduced')).map(({ name }) => name);

function attackCells(): void {
  // Every computed cell wrong, in the first row, in another, and in the last (a row of padding); all that follows, right.
  for (const cell of computed(mixingNames)) {
    const changes: ((value: number) => number)[] = cell.includes('carry')
      ? [(v) => v + 32768, (v) => v - 32768, (v) => v + 1]
      : cell.endsWith('top')
        ? [(v) => 1 - v, () => 2, () => 2 ** 28, () => 7]
        : [(v) => v ^ 1, (v) => v + 8, () => 15];
    for (const [i, change] of changes.entries()) {
      for (const step of [0, 41])
        add(`${cell} changed (${i}) in row ${step}`, {
          alterMixing: (s) => (s === step ? only(cell, change) : (_n, v) => v),
        });
      const schedule = new Array<number>(7).fill(0);
      const inputs = { ...noMessage, a: 0xffff0001, c: 0x10005, m1: 0x20002 };
      try {
        const { cells } = mixingRow({ block: 0, schedule, enabler: 0 }, inputs, only(cell, change));
        add(`${cell} changed (${i}) in the last row`, { mixingPadding: [cells] });
      } catch {}
    }
    // Both parts of a digit of x4 moved together: the digit stays.
    const split = /^x4 (\d) /.exec(cell);
    if (split !== null) {
      const alter: Alter = (name, value) =>
        name === `x4 ${split[1]} low` ? value + 8 : name === `x4 ${split[1]} top` ? value - 1 : value;
      for (let step = 0; step < 12; step++)
        add(`x4 ${split[1]} split otherwise in row ${step}`, {
          alterMixing: (s) => (s === step ? alter : (_n, v) => v),
        });
      // The same with an eighth, which is 2^28 in the field.
      for (const by of [1, -1]) {
        const eighth: Alter = (name, value) =>
          name === `x4 ${split[1]} low`
            ? value + by
            : name === `x4 ${split[1]} top`
              ? value - by * 2 ** 28
              : value;
        add(`x4 ${split[1]} split by an eighth`, { alterMixing: (s) => (s === 0 ? eighth : (_n, v) => v) });
      }
    }
  }
  for (const cell of computed(blocksNames)) {
    add(`${cell} changed`, { alterBlocks: () => only(cell, (v) => v ^ 1) });
  }
  const long = Array.from({ length: 16 * 16 }, (_, i) => Math.imul(i + 1, 0x85ebca6b) >>> 0);
  add('the counter of the last row', {
    message: long,
    alterBlocks: (block) => (block === 15 ? only('counter digit 0', (v) => v ^ 1) : (_n, v) => v),
  });
}

/** A row of padding of the mixing table that takes (or gives) a word in the place of one of a row of data. */
function attackWords(): void {
  const zero = new Array<number>(7).fill(0);
  const names = ['a', 'b', 'c', 'd'] as const;
  const STEP = 41;
  const half = Math.floor(STEP / 4);
  const slots = BLAKE2S_LANES[(half % 2) * 4 + (STEP % 4)]!;
  for (const [i, name] of names.entries()) {
    let given = 0;
    const forge = (word: number) => (word ^ 0x10000) >>> 0;
    add(
      'probe',
      {
        takeMixing: (step, inputs) => {
          if (step === STEP) given = inputs[name];
          return inputs;
        },
      },
      () => undefined,
    );
    const schedule = [...zero];
    schedule[0] = half;
    schedule[1 + i] = slots[i]!;
    const takes = mixingRow({ block: 0, schedule, enabler: 0 }, { ...noMessage, [name]: given });
    const outputs = [0, 0, 0, 0];
    outputs[i] = forge(given);
    const gives = mixingRow(
      { block: 0, schedule: [half - 1, ...schedule.slice(1)], enabler: 0 },
      mixingInputsFor(outputs),
    );
    add(`word ${name} made up`, {
      takeMixing: (step, inputs) => (step === STEP ? { ...inputs, [name]: forge(inputs[name]) } : inputs),
      mixingPadding: [takes.cells, gives.cells],
    });
  }
  add('message words swapped in the schedule', { swapMessages: (step) => step === 41 });
  // Each message word made up in the first round.
  for (let word = 0; word < 16; word++) {
    const at = BLAKE2S_SIGMA[0]!.indexOf(word);
    const step = at >> 1;
    const key = at % 2 === 0 ? 'm0' : 'm1';
    let given = 0;
    add(
      'probe',
      {
        takeMixing: (s, inputs) => {
          if (s === step) given = inputs[key];
          return inputs;
        },
      },
      () => undefined,
    );
    const schedule = [...zero];
    schedule[key === 'm0' ? 5 : 6] = word;
    const takes = mixingRow({ block: 0, schedule, enabler: 0 }, { ...noMessage, [key]: given });
    const forged = words16(0);
    forged[word] = given ^ 1;
    const gives = blocksRow({ block: 0, last: 0, enabler: 0 }, words16(0).slice(8), words16(0), forged);
    add(`message word ${word} made up`, {
      takeMixing: (s, inputs) => (s === step ? { ...inputs, [key]: inputs[key] ^ 1 } : inputs),
      mixingPadding: [takes.cells],
      blocksPadding: [gives.cells],
    });
  }
  // Each word that goes into mixing, and out of it.
  for (let slot = 0; slot < 16; slot++) {
    const isTurned = slot === 14;
    const forge = (word: number) => (isTurned ? ~word >>> 0 : (word ^ 0x10) >>> 0);
    let forgedIn = 0;
    let givenOut = 0;
    add(
      'probe',
      {
        takeInitial: (s, word) => {
          if (s === slot) forgedIn = forge(word);
          return word;
        },
        takeMixed: (s, word) => {
          if (s === slot) givenOut = word;
          return word;
        },
      },
      () => undefined,
    );
    const h = words16(0).slice(8);
    if (slot < 8) h[slot] = forgedIn;
    const alter: Alter = (name, value) => {
      const digit = /^v12 digit (\d)$/.exec(name);
      return slot === 12 && digit !== null ? (forgedIn >>> (4 * Number(digit[1]))) & 15 : value;
    };
    const offersIn = blocksRow({ block: 0, last: 0, enabler: 0 }, h, words16(0), words16(0), alter);
    add(`word ${slot} in made up`, {
      takeInitial: (s, word) => (s === slot ? forge(word) : word),
      blocksPadding: [offersIn.cells],
    });
    const mixed = words16(0);
    mixed[slot] = givenOut;
    const offersOut = blocksRow({ block: 0, last: 0, enabler: 0 }, h, mixed, words16(0));
    add(`word ${slot} out made up`, {
      takeMixed: (s, word) => (s === slot ? (word ^ 0x100) >>> 0 : word),
      blocksPadding: [offersOut.cells],
    });
  }
}

/** Every word that a row takes from another, wrong in its low or its high half alone. */
function attackHalves(): void {
  for (const bit of [0x40, 0x400000]) {
    const forge = (word: number) => (word ^ bit) >>> 0;
    for (const key of ['a', 'b', 'c', 'd', 'm0', 'm1'] as const) {
      add(`${key} wrong by ${bit}`, {
        takeMixing: (step, inputs) => (step === 41 ? { ...inputs, [key]: forge(inputs[key]) } : inputs),
      });
    }
    for (let slot = 0; slot < 16; slot++) {
      add(`word ${slot} in wrong by ${bit}`, {
        takeInitial: (s, word) => (s === slot ? forge(word) : word),
      });
      add(`word ${slot} out wrong by ${bit}`, { takeMixed: (s, word) => (s === slot ? forge(word) : word) });
      add(`message word ${slot} wrong by ${bit}`, {
        claimMessage: (message) => message.with(slot, forge(message[slot]!)),
      });
    }
    const two = Array.from({ length: 32 }, (_, i) => Math.imul(i + 3, 0xc2b2ae35) >>> 0);
    for (let word = 0; word < 8; word++) {
      add(`chaining word ${word} wrong by ${bit}`, {
        message: two,
        takeChaining: (block, h) => (block === 1 ? h.with(word, forge(h[word]!)) : h),
      });
    }
  }
}

function attackChain(): void {
  const two = Array.from({ length: 32 }, (_, i) => Math.imul(i + 3, 0xc2b2ae35) >>> 0);
  let given: readonly number[] = [];
  add(
    'probe',
    {
      message: two,
      takeChaining: (block, h) => {
        if (block === 1) given = h;
        return h;
      },
    },
    () => undefined,
  );
  const forged = given.map((word, i) => (i === 3 ? word ^ 4 : word) >>> 0);
  const takes = blocksRow({ block: 1, last: 0, enabler: 0 }, given, words16(0), words16(0));
  // next h = h ^ v ^ v'
  const gives = blocksRow({ block: 0, last: 0, enabler: 0 }, forged, words16(0), words16(0));
  add('a chaining value made up', {
    message: two,
    takeChaining: (block, h) => (block === 1 ? forged : h),
    blocksPadding: [takes.cells, gives.cells],
  });
  for (let i = 0; i < 16; i++) {
    add(`the start with half ${i} made up`, {
      takeChaining: (_block, h) => h.with(i >> 1, (h[i >> 1]! ^ (i % 2 === 0 ? 8 : 0x80000)) >>> 0),
    });
    add(`the end with half ${i} made up`, {}, (attack) => ({
      ...attack,
      publicValues: attack.publicValues.with(1 + i, attack.publicValues[1 + i]! ^ 1),
    }));
  }
  add('a start at block 5', { firstBlock: 5 });
  add('another count', {}, (attack) => ({ ...attack, publicValues: attack.publicValues.with(0, 2) }));
  add('an end that is not the last block', { last: () => 0 });
  // No block at all, and the start as digest.
  add('no block', {}, (attack) => {
    const trace = attack.trace.map((own, t) => {
      const { name } = blake2sAir.tables[t]!;
      if (name !== 'mixing' && name !== 'blocks') return own;
      return { ...own, columns: own.columns.map((values) => values.map(() => values.at(-1)!)) };
    });
    const start = (blake2sAir.publicEntries[0]!.tuple as { constant: number }[]).slice(2);
    return { ...attack, trace, publicValues: [0, ...start.map(({ constant }) => constant)] };
  });
  const odd: Cells = blocksRow(
    { block: 0, last: 2, enabler: 0 },
    words16(0).slice(8),
    words16(0),
    words16(0),
  ).cells;
  add('the last row neither last nor not', { blocksPadding: [odd] });
}

function attackEnablers(): void {
  for (const name of ['mixing', 'blocks']) {
    const t = blake2sAir.tables.findIndex((table) => table.name === name);
    const changed = (
      attack: Attack,
      change: (columns: readonly Uint32Array[], used: number) => void,
    ): Attack => {
      const columns = attack.trace[t]!.columns.map((values) => values.slice());
      change(columns, columns[0]!.lastIndexOf(1) + 1);
      return { ...attack, trace: attack.trace.map((own, i) => (i === t ? { ...own, columns } : own)) };
    };
    const copy = (columns: readonly Uint32Array[], from: number, to: number) => {
      for (const values of columns) values[to] = values[from]!;
    };
    add(`${name}: a gap before the last row`, {}, (attack) =>
      changed(attack, (columns, used) => {
        copy(columns, used - 1, used + 2);
        copy(columns, used + 1, used - 1);
      }),
    );
    add(`${name}: a gap in the first row`, {}, (attack) =>
      changed(attack, (columns, used) => {
        copy(columns, 0, used);
        copy(columns, used + 1, 0);
      }),
    );
    // The last row several times over, the last of them taken off again, in the last row or before it.
    for (const spare of [0, 3]) {
      add(`${name}: a row several times, taken off again, ${spare} rows left`, {}, (attack) =>
        changed(attack, (columns, used) => {
          const last = columns[0]!.length - 1 - spare;
          for (let row = used; row <= last; row++) copy(columns, used - 1, row);
          columns[0]![last] = P - (last - used);
        }),
      );
    }
  }
}

it('Blake2s: a killing attack for every mutant but the redundant ones', () => {
  attackCells();
  attackWords();
  attackHalves();
  attackChain();
  attackEnablers();
  // The unforged run has no fault.
  const honest = forgeBlake2s({})!;
  expect(
    checkTrace(blake2sAir, recountUses(blake2sAir, honest.trace, honest.publicValues), honest.publicValues),
  ).toEqual([]);
  const results = scoreMutants(blake2sAir, attacks);
  expect(results.length).toBe(mutantsOf(blake2sAir).length);
  const inFirstRow = (table: string, name: string) =>
    `${table}: constraint "${name}" deleted in the first row`;
  const inLastRow = (table: string, name: string) => `${table}: constraint "${name}" deleted in the last row`;
  expect(results.filter(({ killedBy }) => killedBy === undefined).map(({ mutant }) => mutant)).toEqual([
    // An enabler that is no bit lets only zeros follow: it would be that of the one row there is, and the buses count it once.
    inFirstRow('mixing', 'enabler is a bit'),
    // Its factor (1 - isLast) is there because the row after the last is the first.
    inLastRow('mixing', 'enabler never rises'),
    // The parts of these digits go to different halves of a word: an eighth more in one is no 16-bit number. (In padding
    // nothing else holds them; elsewhere another split of the digit is another witness of the same word.)
    ...[1, 5].map((k) => inFirstRow('mixing', `x4 ${k} top is a bit`)),
    inFirstRow('blocks', 'enabler is a bit'),
    inLastRow('blocks', 'enabler never rises'),
    // In rows of data, the bus of chaining values takes 0 between blocks and 1 at the end.
    inFirstRow('blocks', 'last is a bit'),
    // Constants of the algorithm: a call of the mixing function takes one of these with three other words, which count it.
    ...[8, 9, 10, 11, 13, 15].map((slot) => `blocks: yield "word ${slot} in" any number of times`),
  ]);
  // Look-ups that say less: each field that carries a value is needed. What says where a value belongs (block, half round,
  // slot, index, the schedule) is bound more than once in each row, so that leaving it open in one entry alone may do no harm.
  const isPlace = (mutant: string) =>
    /with any (block|half round|slot|index|done)$|^mixing: use "scheduled"/.test(mutant);
  const unneeded = scoreMutants(blake2sAir, attacks, fieldMutantsOf(blake2sAir))
    .filter(({ killedBy }) => killedBy === undefined)
    .map(({ mutant }) => mutant);
  expect(unneeded.filter((mutant) => !isPlace(mutant))).toEqual([]);
});
