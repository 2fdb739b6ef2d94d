import { BLAKE2S_IV, BLAKE2S_SIGMA } from '@cairn/primitives';
import { STATE_WORDS } from '../air/blake/compressTable.ts';
import { FINISH_COLUMNS } from '../air/blake/finishTable.ts';
import { MIXING_COLUMNS } from '../air/blake/mixingTable.ts';
import { column as columnLanes, diagonal, ROUNDS, WORDS } from '../air/blake/roundsTable.ts';
import { fillWords } from '../air/blake/wordsTable.ts';
import { upTo } from '../air/valueForm.ts';
import { element, logHeightFor, TableColumns } from './tableColumns.ts';
import type { Witness } from './witness.ts';

/** A Blake2s instruction: whether it ends a hash, ids of its operands, and ap. */
export interface BlakeRequest {
  readonly isFinal: boolean;
  readonly dst: number;
  readonly op0: number;
  readonly op1: number;
  readonly ap: number;
}

/** Calls of the mixing function: a, b, c, d and two message words each. */
type MixingCall = readonly [number, number, number, number, number, number];

const rotateRight = (word: number, by: number) => ((word >>> by) | (word << (32 - by))) >>> 0;
const halves = (word: number) => [word & 0xffff, word >>> 16];
const bytes = (word: number) => upTo(4).map((i) => (word >>> (8 * i)) & 255);

/** All words of one call of the mixing function. */
function mix([a, b, c, d, m0, m1]: MixingCall) {
  const a1 = (a + b + m0) >>> 0;
  const x1 = (d ^ a1) >>> 0;
  const d1 = rotateRight(x1, 16);
  const c1 = (c + d1) >>> 0;
  const x2 = (b ^ c1) >>> 0;
  const b1 = rotateRight(x2, 12);
  const a2 = (a1 + b1 + m1) >>> 0;
  const x3 = (d1 ^ a2) >>> 0;
  const d2 = rotateRight(x3, 8);
  const c2 = (c1 + d2) >>> 0;
  const x4 = (b1 ^ c2) >>> 0;
  return { a1, x1, d1, c1, x2, b1, a2, x3, d2, c2, x4, b2: rotateRight(x4, 7) };
}

/** Fills all tables of the Blake2s instruction. */
export function fillBlake(witness: Witness, requests: readonly BlakeRequest[]): void {
  const { memory, values, tables, byteXors } = witness;
  const table = new TableColumns(logHeightFor(requests.length));
  const wordUses = new Map<number, number>();
  const wordOf = (id: number): number => {
    wordUses.set(id, (wordUses.get(id) ?? 0) + 1);
    return (values.group(id, 0) + 2 ** 27 * (values.group(id, 1) & 31)) >>> 0;
  };
  const column = (name: string) => table.column(name);
  const set = (name: string, row: number, list: readonly number[]) => {
    list.forEach((value, i) => {
      column(`${name}${i}`)[row] = value;
    });
  };
  const keys = column('key');
  for (let row = 0; row < table.height; row++) keys[row] = row;
  const mixings: MixingCall[] = [];
  const finishes: number[][] = [];
  const rounds = new TableColumns(logHeightFor(requests.length * (ROUNDS + 1)));
  const roundColumns = (name: string) => rounds.columns(name, 2 * WORDS);
  const [vs, ws, ms] = [roundColumns('v'), roundColumns('w'), roundColumns('m')];
  const flags = rounds.columns('round', ROUNDS + 1);
  const [actives, roundKeys] = [rounds.column('active'), rounds.column('key')];
  for (const name of ['active', 'final', 'id dst', 'id op0', 'id op1', 'ap', 'id out pointer']) column(name);
  for (const name of ['state', 'message', 'out']) column(`${name} pointer`);
  for (const [name, count] of [
    ['h', STATE_WORDS],
    ['m', WORDS],
    ['v', WORDS],
    ['out', STATE_WORDS],
  ] as const) {
    table.columns(name, 2 * count);
    if (name !== 'v') table.columns(`id ${name}`, count);
  }
  table.columns('counter', 4);
  table.columns('mixed counter', 4);

  requests.forEach(({ isFinal, dst, op0, op1, ap }, row) => {
    column('active')[row] = 1;
    column('final')[row] = isFinal ? 1 : 0;
    column('id dst')[row] = dst;
    column('id op0')[row] = op0;
    column('id op1')[row] = op1;
    column('ap')[row] = ap;
    const outId = memory.read(ap);
    column('id out pointer')[row] = outId;
    const pointer = (name: string, id: number) => {
      const address = values.signed(id);
      values.use('signed', id);
      column(`${name} pointer`)[row] = element(address);
      return address;
    };
    const [stateAt, messageAt, outAt] = [
      pointer('state', op0),
      pointer('message', op1),
      pointer('out', outId),
    ];
    const read = (name: string, at: number, count: number) =>
      upTo(count).map((i) => {
        const id = memory.read(at + i);
        column(`id ${name}${i}`)[row] = id;
        return wordOf(id);
      });
    const h = read('h', stateAt, STATE_WORDS);
    const m = read('m', messageAt, WORDS);
    const out = read('out', outAt, STATE_WORDS);
    const counter = wordOf(dst);
    const mixedCounter = (counter ^ BLAKE2S_IV[4]!) >>> 0;
    byteXors.words('whole', counter, BLAKE2S_IV[4]!);
    set('counter', row, bytes(counter));
    set('mixed counter', row, bytes(mixedCounter));
    let v = [...h, ...BLAKE2S_IV];
    v[12] = mixedCounter;
    if (isFinal) v[14] = ~v[14]! >>> 0;
    for (let r = 0; r <= ROUNDS; r++) {
      const at = row * (ROUNDS + 1) + r;
      flags[r]![at] = 1;
      roundKeys[at] = row;
      const put = (columns: readonly Uint32Array[], words: readonly number[]) => {
        words.flatMap(halves).forEach((half, i) => {
          columns[i]![at] = half;
        });
      };
      put(vs, v);
      put(ms, m);
      if (r === ROUNDS) break;
      actives[at] = 1;
      const half = (lanesOf: typeof columnLanes, first: number) => {
        const next = [...v];
        for (let j = 0; j < 4; j++) {
          const [i0, i1, i2, i3] = lanesOf(j);
          const sigma = BLAKE2S_SIGMA[r]!;
          const call: MixingCall = [
            v[i0]!,
            v[i1]!,
            v[i2]!,
            v[i3]!,
            m[sigma[first + 2 * j]!]!,
            m[sigma[first + 2 * j + 1]!]!,
          ];
          mixings.push(call);
          const mixed = mix(call);
          next[i0] = mixed.a2;
          next[i1] = mixed.b2;
          next[i2] = mixed.c2;
          next[i3] = mixed.d2;
        }
        v = next;
      };
      half(columnLanes, 0);
      put(ws, v);
      half(diagonal, 8);
    }
    set('h', row, h.flatMap(halves));
    set('m', row, m.flatMap(halves));
    set('v', row, v.flatMap(halves));
    set('out', row, out.flatMap(halves));
    for (let i = 0; i < STATE_WORDS; i++) finishes.push([h[i]!, v[i]!, v[i + 8]!]);
  });
  tables.blake = table;
  tables['blake rounds'] = rounds;
  fillMixing(witness, mixings);
  fillFinish(witness, finishes);
  fillWords(witness, wordUses);
  Object.assign(tables, byteXors.tables());
}

