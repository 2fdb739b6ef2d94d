import { BLAKE2S_256_INITIAL_STATE, BLAKE2S_IV, BLAKE2S_LANES, BLAKE2S_SIGMA } from '@cairn/primitives';
import { P } from '../core/field/m31.ts';
import { blake2sAir, blake2sInput } from '../examples/blake2s.ts';
import { generateTrace, type Trace } from '../prover/trace.ts';

// Runs of Blake2s in which a cell is not what it should be, and everything that follows from it is: traces that violate as
// little as possible. Written from the constraints, not from the functions that fill the example's columns.

export type Cells = Record<string, number>;
/** Changes a cell as it is computed. */
export type Alter = (cell: string, value: number) => number;

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7];
const mod = (v: number) => ((v % P) + P) % P;
const rotl = (word: number, by: number) => ((word << by) | (word >>> (32 - by))) >>> 0;
const keep: Alter = (_cell, value) => value;

/** A word by its halves, which must be below 2^16 for the next row to take it. */
interface Halves {
  readonly low: number;
  readonly high: number;
}

const halves = (word: number): Halves => ({ low: word & 0xffff, high: word >>> 16 });
const wordOf = ({ low, high }: Halves) => (low + high * 65536) >>> 0;
const digitsOf = ({ low, high }: Halves) => DIGITS.map((k) => ((k < 4 ? low : high) >>> (4 * (k & 3))) & 15);
const halvesOf = (digits: readonly number[]): Halves => ({
  low: mod(digits.slice(0, 4).reduce((n, d, k) => n + d * 16 ** k, 0)),
  high: mod(digits.slice(4).reduce((n, d, k) => n + d * 16 ** k, 0)),
});
const isWord = ({ low, high }: Halves) => low < 65536 && high < 65536;

/** Thrown where a change leads to what no row can hold. */
class NoRow extends Error {}

export interface MixingInputs {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly m0: number;
  readonly m1: number;
}

/** A row of the mixing table from its inputs, with what it gives on. */
export function mixingRow(
  place: { block: number; schedule: readonly number[]; enabler: number },
  inputs: MixingInputs,
  alter: Alter = keep,
): { cells: Cells; outputs: number[] } {
  const cells: Cells = { enabler: place.enabler, block: place.block };
  ['half round', 'a', 'b', 'c', 'd', 'first word', 'second word'].forEach((name, i) => {
    cells[name] = place.schedule[i]!;
  });
  const put = (name: string, value: number) => {
    cells[name] = mod(alter(name, value));
    return cells[name]!;
  };
  for (const name of ['a', 'c', 'm0', 'm1'] as const) {
    cells[`${name} low`] = halves(inputs[name]).low;
    cells[`${name} high`] = halves(inputs[name]).high;
  }
  const [b, d] = [digitsOf(halves(inputs.b)), digitsOf(halves(inputs.d))];
  DIGITS.forEach((k) => {
    cells[`b ${k}`] = b[k]!;
    cells[`d ${k}`] = d[k]!;
  });
  const sum = (name: string, terms: readonly Halves[]): number[] => {
    const low = terms.reduce((n, term) => n + term.low, 0);
    const carryLow = put(`${name} carry low`, Math.floor(low / 65536));
    const high = terms.reduce((n, term) => n + term.high, carryLow);
    const carryHigh = put(`${name} carry high`, Math.floor(mod(high) / 65536));
    const times = (carry: number) => Number((BigInt(carry) * 65536n) % BigInt(P));
    const result = { low: mod(low - times(carryLow)), high: mod(high - times(carryHigh)) };
    if (!isWord(result)) throw new NoRow(name);
    return digitsOf(result).map((digit, k) => put(`${name} ${k}`, digit));
  };
  const xor = (name: (k: number) => string, x: readonly number[], y: readonly number[]) =>
    DIGITS.map((k) => put(name(k), x[k]! ^ y[k]!));
  const rotate = (digits: readonly number[], by: number) => DIGITS.map((k) => digits[(k + by) % 8]!);

  const a1 = sum('a1', [halves(inputs.a), halvesOf(b), halves(inputs.m0)]);
  const d1 = rotate(
    xor((k) => `x1 ${k}`, d, a1),
    4,
  );
  const c1 = sum('c1', [halves(inputs.c), halvesOf(d1)]);
  const b1 = rotate(
    xor((k) => `x2 ${k}`, b, c1),
    3,
  );
  const a2 = sum('a2', [halvesOf(a1), halvesOf(b1), halves(inputs.m1)]);
  const d2 = rotate(
    xor((k) => `x3 ${k}`, d1, a2),
    2,
  );
  const c2 = sum('c2', [halvesOf(c1), halvesOf(d2)]);
  const low: number[] = [];
  const top: number[] = [];
  for (const k of DIGITS) {
    const z = b1[k]! ^ c2[k]!;
    low.push(put(`x4 ${k} low`, z & 7));
    top.push(put(`x4 ${k} top`, z >> 3));
  }
  const b2 = halvesOf(DIGITS.map((k) => top[(k + 1) % 8]! + 2 * low[(k + 2) % 8]!));
  const outputs = [halvesOf(a2), b2, halvesOf(c2), halvesOf(d2)];
  if (place.enabler !== 0 && !outputs.every(isWord)) throw new NoRow('outputs');
  return { cells, outputs: outputs.map(wordOf) };
}

