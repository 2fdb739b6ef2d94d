import { describe, expect, it } from 'vitest';
import { formatType } from '../ast/cairoType.ts';
import { spanPosition } from '../sourceSpan.ts';
import { hintCode } from './hintCode.ts';
import { tokenize } from './lexer.ts';
import { parseFile } from './parseStatement.ts';
import { parseType } from './parseType.ts';
import { TokenStream } from './tokenStream.ts';

describe('tokenize', () => {
  it('tells the kinds apart', () => {
    const kinds = tokenize('x', 'let a_1 = 0x1F ** \'b\'; // c\n%{ h\n %} "s" %builtins').map(
      ({ kind, text }) => `${kind} ${text}`,
    );
    expect(kinds).toEqual([
      'keyword let',
      'identifier a_1',
      'symbol =',
      'integer 0x1F',
      'symbol **',
      "shortString 'b'",
      'symbol ;',
      'comment // c',
      'newline \n',
      'hint %{ h\n %}',
      'string "s"',
      'symbol %builtins',
      'newline \n',
      'end ',
    ]);
  });

  it('stops at what is no token', () => {
    expect(tokenize('x', 'a ? b').map(({ kind }) => kind)).toEqual(['identifier', 'invalid']);
  });
});

describe('parseFile', () => {
  it('knows where things stand', () => {
    const [first, second] = parseFile('x', '// c\nconst A = 1 +\n  2;\n  ret;\n');
    expect(spanPosition(first!.span)).toEqual({ line: 2, column: 1, endLine: 3, endColumn: 5 });
    expect(spanPosition(second!.span)).toEqual({ line: 4, column: 3, endLine: 4, endColumn: 6 });
  });

  it('reads every kind of statement', () => {
    const source = [
      '%builtins output',
      'from a.b import c as d, e',
      'using T = (a: felt, b: felt*);',
      'const A = 1;',
      'struct S {',
      '    m: T,  // comment',
      '}',
      '@known_ap_change',
      'func f{',
      '    i: felt,',
      '}(a, b: S*) -> (',
      '    r: felt',
      ') {',
      '    alloc_locals;',
      '    let x = 5;',
      '    let y = f(1, b=2);',
      '    let z = call f;',
      '    let (p, local q: felt) = f();',
      '    local l: felt = x;',
      '    tempvar t;',
      '    assert x = 5;',
      '    static_assert A == 1;',
      '    with_attr note("a" "b") {',
      '    }',
      '    with x, y {',
      '    }',
      '    if (x == 1 and y != 2) {',
      '    }',
      '    f(1);',
      '    here:',
      '    %{ hint %}',
      '    [ap] = 1, ap++;',
      '    return f(2);',
      '    return (r=1);',
      '}',
      'namespace n {',
      '}',
    ].join('\n');
    const kinds = (block: ReturnType<typeof parseFile>): unknown[] =>
      block.map((it) => (it.kind === 'function' ? kinds(it.body) : it.kind));
    expect(kinds(parseFile('x', source))).toEqual([
      'builtins',
      'import',
      'typeAlias',
      'const',
      'struct',
      [
        'allocLocals',
        'reference',
        'callReference',
        'callReference',
        'unpack',
        'local',
        'tempvar',
        'assert',
        'staticAssert',
        'withAttribute',
        'with',
        'if',
        'call',
        'label',
        'hint',
        'instruction',
        'tailCall',
        'return',
      ],
      'namespace',
    ]);
  });
});

describe('parseType', () => {
  it.each(['felt', 'codeoffset*', 'a.b.C**', '(felt, b*)', '(a: felt, b: (felt,))', '()', '((),)'])(
    'reads %s',
    (text) => {
      expect(formatType(parseType(new TokenStream('x', text)))).toBe(text);
    },
  );
});

describe('hintCode', () => {
  it.each([
    ['%{ x = 1 %}', 'x = 1'],
    ['%{\n\n    if a:\n        b()\n\n    c()\n%}', 'if a:\n    b()\n\nc()'],
    ['%{%}', ''],
    ['%{   \n  %}', ''],
  ])('of %j is %j', (text, code) => {
    expect(hintCode(text)).toBe(code);
  });
});
