import { hasCode } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { compileZero } from './compileZero.ts';
import type { ZeroErrorCode } from './zeroError.ts';

const MODULES: Record<string, string> = {
  'cycle.a': 'from cycle.b import x\n',
  'cycle.b': 'from cycle.a import y\n',
  'lang.star': '%lang starknet\nconst A = 1;\n',
  plain: 'const A = 1;\nfunc used() {\n    ret;\n}\n',
};

function failure(source: string) {
  try {
    compileZero({
      main: { path: 'main.cairo', source },
      readModule: (name) =>
        MODULES[name] === undefined ? undefined : { path: `${name}.cairo`, source: MODULES[name] },
    });
  } catch (error) {
    return error as Error & { code: string; details: { line: number; column: number; reason: string } };
  }
  throw new Error('it compiles');
}

const inMain = (...lines: string[]) =>
  ['func main() {', ...lines.map((it) => `    ${it}`), '}', ''].join('\n');
const WITH_UNKNOWN = `func unknown(n) {\n    if (n == 0) {\n        return ();\n    }\n    return unknown(n - 1);\n}\n`;

// Lines and columns are those of cairo-lang 0.14.0.1.
const CASES: [what: string, code: ZeroErrorCode, line: number, column: number, source: string][] = [
  ['an unclosed hint', 'ZERO_SYNTAX', 2, 5, inMain('%{ x = 1', 'ret;')],
  ['an unclosed string', 'ZERO_SYNTAX', 2, 25, inMain('with_attr error_msg("x) {', '}', 'ret;')],
  ['an unclosed parenthesis', 'ZERO_SYNTAX', 2, 19, inMain('let x = (1 + 2;', 'ret;')],
  ['an unclosed block', 'ZERO_SYNTAX', 2, 9, 'func main() {\n    ret;\n'],
  ['a missing semicolon', 'ZERO_SYNTAX', 2, 8, inMain('ret')],
  ['two statements on a line', 'ZERO_SYNTAX', 2, 10, inMain('ret; ret;')],
  ['a keyword as a name', 'ZERO_SYNTAX', 1, 6, 'func abs() {\n    ret;\n}\n'],
  ['a strange character', 'ZERO_SYNTAX', 1, 11, 'const A = €;\n'],
  ['a long short string', 'ZERO_SYNTAX', 1, 11, "const A = '12345678901234567890123456789012';\n"],
  ['two commas', 'ZERO_SYNTAX', 2, 16, inMain('let x = (1,, 2);', 'ret;')],
  ['a jump on another number than 0', 'ZERO_SYNTAX', 3, 5, inMain('a:', 'jmp a if [ap] != 1;')],
  ['else after and', 'ZERO_SYNTAX', 2, 5, inMain('if (1 == 1 and 2 == 2) {', '} else {', '}', 'ret;')],
  ['a missing module', 'ZERO_MODULE_NOT_FOUND', 1, 6, 'from no.such.module import x\n'],
  ['a missing name in a module', 'ZERO_IMPORT', 1, 19, 'from plain import missing\n'],
  ['an unknown name', 'ZERO_UNKNOWN_IDENTIFIER', 2, 12, inMain('[ap] = unknown, ap++;', 'ret;')],
  ['an unknown type', 'ZERO_UNKNOWN_IDENTIFIER', 1, 14, 'func main(x: Missing) {\n    ret;\n}\n'],
  ['an unknown label', 'ZERO_UNKNOWN_IDENTIFIER', 2, 9, inMain('jmp nowhere;')],
  ['a constant twice', 'ZERO_REDEFINITION', 2, 7, 'const A = 1;\nconst A = 2;\n'],
  ['a member twice', 'ZERO_REDEFINITION', 3, 5, 'struct S {\n    a: felt,\n    a: felt,\n}\n'],
  ['an argument that is implicit too', 'ZERO_REDEFINITION', 1, 14, 'func main{x}(x) {\n    ret;\n}\n'],
  ['use before definition', 'ZERO_WRONG_IDENTIFIER', 1, 11, 'const A = B;\nconst B = 1;\n'],
  ['a constant that is called', 'ZERO_WRONG_IDENTIFIER', 3, 5, `const A = 1;\n${inMain('A(1);', 'ret;')}`],
  ['a type before its definition', 'ZERO_WRONG_IDENTIFIER', 1, 11, 'using A = B;\nusing B = felt;\n'],
  ['a member of a constant', 'ZERO_WRONG_IDENTIFIER', 2, 11, 'const A = 1;\nconst B = A.x;\n'],
  [
    'a revoked reference',
    'ZERO_REVOKED_REFERENCE',
    10,
    16,
    WITH_UNKNOWN + inMain('tempvar x = 1;', 'unknown(3);', 'assert 1 = x;', 'ret;'),
  ],
  [
    'a reference of one branch',
    'ZERO_REVOKED_REFERENCE',
    5,
    12,
    inMain('if ([fp] == 0) {', '    tempvar x = 1;', '}', 'assert x = 1;', 'ret;'),
  ],
  [
    'a call that moves ap in an expression',
    'ZERO_REVOKED_REFERENCE',
    6,
    19,
    `func get(n) -> felt {\n    ap += [fp - 3];\n    return n;\n}\n${inMain('assert [fp] = get(1) + 2;', 'ret;')}`,
  ],
  ['a hint in a reference', 'ZERO_INVALID_REFERENCE', 2, 13, inMain('let x = nondet %{ 1 %};', 'ret;')],
  ['the name _', 'ZERO_INVALID_REFERENCE', 2, 9, inMain('let _ = 5;', 'ret;')],
  ['a felt for a pointer', 'ZERO_TYPE', 2, 12, inMain('let x: felt* = 5;', 'ret;')],
  ['two pointers added', 'ZERO_TYPE', 3, 12, inMain('let p = cast(0, felt*);', 'assert p + p = p;', 'ret;')],
  ['a rebound type', 'ZERO_TYPE', 3, 9, inMain('let x = 5;', 'let x = cast(0, felt*);', 'ret;')],
  ['a member of a felt', 'ZERO_TYPE', 3, 12, inMain('let x = 5;', 'assert x.y = 5;', 'ret;')],
  ['a tuple index', 'ZERO_TYPE', 2, 12, inMain('assert (1, 2)[2] = 5;', 'ret;')],
  ['a return value', 'ZERO_TYPE', 2, 12, inMain('return (1,);')],
  ['unlike sides', 'ZERO_TYPE', 2, 5, inMain('assert (1, 2) = 3;', 'ret;')],
  ['a tuple half named', 'ZERO_TYPE', 1, 11, 'using T = (a: felt, felt);\n'],
  ['an address of a value', 'ZERO_TYPE', 2, 13, inMain('let x = 5;', 'assert 0 = &x;', 'ret;')],
  ['too few arguments', 'ZERO_ARGUMENTS', 8, 5, WITH_UNKNOWN + inMain('unknown();', 'ret;')],
  ['a wrong argument name', 'ZERO_ARGUMENTS', 8, 13, WITH_UNKNOWN + inMain('unknown(m=1);', 'ret;')],
  [
    'an unused implicit binding',
    'ZERO_ARGUMENTS',
    9,
    13,
    WITH_UNKNOWN + inMain('let x = 1;', 'unknown{m=x}(1);', 'ret;'),
  ],
  [
    'an implicit argument without with',
    'ZERO_ARGUMENTS',
    1,
    8,
    `func f{x}() {\n    return ();\n}\n${inMain('let x = 1;', 'f();', 'ret;')}`,
  ],
  ['a nested function', 'ZERO_FUNCTION', 2, 10, inMain('func inner() {', '}', 'ret;')],
  ['a function without end', 'ZERO_FUNCTION', 1, 6, inMain('[ap] = 1, ap++;')],
  ['a decorator', 'ZERO_FUNCTION', 1, 2, `@external\n${inMain('ret;')}`],
  [
    'an ap change that is not known',
    'ZERO_FUNCTION',
    1,
    2,
    `@known_ap_change\n${inMain('ap += [fp - 3];', 'ret;')}`,
  ],
  ['return outside of a function', 'ZERO_FUNCTION', 1, 1, 'return ();\n'],
  ['new outside of a function', 'ZERO_FUNCTION', 1, 9, 'let x = new 5;\n'],
  ['locals without alloc_locals', 'ZERO_LOCALS', 2, 5, inMain('local x = 5;', 'ret;')],
  ['a late alloc_locals', 'ZERO_LOCALS', 3, 5, inMain('[ap] = 1, ap++;', 'alloc_locals;', 'ret;')],
  ['a local outside of a function', 'ZERO_LOCALS', 1, 1, 'local x = 5;\n'],
  ['a constant of the machine', 'ZERO_CONSTANT', 1, 11, 'const A = [fp];\n'],
  ['a division by zero', 'ZERO_CONSTANT', 1, 16, 'const A = 1 / (2 - 2);\n'],
  ['a negative exponent', 'ZERO_CONSTANT', 1, 11, 'const A = 2 ** (-1);\n'],
  ['a false static_assert', 'ZERO_CONSTANT', 1, 1, 'static_assert 1 + 1 == 3;\n'],
  ['an instruction that is none', 'ZERO_INSTRUCTION', 2, 19, inMain('[ap] = [fp] + [fp] * 2;', 'ret;')],
  ['a far offset', 'ZERO_INSTRUCTION', 2, 18, inMain('[ap] = [fp + 32768];', 'ret;')],
  ['ap++ after ret', 'ZERO_INSTRUCTION', 2, 5, inMain('ret, ap++;')],
  ['ap as a value', 'ZERO_INSTRUCTION', 2, 19, inMain('assert [fp] = ap + 1;', 'ret;')],
  ['fp as a value', 'ZERO_INSTRUCTION', 2, 19, inMain('assert [fp] = fp + 1;', 'ret;')],
  ['a hint before a label', 'ZERO_HINT', 2, 5, inMain('%{ 1 %}', 'here:', 'ret;')],
  ['a hint at the end of a block', 'ZERO_HINT', 3, 5, inMain('ret;', '%{ 1 %}')],
  ['a late directive', 'ZERO_DIRECTIVE', 2, 1, 'const A = 1;\n%builtins output\n'],
  ['a builtin twice', 'ZERO_DIRECTIVE', 1, 1, '%builtins output output\n'],
  ['two lists of builtins', 'ZERO_DIRECTIVE', 2, 1, '%builtins output\n%builtins ecdsa\n'],
  ['a language', 'ZERO_DIRECTIVE', 1, 1, '%lang starknet\n'],
  ['a module of a language', 'ZERO_DIRECTIVE', 1, 6, 'from lang.star import A\n'],
];

