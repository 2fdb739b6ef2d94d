import { keccakF1600, PRIME, SHA256_INITIAL_STATE, sha256Compress } from '@cairn/primitives';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { describe, expect, it } from 'vitest';
import { digitsOf, fromDigits } from './hints/integers.ts';
import type { LibraryHint } from './hints/libraryHint.ts';
import { LIBRARY_HINTS } from './hints/libraryHints.ts';
import { outputOf, type ReplacedHints, runTest, succeeds, type TestProgram } from './testing/runZero.ts';

const bytesOf = (count: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => (i * 197 + seed * 89 + ((i * i * seed) >> 3)) & 255);
const little = (bytes: Uint8Array): bigint => fromDigits([...bytes].map(BigInt), 8);
const big = (bytes: Uint8Array): bigint => little(Uint8Array.from(bytes).reverse());
const words = (bytes: Uint8Array): bigint[] =>
  Array.from({ length: Math.ceil(bytes.length / 8) }, (_, i) => little(bytes.slice(8 * i, 8 * i + 8)));
const felt = (value: bigint): bigint => ((value % PRIME) + PRIME) % PRIME;
const builtins = ['range_check', 'bitwise'];
const KECCAK = 'cairo_keccak.keccak';

/** A list at `p` and its length `n`. */
const list = (values: readonly bigint[], n = BigInt(values.length)): ReplacedHints => ({
  'test.list': (h) => {
    h.set('p', h.memory.allocate([...values]));
    h.set('n', n);
  },
});
const hashing = (name: string, type: string, more = ''): TestProgram => ({
  builtins,
  imports: [
    `${KECCAK}: ${name}, finalize_keccak`,
    'keccak_utils.keccak_utils: keccak_add_felt, keccak_add_uint256',
    'alloc: alloc',
    'uint256: Uint256',
  ],
  body: `local p: ${type}; local n; %{ test.list %}\n let (keccak_ptr: felt*) = alloc(); local start: felt* = keccak_ptr;\n with keccak_ptr {\n let (r: Uint256) = ${name}(${type === 'felt*' && !name.includes('felts') ? 'inputs=p, n_bytes=n' : 'n_elements=n, elements=p'});${more}\n }\n local r: Uint256 = r; finalize_keccak(start, keccak_ptr); out(r.low); out(r.high);`,
});
const halves = (value: bigint): bigint[] => digitsOf(value, 128, 2);

