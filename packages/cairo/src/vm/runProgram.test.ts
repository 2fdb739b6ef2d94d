import { createHash } from 'node:crypto';
import { formatFelt, hadesPermutation, PRIME } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { encodeInstruction, type Instruction } from '../casm/instruction.ts';
import { type CairoProgram, parseCairoProgram } from './cairoProgram.ts';
import { memoryFile, relocationTable, traceFile } from './relocatedFiles.ts';
import { runProgram } from './runProgram.ts';
import { zeroHintRegistry } from './zeroHints/zeroHintRegistry.ts';

const PLAIN: Instruction = {
  offDst: 0,
  offOp0: -1,
  offOp1: 1,
  dstRegister: 'AP',
  op0Register: 'FP',
  op1Source: 'imm',
  res: 'op1',
  pcUpdate: 'regular',
  apUpdate: 'add1',
  opcode: 'assertEq',
  extension: 'stone',
};
const word = (fields: Partial<Instruction>) => encodeInstruction({ ...PLAIN, ...fields });
const RET = 0x208b7fff7fff7ffen;
// main(output): [output] = 42; a new segment; return (output + 1)
const WORDS = [
  word({}),
  42n,
  word({ offDst: -1, op1Source: 'op0', offOp0: -3, offOp1: 0, apUpdate: 'regular' }),
  word({ res: 'add', offOp0: -3, apUpdate: 'regular', offDst: 1 }),
  1n,
  // ap[0] = segments.add(): the hint, and ap += 2 over it and the returned pointer
  word({ opcode: 'nop', dstRegister: 'FP', offDst: -1, apUpdate: 'add' }),
  2n,
  RET,
];
const PROGRAM: CairoProgram = {
  data: WORDS,
  builtins: ['output'],
  main: 0,
  hints: new Map([[5, ['memory[ap] = segments.add()']]]),
};
/** Hints of the program, which has no variables. */
const registry = ({ hints }: CairoProgram) =>
  zeroHintRegistry({
    hints: Object.fromEntries(
      [...hints].map(([pc, codes]) => [
        pc,
        codes.map((code) => ({
          code,
          accessible_scopes: [],
          flow_tracking_data: { ap_tracking: { group: 0, offset: 0 }, reference_ids: {} },
        })),
      ]),
    ),
    reference_manager: { references: [] },
    identifiers: {},
  });
const run = (program: CairoProgram, withTrace = true) =>
  runProgram({ program, hints: registry(program), maxSteps: 100, withTrace });

describe('Cairo Zero programs', () => {
  it('run from main to its return', () => {
    const result = run(PROGRAM);
    expect(result.output).toEqual([42n]);
    expect(result.resources).toMatchObject({ steps: 5, builtins: { output: 1 } });
    // program 8, execution 6, output 1, return fp 0, end 0, new segment 0
    expect(relocationTable(result.memory.sizes())).toEqual([1, 9, 15, 16, 16, 16]);
    const trace = new DataView(traceFile(result.machine).buffer);
    expect(trace.byteLength).toBe(5 * 24);
    const entry = (i: number) => [0, 8, 16].map((o) => Number(trace.getBigUint64(24 * i + o, true)));
    expect([entry(0), entry(1), entry(4)]).toEqual([
      [12, 12, 1],
      [13, 12, 3],
      [15, 12, 8],
    ]);
    const cells = new DataView(memoryFile(result.memory).buffer);
    expect(cells.byteLength).toBe((8 + 6 + 1) * 40);
    const cell = (i: number) => [
      Number(cells.getBigUint64(40 * i, true)),
      cells.getBigUint64(40 * i + 8, true),
    ];
    expect(cell(8)).toEqual([9, 15n]);
    expect(cell(14)).toEqual([15, 42n]);
  });
  it('name a missing hint when they reach it', () => {
    const hints = new Map([[5, ['ids.x = 1']]]);
    expect(() => run({ ...PROGRAM, hints })).toThrow(/no hint with this text: "ids.x = 1"/);
    expect(run({ ...PROGRAM, hints: new Map([[1, ['never reached']]]) }).output).toEqual([42n]);
  });
  it('must return where their builtin segments end', () => {
    expect(() => run({ ...PROGRAM, data: [...WORDS.slice(0, 4), 0n, ...WORDS.slice(5)] })).toThrow(
      /output ends at 2:0/,
    );
  });
  it('have no trace unless asked', () =>
    expect(() => traceFile(run(PROGRAM, false).machine)).toThrow(/without trace/));
  it('are read from compiled JSON', () => {
    const json = {
      prime: formatFelt(PRIME),
      data: WORDS.map(formatFelt),
      builtins: ['output'],
      hints: { 5: [{ code: 'memory[ap] = segments.add()' }] },
      identifiers: { '__main__.main': { pc: 0, type: 'function' } },
    };
    expect(parseCairoProgram(json)).toEqual(PROGRAM);
    for (const bad of [
      {},
      { ...json, prime: '0x7' },
      { ...json, identifiers: {} },
      { ...json, builtins: ['x'] },
      null,
    ])
      expect(() => parseCairoProgram(bad)).toThrow(/not a compiled Cairo Zero program/);
  });
});

