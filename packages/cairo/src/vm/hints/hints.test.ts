import { CairnError, feltMul, isOnCurve, PRIME } from '@cairn/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CasmHint,
  formatHexInteger,
  HINT_FIELDS,
  type HintName,
  type ResOperand,
} from '../../casm/hint.ts';
import { createBuiltin } from '../builtins/createBuiltin.ts';
import { CodeSegment } from '../codeSegment.ts';
import type { VmValue } from '../relocatable.ts';
import { TypescriptMachine } from '../typescriptMachine.ts';
import { TypescriptMemory } from '../typescriptMemory.ts';
import { compileHint } from './compileHint.ts';
import { HintState } from './hintState.ts';

const u128 = fc.oneof(
  fc.bigInt(0n, 2n ** 128n - 1n),
  fc.bigInt(0n, 20n),
  fc.bigInt(2n ** 128n - 20n, 2n ** 128n - 1n),
);
const felt = fc.oneof(fc.bigInt(0n, PRIME - 1n), fc.bigInt(0n, 20n), fc.bigInt(PRIME - 20n, PRIME - 1n));
const MASK = 2n ** 128n - 1n;

/** A machine whose frame holds `inputs` at [fp + 0…]; hint outputs go to [ap + 0…]. */
class Bench {
  readonly memory = new TypescriptMemory(2 ** 20);
  readonly machine: TypescriptMachine;

  constructor(inputs: VmValue[], external?: ConstructorParameters<typeof HintState>[0]['external']) {
    this.memory.newSegment();
    this.memory.newSegment();
    for (const [offset, value] of inputs.entries()) this.memory.write({ segment: 1, offset }, value);
    this.machine = new TypescriptMachine({
      memory: this.memory,
      program: new CodeSegment(0, 0),
      pc: 0,
      ap: inputs.length,
      fp: 0,
      end: 0,
      maxSteps: 0,
      deductions: [],
      hintState: new HintState(external === undefined ? {} : { external }),
    });
  }

  /** Runs the hint: operands read the inputs, cells are [ap + 0…], both in field order. Returns the cells. */
  run(name: HintName, operands?: Record<string, ResOperand>): VmValue[] {
    let input = 0;
    let output = 0;
    const fields: Record<string, unknown> = {};
    for (const [field, kind] of Object.entries(HINT_FIELDS[name])) {
      if (kind === 'operand') {
        const cell = { Deref: { register: 'FP' as const, offset: input++ } };
        fields[field] = operands?.[field] ?? cell;
      } else if (kind === 'cell') fields[field] = { register: 'AP', offset: output++ };
      else fields[field] = '0x0';
    }
    const hint = (Object.keys(fields).length === 0 ? name : { [name]: fields }) as CasmHint;
    compileHint(hint, (value) => this.memory.fromFelt(value))(this.machine);
    return this.take(output);
  }

  /** The next `count` cells from ap on; ap moves behind them. */
  take(count: number): VmValue[] {
    const start = this.machine.ap;
    this.machine.ap += count;
    return Array.from({ length: count }, (_, i) => this.memory.get({ segment: 1, offset: start + i })!);
  }
}

const hint = (name: HintName, ...inputs: VmValue[]) => new Bench(inputs).run(name);

