import { readFileSync } from 'node:fs';
import { CairnError } from '@cairn/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileZero } from './compileZero.ts';
import { tokenize } from './parser/lexer.ts';
import { writeProgram } from './writeProgram.ts';

const PROGRAMS = ['values', 'control', 'functions', 'revoked', 'running'].map((name) =>
  readFileSync(new URL(`fixtures/${name}.cairo`, import.meta.url), 'utf8'),
);

/** The code of the error a program fails with; undefined when it compiles. */
function outcome(source: string): string | undefined {
  try {
    writeProgram(compileZero({ main: { path: 'main.cairo', source }, readModule: () => undefined }));
    return undefined;
  } catch (error) {
    if (error instanceof CairnError && error.code.startsWith('ZERO_')) return error.code;
    throw error;
  }
}

const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');
const inMain = (body: string) => `func main() {\n${body}\nret;\n}\n`;

describe('hostile programs', () => {
  it.each<[string, string]>([
    ['parentheses', inMain(`let x = ${'('.repeat(100_000)}`)],
    ['brackets', inMain(`assert ${'['.repeat(5_000)}fp${']'.repeat(5_000)} = 1;`)],
    ['signs', inMain(`let x = ${'-'.repeat(20_000)}1;`)],
    ['a long sum', inMain(`let x = ${'1 + '.repeat(50_000)}1;`)],
    ['a tower of powers', inMain(`let x = 2${' ** 2'.repeat(5_000)};`)],
    ['a large exponent', inMain('let x = 2 ** 2 ** 2 ** 2 ** 100;')],
    ['a large index', inMain('let x = (1, 2)[2 ** 999999999999];')],
    ['pointers', `using P = felt${'*'.repeat(100_000)};\n`],
    ['tuples in tuples', `using P = ${'('.repeat(100_000)}\n`],
    [
      'doubling types',
      `using T0 = (felt, felt);\n${lines(60, (i) => `using T${i + 1} = (T${i}, T${i});`)}\n`,
    ],
    [
      'doubling structs',
      `struct S0 {\n a: felt,\n}\n${lines(60, (i) => `struct S${i + 1} {\n a: S${i},\n b: S${i},\n}`)}\n`,
    ],
    ['doubling references', inMain(`let x0 = [fp];\n${lines(60, (i) => `let x${i + 1} = x${i} * x${i};`)}`)],
    [
      'doubling tuples',
      inMain(`let x0 = ([fp], 1);\n${lines(60, (i) => `let x${i + 1} = (x${i}, x${i});`)}`),
    ],
    ['references in a row', inMain(`let x = [fp];\n${lines(5_000, () => 'let x = [fp] * x;')}`)],
    [
      'many uses of a large reference',
      inMain(`let x = [fp]${' * [fp]'.repeat(300)};\nassert x = ${'x + '.repeat(300)}1;`),
    ],
    ['blocks in blocks', inMain(`${'if (1 == 1) {\n'.repeat(10_000)}`)],
    ['conditions', inMain(`if (${'1 == 1 and '.repeat(10_000)}1 == 1) {\n}`)],
    ['namespaces in namespaces', 'namespace a {\n'.repeat(10_000)],
    ['a far ap', inMain('ap += 2 ** 200;')],
  ])('are refused: %s', (_, source) => {
    expect(['ZERO_TOO_COMPLEX', 'ZERO_SYNTAX']).toContain(outcome(source));
  });

  it('are compiled where they are merely long', () => {
    expect(outcome(inMain(lines(5_000, (i) => `[ap] = ${i}, ap++;`)))).toBeUndefined();
    const merges = lines(1_000, () => 'if ([fp] == 0) {\n tempvar x = x;\n} else {\n tempvar x = x;\n}');
    expect([undefined, 'ZERO_TOO_COMPLEX']).toContain(outcome(inMain(`tempvar x = 1;\n${merges}`)));
  });

  it('never fail but with a code, whatever tokens are exchanged', () => {
    const tokens = PROGRAMS.map((source) => tokenize('x', source).map(({ text }) => text));
    const all = tokens.flat();
    const edit = fc.record({
      at: fc.nat(),
      count: fc.nat({ max: 3 }),
      insert: fc.array(fc.nat(), { maxLength: 3 }),
    });
    const check = (program: number, edits: { at: number; count: number; insert: number[] }[]) => {
      const text = [...tokens[program]!];
      for (const { at, count, insert } of edits)
        text.splice(at % text.length, count, ...insert.map((i) => all[i % all.length]!));
      outcome(text.join(' '));
    };
    fc.assert(
      fc.property(
        fc.nat({ max: PROGRAMS.length - 1 }),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        check,
      ),
      { numRuns: 300 },
    );
  });

  it('never fail but with a code, whatever lines are exchanged', () => {
    const split = PROGRAMS.map((source) => source.split('\n'));
    const all = split.flat();
    const move = fc.record({ at: fc.nat(), count: fc.nat({ max: 1 }), insert: fc.option(fc.nat()) });
    fc.assert(
      fc.property(
        fc.nat({ max: PROGRAMS.length - 1 }),
        fc.array(move, { minLength: 1, maxLength: 5 }),
        (program, moves) => {
          const text = [...split[program]!];
          for (const { at, count, insert } of moves)
            text.splice(at % text.length, count, ...(insert === null ? [] : [all[insert % all.length]!]));
          outcome(text.join('\n'));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never fail but with a code, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void outcome(text)));
  });
});