function fillMixing({ tables, byteXors }: Witness, calls: readonly MixingCall[]): void {
  const table = new TableColumns(logHeightFor(calls.length));
  const columns = MIXING_COLUMNS.map(([name, count]) => table.columns(name, count));
  const uses = table.column('uses');
  for (let row = 0; row < table.height; row++) {
    const call = calls[row] ?? [0, 0, 0, 0, 0, 0];
    const [a, b, c, d, m0, m1] = call;
    const w = mix(call);
    byteXors.words('whole', d, w.a1);
    byteXors.words('nibbles', b, w.c1);
    byteXors.words('whole', w.d1, w.a2);
    const [b1, c2] = [bytes(w.b1), bytes(w.c2)];
    for (let i = 0; i < 4; i++) byteXors.bytes(i % 2 === 0 ? 'top bit' : 'whole', b1[i]!, c2[i]!);
    const nibbles = upTo(8).map((i) => (w.x2 >>> (4 * i)) & 15);
    const last = bytes(w.x4);
    [
      halves(a),
      bytes(b),
      halves(c),
      bytes(d),
      halves(m0),
      halves(m1),
      bytes(w.a1),
      bytes(w.x1),
      bytes(w.c1),
      nibbles,
      bytes(w.a2),
      bytes(w.x3),
      bytes(w.c2),
      [last[0]! & 127, last[0]! >>> 7, last[1]!, last[2]! & 127, last[2]! >>> 7, last[3]!],
    ].forEach((list, k) => {
      for (let i = 0; i < list.length; i++) columns[k]![i]![row] = list[i]!;
    });
    uses[row] = row < calls.length ? 1 : 0;
  }
  tables['blake mixing'] = table;
}

function fillFinish({ tables, byteXors }: Witness, words: readonly (readonly number[])[]): void {
  const table = new TableColumns(logHeightFor(words.length));
  const columns = FINISH_COLUMNS.map((name) => table.columns(name, 4));
  const uses = table.column('uses');
  for (let row = 0; row < table.height; row++) {
    const [h, v, w] = words[row] ?? [0, 0, 0];
    const first = (h! ^ v!) >>> 0;
    [h!, v!, first, w!, (first ^ w!) >>> 0].forEach((word, k) => {
      bytes(word).forEach((byte, i) => {
        columns[k]![i]![row] = byte;
      });
    });
    byteXors.words('whole', h!, v!);
    byteXors.words('whole', first, w!);
    uses[row] = row < words.length ? 1 : 0;
  }
  tables['blake finish'] = table;
}
