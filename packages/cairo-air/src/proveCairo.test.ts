import { parseExecutable, runStandalone } from '@cairn/cairo';
import { push, RET } from '@cairn/cairo/testing';
import { formatFelt, hadesPermutation } from '@cairn/primitives';
import { C96, DEV } from '@cairn/stark';
import { describe, expect, it } from 'vitest';
import { layoutFor, proveCairo } from './proveCairo.ts';
import { CURVE_CASES } from './testing/curveCases.ts';
import { BACKEND, faultsOf, honestWitness, verdictOn } from './testing/forgery.ts';
import { addToFp, callBuiltin, fibonacciMain, oddMain, runMain, store } from './testing/programs.ts';
import { verifyCairoProof } from './verifyCairoProof.ts';

const fibonacci = (n: number): bigint => {
  let [a, b] = [1n, 1n];
  for (let i = 0; i < n; i++) [a, b] = [b, a + b];
  return b;
};

describe('a proven run', () => {
  const run = runMain(['output'], fibonacciMain(100));

  it('fills tables that hold, at every size of range tables', () => {
    for (const ranges of ['narrow', 'medium', 'wide'] as const)
      expect(faultsOf(honestWitness(run, { modules: [], ranges }))).toEqual([]);
  });
  it('is accepted with its program and its output', async () => {
    const bytes = await proveCairo(run, { backend: BACKEND, profile: DEV });
    const verdict = verifyCairoProof(bytes, DEV);
    expect(verdict).toMatchObject({ ok: true, strength: 'dev', layout: { modules: [], ranges: 'narrow' } });
    if (!verdict.ok) return;
    expect(verdict.statement.program).toEqual(run.program.data);
    expect(verdict.statement.output).toEqual([fibonacci(100)]);
    // Another profile, any other byte, and less of it, are refused; nothing throws.
    expect(verifyCairoProof(bytes, C96)).toMatchObject({ ok: false });
    for (let i = 0; i < 200; i++) {
      const at = Math.floor((i * bytes.length) / 200);
      const other = bytes.with(at, bytes[at]! ^ (1 << (i % 8)));
      expect(verifyCairoProof(other, DEV).ok, `byte ${at}`).toBe(false);
      expect(verifyCairoProof(bytes.subarray(0, at), DEV).ok, `first ${at} bytes`).toBe(false);
    }
  });
});

describe('a proven run of another kind', () => {
  it('takes instructions that compilers hardly write', async () => {
    const run = runMain([], oddMain());
    const witness = honestWitness(run);
    expect(faultsOf(witness)).toEqual([]);
    expect((await verdictOn(witness)).ok).toBe(true);
  });
  it('is that of a Cairo 1 executable', async () => {
    const main = [...push(7n), ...store(-3, 0), ...addToFp(-3, 1n), RET];
    const { data } = runMain(['output'], main).program;
    const executable = parseExecutable({
      program: { bytecode: data.map(formatFelt), hints: [] },
      entrypoints: [{ builtins: ['output'], offset: 0, kind: 'Standalone' }],
    });
    const run = runStandalone({ executable, arguments: [], maxSteps: 100 });
    const bytes = await proveCairo(run, { backend: BACKEND, profile: DEV });
    expect(verifyCairoProof(bytes, DEV)).toMatchObject({ ok: true, statement: { output: [7n] } });
  });
  it('can not have builtins that no layout proves', () => {
    const run = runMain(['ecdsa'], [...addToFp(-3, 0n), RET]);
    expect(() => layoutFor(run)).toThrow(/ecdsa/);
    expect(() => honestWitness(run, { modules: [], ranges: 'narrow' })).toThrow(/ecdsa/);
  });
});

describe('a builtin is proven', () => {
  const cases: [string, Parameters<typeof runMain>, bigint[]][] = [
    ['range_check', [['output', 'range_check'], callBuiltin([2n ** 128n - 1n], 1, 0)], [2n ** 128n - 1n]],
    ['range_check96', [['output', 'range_check96'], callBuiltin([2n ** 96n - 1n], 1, 0)], [2n ** 96n - 1n]],
    [
      'bitwise',
      [['output', 'bitwise'], callBuiltin([2n ** 251n - 1n, 0x123456789abcdefn << 180n], 5, 3)],
      [(2n ** 251n - 1n) ^ (0x123456789abcdefn << 180n)],
    ],
    [
      'poseidon',
      [['output', 'poseidon'], callBuiltin([1n, 2n, 3n], 6, 4, 2)],
      [hadesPermutation(1n, 2n, 3n)[1], hadesPermutation(1n, 2n, 3n)[1]],
    ],
  ];
  it('pedersen and ec_op: their tables hold', () => {
    for (const [name, code, output] of CURVE_CASES) {
      const run = runMain(['output', name], code);
      for (const ranges of ['narrow', 'medium'] as const) {
        const witness = honestWitness(run, { modules: ['ec'], ranges });
        expect(faultsOf(witness)).toEqual([]);
        expect(witness.statement.output).toEqual([output]);
      }
    }
  });
  it.each(cases)('%s', async (name, program, output) => {
    const run = runMain(...program);
    const bytes = await proveCairo(run, { backend: BACKEND, profile: DEV });
    const verdict = verifyCairoProof(bytes, DEV);
    expect(verdict).toMatchObject({ ok: true, statement: { output } });
    const isCore = name.startsWith('range_check');
    expect(layoutFor(run).modules).toEqual(isCore ? [] : [name]);
  });
});
