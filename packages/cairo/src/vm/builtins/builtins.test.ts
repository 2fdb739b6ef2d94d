import {
  CairnError,
  ecMul,
  getPublicKey,
  hadesPermutation,
  keccakF1600,
  PRIME,
  pedersen,
  STARK_CURVE,
  sign,
} from '@cairn/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Memory } from '../memory.ts';
import { TypescriptMemory } from '../typescriptMemory.ts';
import {
  type Builtin,
  type BuiltinName,
  checkInstances,
  usedInstances,
  verifyDeductions,
} from './builtin.ts';
import { createBuiltin } from './createBuiltin.ts';
import type { EcdsaBuiltin } from './curveBuiltins.ts';

function setUp(name: BuiltinName, cells: (bigint | undefined)[]): { memory: Memory; builtin: Builtin } {
  const memory = new TypescriptMemory(2 ** 16);
  const builtin = createBuiltin(memory, name);
  for (const [offset, value] of cells.entries())
    if (value !== undefined) memory.write({ segment: builtin.segment, offset }, value);
  return { memory, builtin };
}

/** Values the builtin deduces for its output cells from these inputs. */
function deduce(name: BuiltinName, inputs: bigint[]): bigint[] {
  const { memory, builtin } = setUp(name, inputs);
  const outputs: bigint[] = [];
  for (let offset = builtin.inputCells; offset < builtin.cellsPerInstance; offset++)
    outputs.push(memory.toFelt(builtin.deduce!(memory, offset)));
  for (let offset = 0; offset < builtin.inputCells; offset++)
    expect(builtin.deduce!(memory, offset)).toBeNaN();
  return outputs;
}

const felt = fc.bigInt(0n, PRIME - 1n);
const bits251 = fc.bigInt(0n, 2n ** 251n - 1n);

describe('deduction', () => {
  it('pedersen', () => {
    fc.assert(
      fc.property(felt, felt, (a, b) => {
        expect(deduce('pedersen', [a, b])).toEqual([pedersen(a, b)]);
      }),
      { numRuns: 20 },
    );
  });
  it('poseidon', () => expect(deduce('poseidon', [1n, 2n, 3n])).toEqual(hadesPermutation(1n, 2n, 3n)));
  it('bitwise', () => {
    fc.assert(
      fc.property(bits251, bits251, (x, y) => {
        expect(deduce('bitwise', [x, y])).toEqual([x & y, x ^ y, x | y]);
      }),
    );
    expect(() => deduce('bitwise', [PRIME - 1n, 0n])).toThrow(/less than 2\^251/);
  });
  it('ec_op', () => {
    const g = STARK_CURVE.generator;
    const p = ecMul(77n, g)!;
    const r = ecMul(77n + 5n, g)!;
    expect(deduce('ec_op', [p.x, p.y, g.x, g.y, 5n])).toEqual([r.x, r.y]);
    expect(() => deduce('ec_op', [1n, 1n, g.x, g.y, 5n])).toThrow(/not on the curve/);
    expect(() => deduce('ec_op', [g.x, g.y, g.x, g.y, 5n])).toThrow(/same x/);
  });
  it('keccak', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 2n ** 200n - 1n), { minLength: 8, maxLength: 8 }), (words) => {
        const whole = words.reduceRight((value, w) => (value << 200n) | w, 0n);
        const state = BigUint64Array.from(
          { length: 25 },
          (_, i) => (whole >> BigInt(64 * i)) & (2n ** 64n - 1n),
        );
        keccakF1600(state);
        const after = state.reduceRight((value, lane) => (value << 64n) | lane, 0n);
        expect(deduce('keccak', words).reduceRight((value, w) => (value << 200n) | w, 0n)).toBe(after);
      }),
      { numRuns: 20 },
    );
    expect(() => deduce('keccak', [2n ** 200n, ...Array(7).fill(0n)])).toThrow(/less than 2\^200/);
  });
  it('waits for all inputs and refuses pointers', () => {
    const { memory, builtin } = setUp('poseidon', [1n, undefined, 3n]);
    expect(builtin.deduce!(memory, 3)).toBeNaN();
    memory.write({ segment: 0, offset: 1 }, { segment: 0, offset: 0 });
    expect(() => builtin.deduce!(memory, 3)).toThrow(/expected a felt/);
  });
  it('is verified for cells that have a value', () => {
    for (const last of [pedersen(3n, 4n), undefined]) {
      const { memory, builtin } = setUp('pedersen', [3n, 4n, last]);
      verifyDeductions(builtin, memory);
      checkInstances(builtin, memory);
    }
    const { memory, builtin } = setUp('pedersen', [3n, 4n, 5n]);
    expect(() => verifyDeductions(builtin, memory)).toThrow(/pedersen cell 2/);
  });
});

