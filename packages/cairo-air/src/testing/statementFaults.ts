import { PRIME } from '@cairn/primitives';
import type { CairoWitness } from '../proveCairo.ts';
import type { CairoStatement, SegmentBounds } from '../statement/cairoStatement.ts';
import { honestWitness } from './forgery.ts';
import { callBuiltin, runMain } from './programs.ts';

/** A statement that means nothing, and what is wrong with it. */
export type StatementFault = readonly [name: string, change: Partial<CairoStatement>, message: RegExp];

/** An honest run whose layout has a builtin that main takes and some that it does not. */
export function bitwiseWitness(): CairoWitness {
  return honestWitness(runMain(['output', 'bitwise'], callBuiltin([12n, 10n], 5, 3)));
}

const bounds = (statement: CairoStatement, name: string) =>
  [...statement.builtins, ...statement.unusedBuiltins].find((b) => b.name === name)!;
const withBuiltin = (
  statement: CairoStatement,
  name: string,
  change: Partial<SegmentBounds>,
): Partial<CairoStatement> => ({
  builtins: statement.builtins.map((builtin) =>
    builtin.name === name ? { ...builtin, ...change } : builtin,
  ),
});

/** Changes of the statement of `bitwiseWitness`, one for each check at least, that make it wrong at any heights. */
export function statementFaults(statement: CairoStatement): StatementFault[] {
  const program = (at: number, value: bigint) => ({ program: statement.program.with(at, value) });
  const [output, bitwise, unused] = ['output', 'bitwise', 'range_check'].map((name) =>
    bounds(statement, name),
  ) as [SegmentBounds, SegmentBounds, SegmentBounds];
  return [
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
    ['an entry that begins otherwise', program(0, statement.program[2]!), /entry is not/],
    ['an entry that ends otherwise', program(4, statement.program[2]!), /entry is not/],
    [
      'builtins out of order behind the output',
      {
        ...program(1, 3n),
        builtins: [output, bitwise, unused],
        unusedBuiltins: statement.unusedBuiltins.filter((b) => b !== unused),
      },
      /out of order/,
    ],
    [
      'a builtin of another layout beside all of its own',
      {
        builtins: [output, { ...bitwise, name: 'poseidon' }],
        unusedBuiltins: statement.unusedBuiltins.toSpliced(1, 0, { ...bitwise, start: bitwise.stop }),
      },
      /not proven/,
    ],
    [
      'unused builtins out of order',
      { unusedBuiltins: statement.unusedBuiltins.toReversed() },
      /are missing/,
    ],
    [
      'a last segment outside of memory',
      {
        unusedBuiltins: statement.unusedBuiltins.with(-1, {
          ...statement.unusedBuiltins.at(-1)!,
          start: 2 ** 27,
          stop: 2 ** 27,
        }),
      },
      /no segment/,
    ],
    ['builtins out of order', { builtins: [bitwise, output] }, /out of order/],
    ['a builtin twice', { builtins: [output, output] }, /out of order/],
    ['a builtin that is none', { builtins: [output, { ...bitwise, name: 'ecdsa' }] }, /out of order/],
    ['a builtin of another layout', { builtins: [output, { ...bitwise, name: 'poseidon' }] }, /not proven/],
    ['a builtin of the layout left out', { unusedBuiltins: [] }, /missing/],
    ['an ap that is no address', { initialAp: 2 ** 27 }, /no address/],
    ['a program that reaches into the stack', { initialAp: statement.program.length + 2 }, /reaches into/],
    ['a stack that ends before it begins', { finalAp: statement.initialAp + 3 }, /too short/],
    ['a stop before the start', withBuiltin(statement, 'output', { stop: output.start - 1 }), /no segment/],
    ['a stop outside of memory', withBuiltin(statement, 'bitwise', { stop: 2 ** 27 }), /no segment/],
    [
      'a segment in the stack',
      withBuiltin(statement, 'output', { start: statement.finalAp - 1 }),
      /before its predecessor/,
    ],
    [
      'segments that overlap',
      withBuiltin(statement, 'bitwise', { start: output.start, stop: output.start + 5 }),
      /before its/,
    ],
    [
      'a part of an instance',
      withBuiltin(statement, 'bitwise', { stop: bitwise.stop - 1 }),
      /within an instance/,
    ],
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
}

/** Statements that are wrong at the heights of `bitwiseWitness`. */
export function heightFaults(statement: CairoStatement): StatementFault[] {
  const [bitwise, unused] = ['bitwise', 'range_check'].map((name) => bounds(statement, name)) as [
    SegmentBounds,
    SegmentBounds,
  ];
  return [
    [
      'more instances than rows',
      withBuiltin(statement, 'bitwise', { stop: bitwise.start + 5 * 17 }),
      /more instances/,
    ],
    [
      'segments that overlap once filled up',
      {
        unusedBuiltins: statement.unusedBuiltins.map((b) =>
          b === unused ? { ...b, start: bitwise.start + 5, stop: bitwise.start + 5 } : b,
        ),
      },
      /overlap/,
    ],
    [
      'a segment that ends outside of memory once filled up',
      withBuiltin(statement, 'bitwise', { start: 2 ** 27 - 10, stop: 2 ** 27 - 5 }),
      /outside of memory/,
    ],
  ];
}
