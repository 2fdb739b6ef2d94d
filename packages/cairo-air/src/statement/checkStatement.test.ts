import { PRIME } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { honestWitness } from '../testing/forgery.ts';
import { callBuiltin, runMain } from '../testing/programs.ts';
import type { CairoStatement, SegmentBounds } from './cairoStatement.ts';
import { heightFault, statementFault } from './checkStatement.ts';
import { decodeProofFile, encodeProofFile } from './proofFile.ts';

const { layout, statement, ids, trace } = honestWitness(
  runMain(['output', 'bitwise'], callBuiltin([12n, 10n], 5, 3)),
);
const heights = trace.map((table) => table.logHeight);

const withBuiltin = (name: string, change: Partial<SegmentBounds>): Partial<CairoStatement> => ({
  builtins: statement.builtins.map((builtin) =>
    builtin.name === name ? { ...builtin, ...change } : builtin,
  ),
});
const bounds = (name: string) =>
  [...statement.builtins, ...statement.unusedBuiltins].find((b) => b.name === name)!;
const program = (at: number, value: bigint) => ({ program: statement.program.with(at, value) });
const [output, bitwise, unused] = ['output', 'bitwise', 'range_check'].map(bounds) as [
  SegmentBounds,
  SegmentBounds,
  SegmentBounds,
];

describe('a statement', () => {
  it('of an honest run is right', () => {
    expect(statementFault(statement, layout)).toBeUndefined();
    expect(heightFault(statement, layout, heights)).toBeUndefined();
  });
  const faults: [string, Partial<CairoStatement>, RegExp][] = [
    ['a word that is no felt', program(9, PRIME), /no felt/],
    ['a negative word', program(9, -1n), /no felt/],
    ['an output that is no felt', { output: [PRIME] }, /no felt/],
    [
      'an entry outside of the program',
      { entryOffset: statement.program.length - 5 },
      /outside of the program/,
    ],
    ['another entry', { entryOffset: 6 }, /entry is not/],
    ['an entry that moves ap otherwise', program(1, 3n), /entry is not/],
    ['an entry without call', program(2, 5n), /entry is not/],
    ['an entry that goes on', program(5, 1n), /entry is not/],
    ['builtins out of order', { builtins: [bitwise, output] }, /out of order/],
    ['a builtin twice', { builtins: [output, output] }, /out of order/],
    ['a builtin that is none', { builtins: [output, { ...bitwise, name: 'ecdsa' }] }, /out of order/],
    ['a builtin of another layout', { builtins: [output, { ...bitwise, name: 'poseidon' }] }, /not proven/],
    ['a builtin of the layout left out', { unusedBuiltins: [] }, /missing/],
    ['an ap that is no address', { initialAp: 2 ** 27 }, /no address/],
    ['a program that reaches into the stack', { initialAp: statement.program.length + 2 }, /reaches into/],
    ['a stack that ends before it begins', { finalAp: statement.initialAp + 3 }, /too short/],
    ['a stop before the start', withBuiltin('output', { stop: output.start - 1 }), /no segment/],
    ['a stop outside of memory', withBuiltin('bitwise', { stop: 2 ** 27 }), /no segment/],
    [
      'a segment in the stack',
      withBuiltin('output', { start: statement.finalAp - 1 }),
      /before its predecessor/,
    ],
    [
      'segments that overlap',
      withBuiltin('bitwise', { start: output.start, stop: output.start + 5 }),
      /before its/,
    ],
    ['a part of an instance', withBuiltin('bitwise', { stop: bitwise.stop - 1 }), /within an instance/],
    [
      'an unused builtin that is used',
      {
        unusedBuiltins: statement.unusedBuiltins.map((b) => (b === unused ? { ...b, stop: b.stop + 1 } : b)),
      },
      /is used/,
    ],
    ['more output than its segment has', { output: [...statement.output, 1n] }, /output has/],
    ['no output', { output: [] }, /output has/],
  ];
  it.each(faults)('with %s is refused', (_name, change, message) => {
    expect(statementFault({ ...statement, ...change }, layout)).toMatch(message);
  });
  it('can not have more instances than rows, nor overlap once filled up', () => {
    const many = { ...statement, ...withBuiltin('bitwise', { stop: bitwise.start + 5 * 17 }) };
    expect(heightFault(many, layout, heights)).toMatch(/more instances/);
    const close = {
      ...statement,
      unusedBuiltins: statement.unusedBuiltins.map((b) =>
        b === unused ? { ...b, start: bitwise.start + 5, stop: bitwise.start + 5 } : b,
      ),
    };
    expect(heightFault(close, layout, heights)).toMatch(/overlap/);
    const far = { ...statement, ...withBuiltin('bitwise', { start: 2 ** 27 - 10, stop: 2 ** 27 - 5 }) };
    expect(heightFault(far, layout, heights)).toMatch(/outside of memory/);
  });
});

describe('a proof file', () => {
  const file = { layoutName: 'core+bitwise narrow', statement, ids, stark: Uint8Array.of(1, 2, 3) };
  it('is read as it was written', () => {
    expect(decodeProofFile(encodeProofFile(file))).toEqual(file);
  });
  it('that ends early is none', () => {
    const bytes = encodeProofFile({ ...file, stark: new Uint8Array(0) });
    for (let length = 0; length < bytes.length; length += 7)
      expect(decodeProofFile(bytes.subarray(0, length))).toBeUndefined();
  });
  it('of another version is none', () => {
    expect(decodeProofFile(encodeProofFile(file).with(11, 2))).toBeUndefined();
  });
});