describe('keccak-256', () => {
  const HASH = hashing('cairo_keccak', 'felt*');
  const message = (bytes: Uint8Array): ReplacedHints => list(words(bytes), BigInt(bytes.length));

  it('hashes messages of all lengths', () => {
    for (const count of [
      ...Array.from({ length: 18 }, (_, i) => i),
      127,
      128,
      129,
      134,
      135,
      136,
      137,
      143,
      144,
      271,
      272,
      273,
      500,
    ]) {
      const bytes = bytesOf(count);
      expect(outputOf(HASH, message(bytes)), `${count}`).toEqual(halves(little(keccak_256(bytes))));
    }
    const full = new Uint8Array(136).fill(255);
    expect(outputOf(HASH, message(full))).toEqual(halves(little(keccak_256(full))));
  });
  it('hashes numbers', () => {
    const numbers = [0n, 1n, (1n << 256n) - 1n, big(bytesOf(32, 3)), big(bytesOf(32, 4))];
    const felts = [0n, 1n, PRIME - 1n, big(bytesOf(31, 5))];
    const bytes = (value: bigint, isBig: boolean): number[] => {
      const digits = digitsOf(value, 8, 32).map(Number);
      return isBig ? digits.reverse() : digits;
    };
    const hash = (values: bigint[], isBig: boolean): bigint[] => {
      const result = keccak_256(Uint8Array.from(values.flatMap((value) => bytes(value, isBig))));
      return halves(isBig ? big(result) : little(result));
    };
    for (const isBig of [false, true]) {
      const end = isBig ? '_bigend' : '';
      const uints = hashing(`cairo_keccak_uint256s${end}`, 'Uint256*');
      for (const count of [0, 1, 4, 5])
        expect(outputOf(uints, list(numbers.slice(0, count).flatMap(halves), BigInt(count)))).toEqual(
          hash(numbers.slice(0, count), isBig),
        );
      expect(outputOf(hashing(`cairo_keccak_felts${end}`, 'felt*'), list(felts))).toEqual(hash(felts, isBig));
    }
    const bigend = hashing('cairo_keccak_bigend', 'felt*');
    expect(outputOf(bigend, message(bytesOf(50)))).toEqual(halves(big(keccak_256(bytesOf(50)))));
  });
  it('costs', () => {
    // 18.4k steps with cairo-lang 0.14.0.1 for one to three permutations.
    expect(runTest(HASH, message(bytesOf(16))).resources.steps).toBeLessThanOrEqual(15_350);
    expect(runTest(HASH, message(bytesOf(300))).resources.steps).toBeLessThanOrEqual(16_300);
  });
  it('proves the permutations: wrong ones fail', () => {
    const permutation: LibraryHint = LIBRARY_HINTS['cairn.keccak.permutation']!;
    /** The permutation of one call with a change of its words. */
    const wrong =
      (call: number, change: (lanes: bigint[]) => void): LibraryHint =>
      (h) => {
        if (--call !== -1) return permutation(h);
        const end = h.pointer('keccak_ptr');
        const lanes = h.memory.readFelts({ ...end, offset: end.offset - 25 }, 25);
        const state = BigUint64Array.from(lanes);
        keccakF1600(state);
        const output = [...state];
        change(output);
        h.writeAll(end, output);
      };
    const long = message(bytesOf(600));
    const tries = (call: number, change: (lanes: bigint[]) => void): boolean =>
      succeeds(HASH, { ...long, 'cairn.keccak.permutation': wrong(call, change) });
    for (const call of [0, 1, 2, 3, 4]) {
      expect(tries(call, () => {})).toBe(true);
      for (const lane of [0, 7, 24]) {
        expect(tries(call, (lanes) => void (lanes[lane]! ^= 1n))).toBe(false);
        expect(tries(call, (lanes) => void (lanes[lane]! ^= 1n << 63n))).toBe(false);
        // The packed lane of three is right, but the words are not in range.
        expect(tries(call, (lanes) => void (lanes[lane]! += 1n << 64n))).toBe(false);
        expect(tries(call, (lanes) => void (lanes[lane]! += PRIME - (1n << 64n)))).toBe(false);
      }
    }
    // Two wrongs that make the same packed lane.
    const pairs: LibraryHint = (h) => {
      permutation(h);
    };
    expect(succeeds(HASH, { ...long, 'cairn.keccak.permutation': pairs })).toBe(true);
    let call = 0;
    const carried: LibraryHint = (h) =>
      wrong(0, (lanes) => {
        if (call === 3) lanes[5]! += 1n << 64n;
        if (call === 4) lanes[5]! -= 1n;
        call++;
      })(h);
    expect(succeeds(HASH, { ...long, 'cairn.keccak.permutation': carried })).toBe(false);
  });
  it('proves the padding: wrong counts fail', () => {
    for (const count of [5, 8, 20, 136, 140, 272]) {
      const values = message(bytesOf(count));
      for (const [name, bound] of [
        ['cairn.keccak.is_full_block', 136n],
        ['cairn.keccak.is_full_word', 8n],
      ] as const)
        for (const at of [0, 1, 2]) {
          let call = 0;
          let changed = false;
          const flipped: LibraryHint = (h) => {
            const isFull = h.felt('n_bytes') >= bound;
            if (call++ !== at) return isFull;
            changed = true;
            return !isFull;
          };
          const good = succeeds(HASH, { ...values, [name]: flipped });
          expect(good, `${count} ${name} ${at}`).toBe(!changed);
        }
    }
    const never = { 'cairn.keccak.is_full_block': () => 1, 'cairn.keccak.is_full_word': () => 0 };
    expect(succeeds(HASH, { ...message(bytesOf(3)), ...never })).toBe(false);
  });
  it('takes words in range', () => {
    // A byte after the last, in the last word.
    expect(succeeds(HASH, list([1n << 24n], 3n))).toBe(false);
    expect(succeeds(HASH, list([PRIME - 1n], 3n))).toBe(false);
    expect(succeeds(HASH, list([(1n << 24n) - 1n], 3n))).toBe(true);
    expect(succeeds(HASH, list([1n << 64n, 0n], 16n))).toBe(false);
    expect(succeeds(HASH, list([1n << 128n, 0n], 16n))).toBe(false);
    expect(succeeds(HASH, list([0n], PRIME - 1n))).toBe(false);
  });
  it('proves permutations that fill a block', () => {
    const FILL = 'cairn.keccak.fill_block';
    const fill =
      (change: (cells: bigint[]) => void): LibraryHint =>
      (h) => {
        const state = new BigUint64Array(25);
        keccakF1600(state);
        const cells = [...new Array<bigint>(25).fill(0n), ...state];
        change(cells);
        h.writeAll(h.pointer('keccak_ptr_end'), [...cells, ...cells]);
      };
    const values = message(bytesOf(10));
    expect(succeeds(HASH, { ...values, [FILL]: fill(() => {}) })).toBe(true);
    expect(succeeds(HASH, { ...values, [FILL]: fill((cells) => void (cells[30]! ^= 1n)) })).toBe(false);
    expect(succeeds(HASH, { ...values, [FILL]: fill((cells) => void (cells[30]! += 1n << 64n)) })).toBe(
      false,
    );
  });
  it('proves whole lists of permutations', () => {
    const LIST: TestProgram = {
      builtins,
      imports: [`${KECCAK}: finalize_keccak`, 'alloc: alloc'],
      body: 'local p: felt*; local n; %{ test.list %}\n finalize_keccak(p, p + n);',
    };
    const pair = (seed: number): bigint[] => {
      const input = words(bytesOf(200, seed));
      const state = BigUint64Array.from(input);
      keccakF1600(state);
      return [...input, ...state];
    };
    const pairs = [1, 2, 3, 4].flatMap(pair);
    for (const count of [0, 1, 2, 3, 4]) expect(succeeds(LIST, list(pairs.slice(0, 50 * count)))).toBe(true);
    for (const n of [49n, 51n, 25n, PRIME - 50n]) expect(succeeds(LIST, list(pairs, n)), `${n}`).toBe(false);
    for (let i = 0; i < 200; i += 7)
      expect(succeeds(LIST, list(pairs.map((cell, j) => (i === j ? cell ^ 4n : cell)))), `${i}`).toBe(false);
    for (const [i, j] of [
      [26, 76],
      [1, 51],
      [30, 130],
    ] as const)
      expect(
        succeeds(
          LIST,
          list(
            pairs
              .slice(0, 150)
              .map((cell, k) =>
                k === i ? cell + (1n << 64n) * (j - i > 50 ? 1n << 64n : 1n) : k === j ? cell - 1n : cell,
              ),
          ),
        ),
      ).toBe(false);
    // Two wrongs that make the same packed lane.
    for (const lane of [0, 24, 25, 49])
      for (const slot of [0, 1])
        for (const sign of [1n, -1n]) {
          const changed = pairs.slice(0, 150).map((cell, at) => {
            if (at === 50 * slot + lane) return felt(cell + sign * (1n << 64n));
            return at === 50 * (slot + 1) + lane ? felt(cell - sign) : cell;
          });
          expect(succeeds(LIST, list(changed))).toBe(false);
        }
  });
});

