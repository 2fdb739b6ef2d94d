import { PRIME, pedersen } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { decodeInstruction, type Instruction } from '../casm/instruction.ts';
import { CALL, IMMEDIATE, PLAIN, PUSH, push, RET, word } from '../testing/instructionWord.ts';
import { OPCODE_NAMES, opcodeName } from './opcodeName.ts';
import { FIRST_BIG_ID, proverInput, valueAt } from './proverInput.ts';
import { proofLabels, runProof } from './runProof.ts';

const store = (pointer: number, offset: number) =>
  word({
    opcode: 'assertEq',
    dstRegister: 'AP',
    offDst: -1,
    op1Source: 'op0',
    offOp0: pointer,
    offOp1: offset,
  });
const addTo = (offset: number, value: bigint) => [
  word({ ...PUSH, res: 'add', op0Register: 'FP', offOp0: offset, ...IMMEDIATE }),
  value,
];
const START = [
  word({ apUpdate: 'add', ...IMMEDIATE }),
  2n,
  word(CALL),
  4n,
  word({ pcUpdate: 'jumpRel', ...IMMEDIATE }),
  0n,
];
// main(output, pedersen): writes 7 and 2^200 as hash inputs and 7 as output; returns the moved pointers.
const MAIN = [
  ...push(2n ** 200n),
  store(-3, 1),
  ...push(7n),
  store(-3, 0),
  store(-4, 0),
  ...addTo(-4, 1n),
  ...addTo(-3, 3n),
  RET,
];
const PROGRAM = {
  data: [...START, ...MAIN],
  builtins: ['output' as const, 'pedersen' as const],
  main: START.length,
  hints: new Map(),
  start: 0,
  end: 4,
};
const HINTS = { find: () => undefined, createState: () => undefined };

describe('a run to be proven', () => {
  const run = runProof({ program: PROGRAM, hints: HINTS, maxSteps: 100 });
  const input = proverInput(run);
  const value = (address: number) => valueAt(input.memory, address);
  const stack = PROGRAM.data.length + 1;

  it('starts at the header and ends after the jump to itself', () => {
    expect(input.initial).toEqual({ pc: 1, ap: stack + 2, fp: stack + 2 });
    expect(input.final).toMatchObject({ pc: 5, fp: stack + 2 });
    expect(input.final.ap).toBe(stack + run.machine.ap);
    expect(run.resources.steps).toBe(11);
  });

  it('has each step in one table', () => {
    const counts = Object.fromEntries(
      OPCODE_NAMES.filter((name) => input.states[name].length > 0).map((name) => [
        name,
        input.states[name].length / 3,
      ]),
    );
    expect(counts).toEqual({
      add_ap: 1,
      call_rel_imm: 1,
      assert_eq_imm: 2,
      assert_eq_double_deref: 3,
      add: 2,
      ret: 1,
      jump_rel_imm: 1,
    });
    expect(input.pcCount).toBe(11);
    expect([...input.states.add_ap]).toEqual([1, stack + 2, stack + 2]);
    expect([...input.states.call_rel_imm]).toEqual([3, stack + 4, stack + 2]);
    expect([...input.states.jump_rel_imm]).toEqual([5, input.final.ap, stack + 2]);
  });

  it('has memory with each value once and pointers as addresses', () => {
    expect(PROGRAM.data.map((_, offset) => value(1 + offset))).toEqual(PROGRAM.data);
    expect([0, 1].map((i) => value(stack + i))).toEqual([BigInt(stack + 2), 0n]);
    const { small, big, ids } = input.memory;
    expect(new Set([...small, ...big]).size).toBe(small.length + big.length);
    expect(small.every((x) => x < 2n ** 72n) && big.every((x) => x >= 2n ** 72n && x < PRIME)).toBe(true);
    expect(
      [...ids].every((id) => (id < FIRST_BIG_ID ? id < small.length : id - FIRST_BIG_ID < big.length)),
    ).toBe(true);
  });

  it('has builtin segments complete and padded', () => {
    const { output, pedersen: hashes } = input.builtins;
    expect(value(output!.begin)).toBe(7n);
    expect(output!.end - output!.begin).toBe(1);
    expect(hashes!.end - hashes!.begin).toBe(3 * 16);
    // The program never read the hash; padding repeats the instance.
    for (let at = hashes!.begin; at < hashes!.end; at += 3)
      expect([0, 1, 2].map((i) => value(at + i))).toEqual([7n, 2n ** 200n, pedersen(7n, 2n ** 200n)]);
    expect(value(stack + 2)).toBe(BigInt(output!.begin));
    expect(value(stack + 3)).toBe(BigInt(hashes!.begin));
  });

  it('shows program, frame, results and output', () => {
    const { output, pedersen: hashes } = input.builtins;
    const { ap } = input.final;
    expect([...input.publicAddresses]).toEqual([
      ...PROGRAM.data.map((_, offset) => 1 + offset),
      ...[0, 1, 2, 3].map((i) => stack + i),
      ap - 2,
      ap - 1,
      output!.begin,
    ]);
    expect(value(ap - 2)).toBe(BigInt(output!.begin + 1));
    expect(value(ap - 1)).toBe(BigInt(hashes!.begin + 3));
  });

  it('needs the labels of a program compiled for proofs', () => {
    const identifiers = { '__main__.__start__': { pc: 0 }, '__main__.__end__': { pc: 4 } };
    expect(proofLabels({ identifiers })).toEqual({ start: 0, end: 4 });
    expect(() => proofLabels({ identifiers: {} })).toThrow(/proof mode/);
  });
});

