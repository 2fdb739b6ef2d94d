import { blake2s256, blakeMany, PRIME, pedersen, poseidonMany } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { giving, inputs, outputOf, runTest, succeeds, type TestProgram } from './testing/runZero.ts';

const FELTS = [
  0n,
  1n,
  (1n << 63n) - 1n,
  1n << 63n,
  1n << 128n,
  (1n << 128n) - 1n,
  1n << 250n,
  1n << 251n,
  PRIME - 1n,
  PRIME - 2n,
  5n,
  6n,
  7n,
  8n,
  9n,
  10n,
  11n,
  12n,
  13n,
];
const list = (values: readonly bigint[]) => ({
  'test.data': (h: any) => h.memory.allocate(values),
  ...giving({ n: BigInt(values.length) }),
});
const start = `${inputs('n')}\n    local data: felt* = nondet %{ test.data %};\n`;

const MANY: TestProgram = {
  builtins: ['poseidon'],
  imports: ['builtin_poseidon.poseidon: poseidon_hash, poseidon_hash_many, poseidon_hash_single'],
  body: `${start} let (r) = poseidon_hash_many(n, data); out(r);`,
};
const CHAIN: TestProgram = {
  builtins: ['pedersen'],
  imports: ['hash_state: hash_felts', 'hash: hash2'],
  body: `${start} let (r) = hash_felts{hash_ptr=pedersen_ptr}(data, n); out(r);`,
};
const BLAKE: TestProgram = {
  imports: ['cairo_blake2s.blake2s: encode_felt252_data_and_calc_blake_hash, encode_felt252_to_u32s'],
  body: `${start} let (r) = encode_felt252_data_and_calc_blake_hash(n, data); out(r);`,
};
const WORDS: TestProgram = {
  imports: ['cairo_blake2s.blake2s: blake_with_opcode', 'alloc: alloc'],
  body: `${start} let (local o) = alloc(); blake_with_opcode(n, data, o); out(o[0]); out(o[7]);`,
};

describe('hashes of lists', () => {
  it('poseidon_hash_many', () => {
    for (let n = 0; n <= FELTS.length; n++)
      expect(outputOf(MANY, list(FELTS.slice(0, n)))).toEqual([poseidonMany(FELTS.slice(0, n))]);
  });
  it('poseidon_hash_many: hints cannot change the length', () => {
    const data = FELTS.slice(0, 9);
    for (const [block, last] of [
      [0, 1],
      [1, 0],
      [0, 0],
    ] as const)
      expect(
        succeeds(
          { ...MANY },
          { ...list(data), 'cairn.poseidon.is_block': () => block, 'cairn.poseidon.is_last': () => last },
        ),
      ).toBe(false);
  });
  it('hash_felts', () => {
    for (const n of [0, 1, 2, 7]) {
      const data = FELTS.slice(0, n);
      expect(outputOf(CHAIN, list(data))).toEqual([
        pedersen(
          data.reduce((h, x) => pedersen(h, x), 0n),
          BigInt(n),
        ),
      ]);
    }
  });
  it('the Blake2s hash of felts', () => {
    for (let n = 0; n <= FELTS.length; n++)
      expect(outputOf(BLAKE, list(FELTS.slice(0, n)))).toEqual([blakeMany(FELTS.slice(0, n))]);
  });
  it('Blake2s of words', () => {
    for (const n of [0, 1, 15, 16, 17, 32, 40]) {
      const words = Array.from({ length: n }, (_, i) => BigInt((i * 2654435761) >>> 0));
      const bytes = new Uint8Array(4 * n);
      for (const [i, w] of words.entries()) new DataView(bytes.buffer).setUint32(4 * i, Number(w), true);
      const digest = blake2s256(bytes);
      const word = (i: number): bigint =>
        BigInt(new DataView(digest.buffer, digest.byteOffset).getUint32(4 * i, true));
      expect(outputOf(WORDS, list(words))).toEqual([word(0), word(7)]);
    }
  });
  it('Blake2s: encodings other than the one fail', () => {
    const encode =
      (value: bigint, big: boolean) =>
      (h: any): boolean => {
        const n = big ? value + (1n << 255n) : value;
        h.writeAll(
          h.pointer('words'),
          Array.from({ length: big ? 8 : 2 }, (_, i) =>
            i === 0
              ? n >> BigInt(32 * ((big ? 8 : 2) - 1))
              : (n >> BigInt(32 * ((big ? 7 : 1) - i))) & 0xffffffffn,
          ),
        );
        return big;
      };
    for (const value of [0n, 5n, (1n << 63n) - 1n, 1n << 63n, 1n << 128n, PRIME - 1n]) {
      const isBig = value >= 1n << 63n;
      expect(succeeds(BLAKE, { ...list([value]), 'cairn.blake2s.write_words': encode(value, isBig) })).toBe(
        true,
      );
      for (const wrong of [value + PRIME, value + 1n, value + 2n * PRIME])
        expect(
          succeeds(BLAKE, { ...list([value]), 'cairn.blake2s.write_words': encode(wrong, true) }),
          `${wrong}`,
        ).toBe(false);
      expect(succeeds(BLAKE, { ...list([value]), 'cairn.blake2s.write_words': encode(value, !isBig) })).toBe(
        false,
      );
    }
    const eight = list(Array.from({ length: 8 }, (_, i) => BigInt(i)));
    const block = (change: (words: bigint[]) => void) => (h: any) => {
      const words = Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 0n : BigInt(i >> 1)));
      change(words);
      h.writeAll(h.pointer('words'), words);
    };
    const tries = (change: (words: bigint[]) => void) =>
      succeeds(BLAKE, { ...eight, 'cairn.blake2s.write_small_block': block(change) });
    expect(tries(() => {})).toBe(true);
    for (let i = 0; i < 16; i++) {
      expect(tries((words) => words[i]!++ as never)).toBe(false);
      // The felt is right, but its upper word is not below 2^31.
      if (i % 2 === 0)
        expect(
          tries((words) => {
            words[i] = 1n << 31n;
            words[i + 1] = (words[i + 1]! - (1n << 63n) + PRIME) % PRIME;
          }),
        ).toBe(false);
    }
    // Fewer felts are left, or large ones.
    for (const values of [[1n, 2n, 3n], FELTS.slice(0, 8)])
      expect(succeeds(BLAKE, { ...list(values), 'cairn.blake2s.is_small_block': () => 1 })).toBe(false);
    for (const words of [0n, 16n, 32n, 8n, PRIME - 16n])
      if (words !== 0n)
        expect(succeeds(WORDS, { ...list([1n, 2n, 3n]), 'cairn.blake2s.full_words': () => words })).toBe(
          false,
        );
    expect(succeeds(WORDS, { ...list(new Array(32).fill(1n)), 'cairn.blake2s.full_words': () => 32n })).toBe(
      false,
    );
    expect(succeeds(WORDS, { ...list([1n << 32n]) })).toBe(false);
  });
  it('costs', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => BigInt(i) << 100n);
    const steps = (program: TestProgram, felts = hundred): number =>
      runTest(program, list(felts)).resources.steps;
    expect(steps(MANY)).toBeLessThanOrEqual(601);
    expect(steps(CHAIN)).toBeLessThanOrEqual(834);
    expect(steps(BLAKE)).toBeLessThanOrEqual(4380);
    // Most words of code are small.
    const small = hundred.map((_, i) => BigInt(i));
    expect(steps(BLAKE, small)).toBeLessThanOrEqual(1300);
  });
});