describe('checks on write', () => {
  const write = (name: BuiltinName, value: bigint) => () => setUp(name, [value]);
  it('range_check: below 2^128; range_check96: below 2^96', () => {
    for (const [name, bound] of [
      ['range_check', 2n ** 128n],
      ['range_check96', 2n ** 96n],
    ] as const) {
      for (const value of [0n, 1n, 2n ** 60n, bound - 1n]) expect(write(name, value)).not.toThrow();
      for (const value of [bound, PRIME - 1n, 2n ** 250n])
        expect(write(name, value)).toThrow(/expected an integer below/);
    }
    const { memory } = setUp('range_check', []);
    expect(() => memory.write({ segment: 0, offset: 0 }, { segment: 0, offset: 0 })).toThrow(CairnError);
  });
  it('ecdsa: a signature that verifies, once both cells are there', () => {
    const { memory, builtin } = setUp('ecdsa', []);
    const [key, message] = [123456789n, 77n];
    const { r, s } = sign(key, message);
    (builtin as EcdsaBuiltin).addSignature(0, r, s);
    memory.write({ segment: 0, offset: 0 }, getPublicKey(key));
    memory.write({ segment: 0, offset: 1 }, message);
    (builtin as EcdsaBuiltin).addSignature(2, r, s);
    memory.write({ segment: 0, offset: 2 }, getPublicKey(key));
    expect(() => memory.write({ segment: 0, offset: 3 }, message + 1n)).toThrow(/does not verify/);
    memory.write({ segment: 0, offset: 4 }, 1n);
    expect(() => memory.write({ segment: 0, offset: 5 }, 1n)).toThrow(/no signature/);
  });
});

describe('instances', () => {
  it('are counted with the last one rounded up', () => {
    const sizes: [BuiltinName, number, number][] = [
      ['output', 4, 4],
      ['pedersen', 3, 1],
      ['pedersen', 4, 2],
      ['range_check', 5, 5],
      ['bitwise', 6, 2],
      ['segment_arena', 3, 0],
      ['segment_arena', 9, 2],
      ['mul_mod', 8, 2],
    ];
    for (const [name, size, instances] of sizes)
      expect(usedInstances(setUp(name, []).builtin, size)).toBe(instances);
  });
  it('must have all inputs', () => {
    for (const cells of [[1n], [undefined, 1n, 2n], [1n, 2n, undefined, 1n]]) {
      const { memory, builtin } = setUp('pedersen', cells);
      expect(() => checkInstances(builtin, memory)).toThrow(/incomplete/);
    }
  });
});

describe('modular builtins', () => {
  const modulus = 2n ** 200n + 235n;
  function check(
    name: 'add_mod' | 'mul_mod',
    a: bigint,
    b: bigint,
    c: bigint,
    change: (m: Memory) => void = () => {},
  ): () => void {
    const memory = new TypescriptMemory(2 ** 16);
    const builtin = createBuiltin(memory, name);
    const [values, offsets] = [memory.addSegment(), memory.addSegment()];
    const limbs = (x: bigint) => [0n, 96n, 192n, 288n].map((s) => (x >> s) & (2n ** 96n - 1n));
    const instance = [...limbs(modulus), values, offsets, 1n];
    for (const [offset, value] of instance.entries())
      memory.write({ segment: builtin.segment, offset }, value);
    for (const [offset, value] of [a, b, c].flatMap(limbs).entries())
      memory.write({ ...values, offset }, value);
    for (const [offset, value] of [0n, 4n, 8n].entries()) memory.write({ ...offsets, offset }, value);
    change(memory);
    return () => checkInstances(builtin, memory);
  }
  it('accept sums and products modulo p only', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, modulus - 1n), fc.bigInt(0n, modulus - 1n), (a, b) => {
        expect(check('add_mod', a, b, (a + b) % modulus)).not.toThrow();
        expect(check('mul_mod', a, b, (a * b) % modulus)).not.toThrow();
        expect(check('add_mod', a, b, (a + b + 1n) % modulus)).toThrow(/is not/);
        expect(check('mul_mod', a, b, (a * b + 1n) % modulus)).toThrow(/is not/);
      }),
    );
  });
  it('refuse chains that do not count down to 1', () => {
    const next = (n: bigint, step: number) => (memory: Memory) => {
      for (let offset = 0; offset < 4; offset++)
        memory.write({ segment: 0, offset: 7 + offset }, memory.readFelt({ segment: 0, offset }));
      memory.write({ segment: 0, offset: 11 }, { segment: 1, offset: 0 });
      memory.write({ segment: 0, offset: 12 }, { segment: 2, offset: step });
      memory.write({ segment: 0, offset: 13 }, n);
      for (const [i, value] of [0n, 4n, 8n].entries()) memory.write({ segment: 2, offset: step + i }, value);
    };
    expect(check('add_mod', 1n, 2n, 3n, next(1n, 3))).not.toThrow();
    expect(check('add_mod', 1n, 2n, 3n, next(2n, 3))).toThrow(/announces 2/);
    expect(check('add_mod', 1n, 2n, 3n, next(0n, 3))).toThrow(/at least 1/);
  });
});