describe('trace and memory files', () => {
  const push = (value: bigint) => [word({}), value];
  // The programs of lambdaclass/cairo-vm, cairo_programs/, assembled by hand; digests of the runs of cairo-lang
  // 0.14.0.1, which writes memory in the order cells were set: ours is by address, `setOrder` says theirs.
  const programs: {
    name: string;
    data: bigint[];
    builtins: CairoProgram['builtins'];
    main: number;
    trace: string;
    memory: string;
    setOrder?: number[];
  }[] = [
    {
      name: 'struct',
      data: [RET],
      builtins: [],
      main: 0,
      trace: 'dc3e1dc615e98707f74a56e9287f53284316d4aa69251e3af1bbd12022ca18c7',
      memory: 'bd9644440a77f78b7188b030968a4e03635d6cefaf18a9543a62e06125591cdf',
    },
    {
      name: 'memory_holes',
      data: [word({ offDst: 5, apUpdate: 'regular' }), 1n, RET],
      builtins: [],
      main: 0,
      trace: '376148fb47d1c58e47a2dd0d576b3b843e5cef2f2985196a407f0ce43f25f46e',
      memory: 'b7fe07c4ab34fa89a7b0907ba5e848f8882e055b587bb3bb2dc77c44cbb3da9a',
    },
    {
      name: 'function_return',
      data: [
        ...push(5n),
        RET,
        word({ offOp0: 1, op0Register: 'AP', opcode: 'call', apUpdate: 'add2', pcUpdate: 'jumpRel' }),
        PRIME - 3n,
        RET,
      ],
      builtins: [],
      main: 3,
      trace: '4701ef2343db8215cd276d9752ee7904a4a5444fe70cd14ac24012d031c24657',
      memory: '7ccac1ce258b5d7a839e5d7970a3b91efaf68c54843bac346310c8f529262cec',
    },
    {
      name: 'poseidon_builtin',
      data: [
        ...[1n, 2n, 3n, ...hadesPermutation(1n, 2n, 3n)].flatMap((value, offset) => [
          ...push(value),
          word({ offDst: -1, op1Source: 'op0', offOp0: -3, offOp1: offset, apUpdate: 'regular' }),
        ]),
        word({ res: 'add', offOp0: -3 }),
        6n,
        RET,
      ],
      builtins: ['poseidon'],
      main: 0,
      trace: 'c971d1bcdbd0b96233d9765dcdc5668e4993838c580203817bdbabe5f4c4a164',
      memory: '430defcb496f148678abd3f9c0cf402dd1dd6dfdf9272ac15db55d29f8bc59e0',
      // Program and stack, then each pushed value and the builtin cell it is compared with, then the returned pointer.
      setOrder: [...Array(24).keys(), ...[0, 1, 2, 3, 4, 5].flatMap((i) => [24 + i, 31 + i]), 30],
    },
  ];
  for (const { name, trace, memory, setOrder, ...program } of programs)
    it(`of ${name} are those of the reference`, () => {
      const result = run({ ...program, hints: new Map() });
      const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
      const cells = memoryFile(result.memory);
      const ordered =
        setOrder === undefined
          ? cells
          : Buffer.concat(setOrder.map((i) => cells.subarray(40 * i, 40 * i + 40)));
      expect([sha256(traceFile(result.machine)), sha256(ordered)]).toEqual([trace, memory]);
    });
});