describe('numbers as words', () => {
  it('in both orders', () => {
    for (const isBig of [0n, 1n])
      for (const value of [0n, 1n, (1n << 251n) + 7n, big(bytesOf(31, 9))]) {
        const program: TestProgram = {
          builtins,
          imports: [
            'keccak_utils.keccak_utils: keccak_add_felt, keccak_add_felts, keccak_add_uint256, keccak_add_uint256s',
            'alloc: alloc',
            'uint256: Uint256',
          ],
          body: `local p: felt*; local n; %{ test.list %}\n let (inputs: felt*) = alloc(); local start: felt* = inputs;\n with inputs {\n keccak_add_uint256(Uint256(p[0], p[1]), n);\n keccak_add_felt(p[2], n);\n }\n ${Array.from({ length: 8 }, (_, i) => `out(start[${i}]);`).join(' ')}`,
        };
        const bytes = digitsOf(value, 8, 32).map(Number);
        const expected = words(Uint8Array.from(isBig ? bytes.reverse() : bytes));
        expect(outputOf(program, list([...halves(value), value], isBig))).toEqual([...expected, ...expected]);
      }
  });
});

describe('keccak-256 that is not proven', () => {
  const imports = [
    'keccak: keccak_felts, unsafe_keccak, unsafe_keccak_add_felt, unsafe_keccak_add_felts, unsafe_keccak_add_uint256, unsafe_keccak_finalize, unsafe_keccak_init',
    'uint256: Uint256',
  ];
  const program = (body: string): TestProgram => ({
    imports,
    body: `local p: felt*; local n; %{ test.list %}\n ${body}`,
  });
  const bytes = (...values: bigint[]): Uint8Array =>
    Uint8Array.from(values.flatMap((value) => digitsOf(value, 8, 32).reverse()).map(Number));
  const hash = (...values: bigint[]): bigint => big(keccak_256(bytes(...values)));

  it('hashes bytes, felts and numbers', () => {
    const message = bytesOf(50);
    const numbers = [0, 16, 32, 48].map((at) => big(message.slice(at, at + 16)));
    const HASH = program('let (low, high) = unsafe_keccak(p, n); out(low); out(high);');
    expect(outputOf(HASH, list(numbers, 50n))).toEqual(halves(big(keccak_256(message))));
    expect(outputOf(HASH, list([], 0n))).toEqual(halves(big(keccak_256(new Uint8Array()))));
    const felts = [5n, PRIME - 7n];
    const FELTS = program('let (r) = keccak_felts(n, p); out(r.low); out(r.high);');
    expect(outputOf(FELTS, list(felts))).toEqual(halves(hash(...felts)));
    const STATE = program(
      'let (keccak_state) = unsafe_keccak_init();\n with keccak_state {\n unsafe_keccak_add_felt(p[0]);\n unsafe_keccak_add_uint256(Uint256(3, 4));\n unsafe_keccak_add_felts(n, p);\n }\n let (r) = unsafe_keccak_finalize(keccak_state); out(r.low); out(r.high);',
    );
    expect(outputOf(STATE, list(felts))).toEqual(halves(hash(5n, 3n + (4n << 128n), ...felts)));
  });
  it('refuses a message that does not fit', () => {
    expect(succeeds(program('unsafe_keccak(p, n);'), list([256n], 1n))).toBe(false);
  });
});