describe('integer hints', () => {
  it('compare', () => {
    fc.assert(
      fc.property(felt, felt, (a, b) => {
        expect(hint('TestLessThan', a, b)).toEqual([a < b ? 1n : 0n]);
        expect(hint('TestLessThanOrEqual', a, b)).toEqual([a <= b ? 1n : 0n]);
      }),
    );
  });
  it('compare addresses: by segment and offset, before felts', () => {
    const order: VmValue[] = [
      { segment: -2, offset: 5 },
      { segment: -1, offset: 0 },
      { segment: 1, offset: 0 },
      { segment: 1, offset: 9 },
      { segment: 3, offset: 0 },
      0n,
    ];
    for (const [i, a] of order.entries())
      for (const [j, b] of order.entries())
        expect(hint('TestLessThanOrEqualAddress', a, b)).toEqual([i <= j ? 1n : 0n]);
    expect(() => hint('TestLessThan', order[2]!, 1n)).toThrow(/expected a felt/);
  });
  it('multiply and divide', () => {
    fc.assert(
      fc.property(u128, u128, (a, b) => {
        expect(hint('WideMul128', a, b)).toEqual([(a * b) >> 128n, (a * b) & MASK]);
        if (b !== 0n) expect(hint('DivMod', a, b)).toEqual([a / b, a % b]);
      }),
    );
    expect(() => hint('DivMod', 1n, 0n)).toThrow(/division by zero/);
  });
  it('divide 256 and 512 bits', () => {
    fc.assert(
      fc.property(fc.array(u128, { minLength: 6, maxLength: 6 }), (l) => {
        const [a0, a1, a2, a3, b0, b1] = l as [bigint, bigint, bigint, bigint, bigint, bigint];
        const divisor = b0 + (b1 << 128n);
        if (divisor === 0n) return;
        const d256 = a0 + (a1 << 128n);
        const [q, r] = [d256 / divisor, d256 % divisor];
        expect(hint('Uint256DivMod', a0, a1, b0, b1)).toEqual([q & MASK, q >> 128n, r & MASK, r >> 128n]);
        const d512 = d256 + (a2 << 256n) + (a3 << 384n);
        const [Q, R] = [d512 / divisor, d512 % divisor];
        if (Q >> 384n >= PRIME) return;
        const limbs = [0n, 128n, 256n].map((s) => (Q >> s) & MASK);
        expect(hint('Uint512DivModByUint256', ...l)).toEqual([...limbs, Q >> 384n, R & MASK, R >> 128n]);
      }),
    );
    expect(() => hint('Uint256DivMod', 1n, 0n, 0n, 0n)).toThrow(/division by zero/);
  });
  it('take square roots', () => {
    fc.assert(
      fc.property(u128, u128, (low, high) => {
        const root = hint('SquareRoot', low)[0] as bigint;
        expect(root * root <= low && (root + 1n) ** 2n > low).toBe(true);
        const x = low + (high << 128n);
        const [s0, s1, r0, r1, flag] = hint('Uint256SquareRoot', low, high) as bigint[];
        const s = s0! + (s1! << 64n);
        const rest = r0! + (r1! << 128n);
        expect(s * s + rest).toBe(x);
        expect((s + 1n) ** 2n > x && s0! < 2n ** 64n).toBe(true);
        expect(flag).toBe(2n * s - rest >= 2n ** 128n ? 1n : 0n);
      }),
    );
  });
  it('split linearly', () => {
    fc.assert(
      fc.property(felt, u128, u128, (value, scalar, maxX) => {
        if (scalar === 0n) return;
        const [x, y] = hint('LinearSplit', value, scalar, maxX) as bigint[];
        expect((x! * scalar + y!) % PRIME).toBe(value);
        expect(x).toBe(value / scalar < maxX ? value / scalar : maxX);
      }),
    );
    expect(() => hint('LinearSplit', 1n, 0n, 5n)).toThrow(/by zero/);
  });
  it('take field roots of the value or of three times it', () => {
    fc.assert(
      fc.property(felt, (value) => {
        const root = hint('FieldSqrt', value)[0] as bigint;
        expect([value, feltMul(3n, value)]).toContain(feltMul(root, root));
        expect(root <= PRIME - root || root === 0n).toBe(true);
      }),
      { numRuns: 10 },
    );
  });
  it('invert modulo n or show a common factor', () => {
    const small = fc.bigInt(0n, 60n);
    const u256 = fc.oneof(
      small,
      fc.bigInt(0n, 2n ** 256n - 1n),
      fc.bigInt(0n, 2n ** 100n).map((x) => x * 12n),
    );
    fc.assert(
      fc.property(u256, u256, (b, n) => {
        const bench = new Bench([b & MASK, b >> 128n, n & MASK, n >> 128n]);
        if (n === 0n && b === 1n) {
          expect(() => bench.run('U256InvModN')).toThrow(/modulo zero/);
          return;
        }
        const [g0, g1, s0, s1, t0, t1] = bench.run('U256InvModN') as (bigint | undefined)[];
        const s = s0! + (s1! << 128n);
        const t = t0! + (t1! << 128n);
        if (g0 === 0n) {
          expect(g1).toBeUndefined();
          expect(s * b - 1n).toBe(t * n);
          expect(s < n).toBe(true);
        } else {
          const g = g0! + (g1! << 128n);
          expect([g * s, g * t]).toEqual([b, n]);
          expect(n === 1n ? g === 1n : g > 1n && (g === 2n || g % 2n === 1n)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
  it('find the small arcs of a ≤ b', () => {
    fc.assert(
      fc.property(felt, felt, (x, y) => {
        const [a, b] = x <= y ? [x, y] : [y, x];
        const bench = new Bench([{ segment: 2, offset: 0 }, a, b]);
        bench.memory.newSegment();
        bench.run('AssertLeFindSmallArcs');
        const [r0, q0, r1, q1] = bench.memory.readFelts({ segment: 2, offset: 0 }, 4) as [
          bigint,
          bigint,
          bigint,
          bigint,
        ];
        const found = [
          r0 + q0 * 3544607988759775765608368578435044694n,
          r1 + q1 * 5316911983139663648412552867652567041n,
        ];
        const arcs = [a, b - a, PRIME - 1n - b];
        const rest = [...arcs];
        for (const arc of found) rest.splice(rest.indexOf(arc), 1);
        expect(rest).toHaveLength(1);
        expect(rest[0]! >= found[0]! && rest[0]! >= found[1]!).toBe(true);
        for (const part of [r0, q0, r1, q1]) expect(part < 2n ** 128n).toBe(true);
        const first = bench.run('AssertLeIsFirstArcExcluded')[0];
        if (first === 0n) expect(arcs[0]).toBe(rest[0]);
        const second = bench.run('AssertLeIsSecondArcExcluded')[0];
        expect([first, second].filter((flag) => flag === 0n).length).toBeLessThanOrEqual(1);
        if (second === 0n) expect(arcs[1]).toBe(rest[0]);
      }),
    );
    expect(() => hint('AssertLeIsFirstArcExcluded')).toThrow(/no arcs/);
  });
});

describe('operands', () => {
  const cell = (offset: number) => ({ register: 'FP' as const, offset });
  const test = (lhs: ResOperand, ...inputs: VmValue[]) =>
    new Bench(inputs).run('TestLessThan', { lhs, rhs: { Immediate: formatHexInteger(100n) } })[0];
  it('are cells, cells behind cells, constants, sums and products', () => {
    expect(test({ Deref: cell(0) }, 99n)).toBe(1n);
    expect(test({ DoubleDeref: [cell(0), 1] }, { segment: 1, offset: 0 }, 99n)).toBe(1n);
    expect(test({ DoubleDeref: [cell(1), -1] }, 99n, { segment: 1, offset: 1 })).toBe(1n);
    expect(test({ Immediate: '-0x1' })).toBe(0n);
    expect(test({ BinOp: { op: 'Add', a: cell(0), b: { Deref: cell(1) } } }, 99n, 1n)).toBe(0n);
    expect(test({ BinOp: { op: 'Add', a: cell(0), b: { Immediate: '-0x1' } } }, 100n)).toBe(1n);
    expect(test({ BinOp: { op: 'Mul', a: cell(0), b: { Immediate: '0x5' } } }, 21n)).toBe(0n);
  });
  it('must be known and of the right kind', () => {
    expect(() => test({ Deref: cell(0) })).toThrow(/unknown/);
    expect(() => test({ Deref: cell(-1) })).toThrow(/outside/);
    expect(() => test({ DoubleDeref: [cell(0), 0] }, 5n)).toThrow(/expected a pointer/);
    const dict = { dict_ptr: { Immediate: '0x1' } };
    expect(() => new Bench([]).run('Felt252DictEntryInit', dict)).toThrow(/needs an address/);
  });
});

describe('allocation hints', () => {
  it('make segments and constant cells', () => {
    expect(hint('AllocSegment')).toEqual([{ segment: 2, offset: 0 }]);
    const bench = new Bench([3n]);
    expect(bench.run('AllocConstantSize')).toEqual([{ segment: 2, offset: 0 }]);
    expect(bench.run('AllocConstantSize')).toEqual([{ segment: 2, offset: 3 }]);
  });
  it('sample curve points', () => {
    const bench = new Bench([]);
    const [x, y] = bench.run('RandomEcPoint') as [bigint, bigint];
    expect(isOnCurve({ x, y })).toBe(true);
    expect(bench.run('RandomEcPoint')[0]).not.toBe(x);
  });
});

describe('dictionary hints', () => {
  /** A dictionary written through the hints, then squashed as the corelib does. */
  function squash(writes: [key: bigint, value: bigint][]): [bigint, number[]][] {
    const memory = new TypescriptMemory(2 ** 20);
    memory.newSegment();
    memory.newSegment();
    const state = new HintState({});
    const machine = new TypescriptMachine({
      memory,
      program: new CodeSegment(0, 0),
      pc: 0,
      ap: 0,
      fp: 0,
      end: 0,
      maxSteps: 0,
      deductions: [],
      hintState: state,
    });
    let top = 0;
    const push = (value: VmValue) => {
      memory.write({ segment: 1, offset: top }, value);
      return { Deref: { register: 'FP' as const, offset: top++ } };
    };
    const run = (h: CasmHint) => compileHint(h, (v) => memory.fromFelt(v))(machine);
    const out = () => ({ register: 'FP' as const, offset: top++ });
    const read = (c: { offset: number }) => memory.readFelt({ segment: 1, offset: c.offset });

    const arena = createBuiltin(memory, 'segment_arena');
    const arenaEnd = push(memory.toValue(arena.initialPointer));
    run({ AllocFelt252Dict: { segment_arena_ptr: arenaEnd } });
    const infos = memory.readPointer({ segment: arena.segment, offset: 0 });
    const start = memory.readPointer(infos);
    const model = new Map<bigint, bigint>();
    for (const [i, [key, value]] of writes.entries()) {
      const at = { ...start, offset: 3 * i };
      memory.write(at, key);
      run({ Felt252DictEntryInit: { dict_ptr: push(at), key: push(key) } });
      expect(memory.readFelt({ ...at, offset: at.offset + 1 })).toBe(model.get(key) ?? 0n);
      memory.write({ ...at, offset: at.offset + 2 }, value);
      run({
        Felt252DictEntryUpdate: { dict_ptr: push({ ...at, offset: at.offset + 3 }), value: push(value) },
      });
      model.set(key, value);
    }
    const index = out();
    run({
      GetSegmentArenaIndex: {
        dict_end_ptr: push({ ...start, offset: 3 * writes.length }),
        dict_index: index,
      },
    });
    expect(read(index)).toBe(0n);
    const [bigKeys, firstKey] = [out(), out()];
    const count = push(BigInt(writes.length));
    run({
      InitSquashData: {
        dict_accesses: push(start),
        ptr_diff: count,
        n_accesses: count,
        big_keys: bigKeys,
        first_key: firstKey,
      },
    });
    expect(read(bigKeys)).toBe([...model.keys()].some((key) => key >= 2n ** 128n) ? 1n : 0n);
    const found: [bigint, number[]][] = [];
    let key = read(firstKey);
    for (;;) {
      const range = memory.addSegment();
      run({ GetCurrentAccessIndex: { range_check_ptr: push(range) } });
      const accesses = [Number(memory.readFelt(range))];
      const skip = out();
      run({ ShouldSkipSquashLoop: { should_skip_loop: skip } });
      let goOn = read(skip) === 0n;
      while (goOn) {
        const delta = out();
        run({ GetCurrentAccessDelta: { index_delta_minus1: delta } });
        accesses.push(accesses.at(-1)! + Number(read(delta)) + 1);
        const flag = out();
        run({ ShouldContinueSquashLoop: { should_continue: flag } });
        goOn = read(flag) === 1n;
      }
      found.push([key, accesses]);
      if (found.length === model.size) return found;
      const next = out();
      run({ GetNextDictKey: { next_key: next } });
      key = read(next);
    }
  }
  it('track values and squash in key order', () => {
    const key = fc.oneof(fc.bigInt(0n, 4n), felt);
    fc.assert(
      fc.property(fc.array(fc.tuple(key, felt), { minLength: 1, maxLength: 12 }), (writes) => {
        const keys = [...new Set(writes.map(([k]) => k))].sort((a, b) => (a < b ? -1 : 1));
        const expected = keys.map((k) => [k, writes.flatMap(([w], i) => (w === k ? [i] : []))]);
        expect(squash(writes)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
  it('fail without dictionaries', () => {
    const pointer = { segment: 1, offset: 0 };
    expect(() => hint('Felt252DictEntryInit', pointer, 1n)).toThrow(/no known dictionary/);
    expect(() => hint('GetSegmentArenaIndex', pointer)).toThrow(/no known dictionary/);
    expect(() => hint('GetNextDictKey')).toThrow(/no dictionary key/);
    expect(() => hint('GetCurrentAccessDelta')).toThrow(/no dictionary key/);
    expect(() => hint('InitSquashData', pointer, 0n, 0n)).toThrow(/no dictionary accesses/);
    expect(() => hint('AllocFelt252Dict', { segment: 1, offset: 0 })).toThrow(/pointers cannot/);
  });
  it('serve the deprecated reads and writes', () => {
    const bench = new Bench([{ segment: 2, offset: 0 }, 5n, 77n]);
    bench.memory.newSegment();
    (bench.machine.hintState as HintState).dictionaries.set(2, { values: new Map([[5, 41]]), index: 0 });
    bench.run('Felt252DictWrite');
    expect(bench.memory.readFelt({ segment: 2, offset: 1 })).toBe(41n);
    expect(bench.run('Felt252DictRead')).toEqual([77n]);
  });
});

describe('other hints', () => {
  it('of old compilers do nothing', () => {
    for (const name of [
      'AssertCurrentAccessIndicesIsEmpty',
      'AssertAllKeysUsed',
      'AssertLeAssertThirdArcExcluded',
    ] as const)
      expect(hint(name)).toEqual([]);
    expect(hint('AssertAllAccessesUsed')).toEqual([undefined]);
    expect(hint('AssertLtAssertValidInput', 2n, 1n)).toEqual([]);
    expect(hint('DebugPrint', { segment: 1, offset: 0 }, { segment: 1, offset: 1 })).toEqual([]);
  });
  it('of Starknet and of test runners need their host', () => {
    expect(() => hint('SystemCall', { segment: 1, offset: 0 })).toThrow(/no syscalls/);
    expect(() => hint('Cheatcode', 0n, 0n)).toThrow(CairnError);
    for (const name of ['AddRelocationRule', 'WriteRunParam', 'AddMarker', 'AddTrace'] as const)
      expect(() => hint(name, { segment: 1, offset: 0 }, { segment: 1, offset: 0 })).toThrow(/not served/);
  });
  it('write run arguments, arrays as pointers', () => {
    const bench = new Bench([0n], { arguments: [[7n, [1n, 2n, [3n]], 9n]], withTemporaryDicts: false });
    expect([...bench.run('WriteRunParam'), ...bench.take(3)]).toEqual([
      7n,
      { segment: 2, offset: 0 },
      { segment: 2, offset: 4 },
      9n,
    ]);
    expect(bench.memory.readPointer({ segment: 2, offset: 3 })).toEqual({ segment: 3, offset: 1 });
    expect(() => new Bench([1n], { arguments: [], withTemporaryDicts: false }).run('WriteRunParam')).toThrow(
      /no such/,
    );
  });
  it('give temporary dictionaries a place', () => {
    const bench = new Bench(
      [
        { segment: -1, offset: 0 },
        { segment: 1, offset: 50 },
      ],
      { arguments: [], withTemporaryDicts: true },
    );
    bench.memory.newTemporarySegment();
    bench.run('AddRelocationRule');
    expect(bench.memory.relocationRules.size).toBe(1);
  });
  it('all compile', () => {
    for (const name of Object.keys(HINT_FIELDS) as HintName[]) {
      try {
        hint(name, ...Array<VmValue>(9).fill(1n));
      } catch (error) {
        expect(error).toBeInstanceOf(CairnError);
      }
    }
  });
});

describe('EvalCircuit', () => {
  const modulus = 97n * 89n;
  /** Gates as triples of value numbers; values 0… are inputs. Returns the values and the number of mul instances. */
  function circuit(
    inputs: bigint[],
    adds: number[][],
    muls: number[][],
  ): { values: (bigint | undefined)[]; mulCount: number } {
    const bench = new Bench([
      BigInt(adds.length),
      { segment: 2, offset: 0 },
      BigInt(muls.length),
      { segment: 3, offset: 0 },
    ]);
    const { memory } = bench;
    for (let i = 0; i < 5; i++) memory.newSegment();
    const write = (segment: number, offset: number, value: bigint) => {
      for (let i = 0; i < 4; i++)
        memory.write({ segment, offset: offset + i }, (value >> BigInt(96 * i)) & (2n ** 96n - 1n));
    };
    for (const [segment, offsets, gates] of [
      [2, 5, adds],
      [3, 6, muls],
    ] as const) {
      if (segment === 3 || gates.length > 0) {
        write(segment, 0, modulus);
        memory.write({ segment, offset: 4 }, { segment: 4, offset: 0 });
        memory.write({ segment, offset: 5 }, { segment: offsets, offset: 0 });
      }
      for (const [i, gate] of gates.flat().entries())
        memory.write({ segment: offsets, offset: i }, BigInt(4 * gate));
    }
    for (const [i, value] of inputs.entries()) write(4, 4 * i, value);
    bench.run('EvalCircuit');
    const read = (i: number) => memory.get({ segment: 4, offset: 4 * i }) as bigint | undefined;
    const count = Math.max(inputs.length, ...[...adds, ...muls].flat().map((x) => x + 1));
    return { values: Array.from({ length: count }, (_, i) => read(i)), mulCount: memory.sizeOf(3) };
  }
  it('fills sums, differences, products and inverses', () => {
    // 2 = 0 + 1; 3 = 2·1; 4 + 1 = 3 (difference); 5·0 = 1 where value 1 is 1 (inverse)
    const { values } = circuit(
      [5n, 1n],
      [
        [0, 1, 2],
        [4, 1, 3],
      ],
      [
        [2, 1, 3],
        [5, 0, 1],
      ],
    );
    expect(values.slice(0, 5)).toEqual([5n, 1n, 6n, 6n, 5n]);
    expect((values[5]! * 5n) % modulus).toBe(1n);
  });
  it('nullifies a number without inverse and stops the instances there', () => {
    const { values, mulCount } = circuit(
      [97n, 1n],
      [],
      [
        [0, 1, 2],
        [3, 0, 1],
      ],
    );
    expect((values[3]! * 97n) % modulus).toBe(0n);
    expect(values[3]).not.toBe(0n);
    // One instance of 7 cells.
    expect(mulCount).toBe(7);
  });
});