describe('opcode tables', () => {
  const values = (isSmall: boolean) => ({
    isDstZero: () => isSmall,
    isSmallSum: () => isSmall,
    isSmallProduct: () => isSmall,
  });
  const cases: [Partial<Instruction>, small: string, large?: string][] = [
    [{ opcode: 'assertEq', res: 'add' }, 'add_small', 'add'],
    [{ opcode: 'assertEq', res: 'mul', ...IMMEDIATE }, 'mul_small', 'mul'],
    [{ opcode: 'assertEq', res: 'add', op1Source: 'op0' }, 'generic'],
    [{ opcode: 'assertEq' }, 'assert_eq'],
    [{ opcode: 'assertEq', op1Source: 'op0' }, 'assert_eq_double_deref'],
    [{ opcode: 'assertEq', ...IMMEDIATE }, 'assert_eq_imm'],
    [{ opcode: 'assertEq', apUpdate: 'add' }, 'generic'],
    [{ res: 'unconstrained', pcUpdate: 'jnz', ...IMMEDIATE }, 'jnz_not_taken', 'jnz_taken'],
    [{ res: 'unconstrained', pcUpdate: 'jnz' }, 'generic'],
    [{ pcUpdate: 'jumpRel', ...IMMEDIATE }, 'jump_rel_imm'],
    [{ pcUpdate: 'jumpRel' }, 'jump_rel'],
    [{ pcUpdate: 'jump' }, 'jump_abs'],
    [{ pcUpdate: 'jump', op1Source: 'op0' }, 'jump_double_deref'],
    [{ apUpdate: 'add' }, 'add_ap'],
    [{}, 'generic'],
    [CALL, 'call_rel_imm'],
    [{ ...CALL, pcUpdate: 'jump', op1Source: 'fp', offOp1: -3 }, 'call_abs'],
    [{ extension: 'qm31', opcode: 'assertEq', res: 'mul' }, 'qm_31_add_mul'],
    [{ extension: 'blake' }, 'blake_compress'],
    [decodeInstruction(RET), 'ret'],
  ];
  for (const [fields, small, large = small] of cases)
    it(JSON.stringify(fields), () => {
      expect(opcodeName({ ...PLAIN, ...fields }, values(true))).toBe(small);
      expect(opcodeName({ ...PLAIN, ...fields }, values(false))).toBe(large);
    });
});
