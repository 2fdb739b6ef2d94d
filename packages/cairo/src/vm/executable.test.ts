import { formatFelt } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { CALL, IMMEDIATE, PUSH, word } from '../testing/instructionWord.ts';
import { parseExecutable, runBootloaded, runStandalone } from './executable.ts';
import { proverInput, valueAt } from './proverInput.ts';

const HEADER = [
  word({ apUpdate: 'add', ...IMMEDIATE }),
  1n,
  word(CALL),
  4n,
  word({ pcUpdate: 'jumpRel', ...IMMEDIATE }),
  0n,
];
// main(output): [ap], [ap + 1] = the arguments (hint); writes their number and the second one; returns output + 2.
const MAIN = [
  word({ apUpdate: 'add', ...IMMEDIATE }),
  2n,
  // end − start, as end = start + length
  word({
    opcode: 'assertEq',
    dstRegister: 'AP',
    offDst: -1,
    res: 'add',
    op0Register: 'AP',
    offOp0: 0,
    op1Source: 'ap',
    offOp1: -2,
    apUpdate: 'add1',
  }),
  word({ opcode: 'assertEq', dstRegister: 'AP', offDst: -1, op1Source: 'op0', offOp0: -3, offOp1: 0 }),
  word({ ...PUSH, op1Source: 'op0', op0Register: 'AP', offOp0: -3, offOp1: 1 }),
  word({ opcode: 'assertEq', dstRegister: 'AP', offDst: -1, op1Source: 'op0', offOp0: -3, offOp1: 1 }),
  word({ ...PUSH, res: 'add', offOp0: -3, ...IMMEDIATE }),
  2n,
  0x208b7fff7fff7ffen,
];
const JSON_FILE = {
  program: {
    bytecode: [...HEADER, ...MAIN].map(formatFelt),
    hints: [[6, [{ WriteRunParam: { index: { Immediate: '0x0' }, dst: { register: 'AP', offset: 0 } } }]]],
  },
  entrypoints: [
    { builtins: ['output'], offset: 0, kind: 'Standalone' },
    { builtins: ['output'], offset: 6, kind: 'Bootloader' },
  ],
};

describe('Cairo 1 executables', () => {
  const executable = parseExecutable(JSON_FILE);
  const request = { executable, arguments: [11n, 22n, 33n], maxSteps: 100 };

  it('run as a function of a bootloader', () => {
    const { output, resources } = runBootloaded(request).result;
    expect(output).toEqual([3n, 22n]);
    expect(resources.steps).toBe(7);
  });

  it('run standalone, ready to be proven', () => {
    const run = runStandalone(request);
    expect(run.resources.steps).toBe(10);
    const input = proverInput(run);
    const { begin } = input.builtins.output!;
    expect([0, 1].map((i) => valueAt(input.memory, begin + i))).toEqual([3n, 22n]);
    expect(input.final.pc).toBe(5);
  });

  it('are refused when malformed', () => {
    const bad = (change: object) => () => parseExecutable({ ...JSON_FILE, ...change });
    expect(bad({ program: {} })).toThrow(/bytecode/);
    expect(bad({ entrypoints: [{ builtins: ['output'], offset: 0, kind: 'Other' }] })).toThrow(/kind Other/);
    expect(bad({ entrypoints: [{ builtins: ['output'], offset: 99, kind: 'Standalone' }] })).toThrow(/at 99/);
    expect(bad({ entrypoints: [{ builtins: ['gold'], offset: 0, kind: 'Standalone' }] })).toThrow(/gold/);
    expect(bad({ program: { ...JSON_FILE.program, hints: [[77, []]] } })).toThrow(/stands at 77/);
    const alone = parseExecutable({ ...JSON_FILE, entrypoints: JSON_FILE.entrypoints.slice(0, 1) });
    expect(() => runBootloaded({ ...request, executable: alone })).toThrow(/no Bootloader/);
  });
});