describe('a function called by its address', () => {
  it('takes any number of arguments', () => {
    const program: TestProgram = {
      imports: ['invoke: invoke', 'registers: get_label_location'],
      functions:
        'func none() -> (x: felt) {\n return (x=7);\n }\nfunc three(a, b, c) -> (x: felt) {\n return (x=a + 10 * b + 100 * c);\n }',
      body: 'local p: felt*; local n; %{ test.list %}\n let (f) = get_label_location(none); invoke(f, 0, p); local x = [ap - 1]; out(x);\n let (f) = get_label_location(three); invoke(f, 3, p); local x = [ap - 1]; out(x);',
    };
    expect(outputOf(program, list([1n, 2n, 3n]))).toEqual([7n, 321n]);
  });
});

describe('compressions of SHA-256', () => {
  const FINALIZE: TestProgram = {
    builtins,
    imports: ['cairo_sha256.sha256_utils: finalize_sha256', 'alloc: alloc'],
    body: 'local p: felt*; local n; %{ test.list %}\n finalize_sha256(p, p + n);',
  };
  const compression = (seed: number, block?: Uint32Array, state?: Uint32Array): bigint[] => {
    const bytes = bytesOf(96, seed);
    const some = Uint32Array.from({ length: 24 }, (_, i) => Number(big(bytes.slice(4 * i, 4 * i + 4))));
    const [input, before] = [block ?? some.slice(0, 16), state ?? some.slice(16)];
    return [...input, ...before, ...sha256Compress(before, input)].map(BigInt);
  };
  const entries = Array.from({ length: 9 }, (_, i) => compression(i + 1));

  it('are proven in any number', () => {
    for (const count of [0, 1, 6, 7, 8, 9])
      expect(succeeds(FINALIZE, list(entries.slice(0, count).flat())), `${count}`).toBe(true);
    const ones = new Uint32Array(16).fill(0xffffffff);
    expect(succeeds(FINALIZE, list(compression(0, ones, ones.slice(0, 8))))).toBe(true);
    // A hash of another library: 'abc' and its padding are one block.
    const block = new Uint32Array(16);
    block[0] = 0x61626380;
    block[15] = 24;
    const hash = sha256(Uint8Array.of(0x61, 0x62, 0x63));
    const after = Array.from({ length: 8 }, (_, i) => big(hash.slice(4 * i, 4 * i + 4)));
    const cells = [...block, ...SHA256_INITIAL_STATE].map(BigInt);
    expect(succeeds(FINALIZE, list([...cells, ...after]))).toBe(true);
  });
  it('fail where a word is wrong', () => {
    for (const entry of [0, 6, 7])
      for (let i = 0; i < 32; i++)
        for (const change of [
          (x: bigint) => x ^ 1n,
          (x: bigint) => x ^ (1n << 31n),
          (x: bigint) => x + (1n << 32n),
          (x: bigint) => x + (1n << 35n),
        ]) {
          if (i % 5 !== entry % 5) continue;
          const changed = entries
            .slice(0, 8)
            .map((cells, j) =>
              j === entry ? cells.map((cell, k) => (k === i ? change(cell) : cell)) : cells,
            );
          expect(succeeds(FINALIZE, list(changed.flat())), `${entry} ${i}`).toBe(false);
        }
  });
  it('fail where two wrongs make the same packed word', () => {
    for (const word of [0, 15, 16, 24, 31])
      for (let slot = 0; slot < 6; slot++)
        for (const sign of [1n, -1n]) {
          const changed = entries.slice(0, 7).map((cells, j) =>
            cells.map((cell, k) => {
              if (k !== word || (j !== slot && j !== slot + 1)) return cell;
              return felt(j === slot ? cell + sign * (1n << 35n) : cell - sign);
            }),
          );
          expect(succeeds(FINALIZE, list(changed.flat()))).toBe(false);
        }
  });
  it('fail where the list is not whole', () => {
    for (const n of [31n, 33n, 16n, PRIME - 32n])
      expect(succeeds(FINALIZE, list(entries.flat(), n))).toBe(false);
  });
  it('fail where what fills the batch is wrong', () => {
    const fill =
      (change: (cells: bigint[]) => void): LibraryHint =>
      (h) => {
        const cells = compression(50);
        change(cells);
        h.writeAll(h.pointer('sha256_ptr_end'), new Array(6).fill(cells).flat());
      };
    const one = list(entries[0]!);
    const tries = (change: (cells: bigint[]) => void): boolean =>
      succeeds(FINALIZE, { ...one, 'cairn.sha256.fill_batch': fill(change) });
    expect(tries(() => {})).toBe(true);
    expect(tries((cells) => void (cells[30]! ^= 1n))).toBe(false);
    expect(tries((cells) => void (cells[3]! += 1n << 32n))).toBe(false);
  });
  it('cost', () => {
    // 1,854 steps for each of seven with cairo-lang 0.14.0.1.
    expect(runTest(FINALIZE, list(entries.slice(0, 7).flat())).resources.steps).toBeLessThanOrEqual(
      7 * 1_500,
    );
  });
});