describe('a program that does not compile', () => {
  it.each(CASES)('%s', (_, code, line, column, source) => {
    const error = failure(source);
    expect([error.code, error.details.line, error.details.column]).toEqual([code, line, column]);
  });

  it('shows the place', () => {
    expect(failure(inMain('let x = 5;', 'assert x.y = [ap];', 'ret;')).message).toBe(
      [
        "main.cairo:3:12: Cannot apply dot-operator to non-struct type 'felt'.",
        '    assert x.y = [ap];',
        '           ^*^',
      ].join('\n'),
    );
  });

  it('shows the way to the place, and what else matters', () => {
    const source =
      WITH_UNKNOWN + inMain('let x = [ap - 1];', 'let y = x + 1;', 'unknown(2);', '[ap] = y;', 'ret;');
    expect(failure(source).message).toBe(
      [
        "main.cairo:11:12: Reference 'y' was revoked.",
        '    [ap] = y;',
        '           ^',
        'Reference was defined here:',
        'main.cairo:9:9',
        '    let y = x + 1;',
        '        ^',
      ].join('\n'),
    );
    expect(failure(inMain('let y = [fp] + [fp - 1] * [fp];', '[ap] = y;', 'ret;')).message).toBe(
      [
        "main.cairo:3:12: While expanding the reference 'y' in:",
        '    [ap] = y;',
        '           ^',
        'main.cairo:2:20: Expected a constant expression or a dereference expression.',
        '    let y = [fp] + [fp - 1] * [fp];',
        '                   ^*************^',
      ].join('\n'),
    );
  });

  it('names the modules of an import cycle', () => {
    const error = failure('from cycle.a import y\n');
    expect(error.code).toBe('ZERO_IMPORT_CYCLE' satisfies ZeroErrorCode);
    expect(error.details.reason).toMatch(/cycle\.a imports\ncycle\.b imports\ncycle\.a$/);
  });

  it.each([
    ['too few arguments', inMain('ret;')],
    ['a wrong name', 'func main{pedersen_ptr}() {\n    ret;\n}\n'],
    ['a value returned', 'func main{output_ptr}() -> (x: felt) {\n    ret;\n}\n'],
    ['no tuple returned', 'func main{output_ptr}() -> felt {\n    ret;\n}\n'],
  ])('refuses a main that does not fit the builtins: %s', (_, main) => {
    expect(hasCode(failure(`%builtins output\n${main}`), 'ZERO_MAIN')).toBe(true);
  });
});