/** The inputs, with messages 0, from which a row gives these words. */
export function mixingInputsFor([a2, b2, c2, d2]: readonly number[]): MixingInputs {
  const b1 = (rotl(b2!, 7) ^ c2!) >>> 0;
  const c1 = (c2! - d2!) >>> 0;
  const d1 = (rotl(d2!, 8) ^ a2!) >>> 0;
  const a1 = (a2! - b1) >>> 0;
  const b = (rotl(b1, 12) ^ c1) >>> 0;
  return { a: (a1 - b) >>> 0, b, c: (c1 - d1) >>> 0, d: (rotl(d1, 16) ^ a1) >>> 0, m0: 0, m1: 0 };
}

/** A row of the blocks table: the chaining value before, the words after mixing, the message; what it gives on. */
export function blocksRow(
  place: { block: number; last: number; enabler: number },
  h: readonly number[],
  mixed: readonly number[],
  message: readonly number[],
  alter: Alter = keep,
): { cells: Cells; initial: number[]; next: number[] } {
  const cells: Cells = { enabler: place.enabler, block: place.block, last: place.last };
  const put = (name: string, value: number) => {
    cells[name] = mod(alter(name, value));
    return cells[name]!;
  };
  const putDigits = (name: string, word: number) =>
    digitsOf(halves(word)).map((digit, k) => put(`${name} digit ${k}`, digit));
  const hDigits = h.map((word, w) => putDigits(`h${w}`, word));
  const vDigits = mixed.map((word, i) => putDigits(i < 8 ? `v low ${i}` : `v high ${i - 8}`, word));
  message.forEach((word, i) => {
    cells[`m${i} low`] = halves(word).low;
    cells[`m${i} high`] = halves(word).high;
  });
  const counter = [0, 1, 2, 3].map((k) =>
    put(`counter digit ${k}`, ((64 * (place.block + 1)) >>> (4 * k)) & 15),
  );
  const iv = BLAKE2S_IV;
  const v12 = counter.map((digit, k) => put(`v12 digit ${k}`, digit ^ ((iv[4]! >>> (4 * k)) & 15)));
  const initial = [...h, ...iv];
  initial[12] = wordOf({ low: v12.reduce((n, digit, k) => n + digit * 16 ** k, 0), high: iv[4]! >>> 16 });
  if (place.last === 1) initial[14] = ~iv[6]! >>> 0;
  const next = DIGITS.map((w) => {
    const half = DIGITS.map((k) => put(`h ^ v${w} digit ${k}`, hDigits[w]![k]! ^ vDigits[w]![k]!));
    return wordOf(halvesOf(DIGITS.map((k) => put(`next h${w} digit ${k}`, half[k]! ^ vDigits[w + 8]![k]!))));
  });
  return { cells, initial, next };
}

/** What to change in a run, all parts optional. */
export interface Forgery {
  readonly message?: readonly number[];
  /** Number of the first block. */
  readonly firstBlock?: number;
  /** Chaining value that block i takes. */
  readonly takeChaining?: (block: number, h: readonly number[]) => readonly number[];
  /** The initial word that mixing takes in a slot. */
  readonly takeInitial?: (slot: number, word: number) => number;
  /** The inputs of call `step` of the mixing function in the first block. */
  readonly takeMixing?: (step: number, inputs: MixingInputs) => MixingInputs;
  /** The message that the blocks table says the first block has. */
  readonly claimMessage?: (message: readonly number[]) => readonly number[];
  readonly swapMessages?: (step: number) => boolean;
  /** The word that the blocks table takes back in a slot. */
  readonly takeMixed?: (slot: number, word: number) => number;
  readonly alterMixing?: (step: number) => Alter;
  readonly alterBlocks?: (block: number) => Alter;
  readonly last?: (isLast: boolean) => number;
  /** Rows to be put into the padding, from its end. */
  readonly mixingPadding?: readonly Cells[];
  readonly blocksPadding?: readonly Cells[];
}

const message16 = Array.from({ length: 16 }, (_, i) => (Math.imul(i, 0x9e3779b9) + 0x1234567) >>> 0);

/** A trace in which everything follows from the forgery, with the statement it proves; undefined where no row can hold it. */
export function forgeBlake2s(f: Forgery): { trace: Trace; publicValues: number[] } | undefined {
  const message = f.message ?? message16;
  const blockCount = message.length / 16;
  const { input, publicValues: shape } = blake2sInput(message);
  const trace = generateTrace(blake2sAir, input, shape);
  const rows: { mixing: Cells[]; blocks: Cells[] } = { mixing: [], blocks: [] };
  let h: readonly number[] = [...BLAKE2S_256_INITIAL_STATE];
  try {
    for (let index = 0; index < blockCount; index++) {
      const block = index + (f.firstBlock ?? 0);
      const m = message.slice(16 * index, 16 * index + 16);
      const isLast = index === blockCount - 1;
      const place = { block, last: f.last?.(isLast) ?? (isLast ? 1 : 0), enabler: 1 };
      h = f.takeChaining?.(index, h) ?? h;
      const alter = f.alterBlocks?.(index) ?? keep;
      const v = blocksRow(place, h, new Array(16).fill(0), m, alter).initial;
      if (index === 0) {
        v.forEach((word, slot) => {
          v[slot] = f.takeInitial?.(slot, word) ?? word;
        });
      }
      for (let step = 0; step < 80; step++) {
        const half = Math.floor(step / 4);
        const lane = (half % 2) * 4 + (step % 4);
        const [a, b, c, d] = BLAKE2S_LANES[lane]!;
        const order = BLAKE2S_SIGMA[Math.floor(half / 2)]!;
        let [i0, i1] = [order[2 * lane]!, order[2 * lane + 1]!];
        if (index === 0 && f.swapMessages?.(step)) [i0, i1] = [i1, i0];
        const honest = { a: v[a]!, b: v[b]!, c: v[c]!, d: v[d]!, m0: m[i0]!, m1: m[i1]! };
        const inputs = index === 0 ? (f.takeMixing?.(step, honest) ?? honest) : honest;
        const { cells, outputs } = mixingRow(
          { block, schedule: [half, a, b, c, d, i0, i1], enabler: 1 },
          inputs,
          index === 0 ? (f.alterMixing?.(step) ?? keep) : keep,
        );
        [a, b, c, d].forEach((slot, i) => {
          v[slot] = outputs[i]!;
        });
        rows.mixing.push(cells);
      }
      const mixed = v.map((word, slot) => (index === 0 ? (f.takeMixed?.(slot, word) ?? word) : word));
      const claimed = index === 0 ? (f.claimMessage?.(m) ?? m) : m;
      const { cells, next } = blocksRow(place, h, mixed, claimed, alter);
      rows.blocks.push(cells);
      h = next;
    }
  } catch (error) {
    if (error instanceof NoRow) return undefined;
    throw error;
  }
  const write = (name: string, data: readonly Cells[], padding: readonly Cells[] = []) => {
    const t = blake2sAir.tables.findIndex((table) => table.name === name);
    const { columns, logHeight } = trace[t]!;
    const put = (cells: Cells, row: number) => {
      blake2sAir.tables[t]!.columns.forEach((column, c) => {
        const value = cells[column.name];
        if (value === undefined) throw new Error(`no cell ${column.name}`);
        columns[c]![row] = value;
      });
    };
    data.forEach(put);
    padding.forEach((cells, i) => {
      put(cells, 2 ** logHeight - 1 - i);
    });
  };
  write('mixing', rows.mixing, f.mixingPadding);
  write('blocks', rows.blocks, f.blocksPadding);
  return {
    trace,
    publicValues: [blockCount + (f.firstBlock ?? 0), ...h.flatMap((w) => [w & 0xffff, w >>> 16])],
  };
}
