import { describe, expect, it } from 'vitest';
import { writeJson } from './writeJson.ts';

describe('writeJson', () => {
  it('lays out as the tools of the ecosystem do', () => {
    const value = {
      b: [],
      a: [1, 2n ** 70n, null],
      c: {},
      d: new Map([
        ['10', 'é"\n'],
        ['9', '\u007f😀'],
      ]),
    };
    expect(writeJson(value)).toBe(
      [
        '{',
        '    "a": [',
        '        1,',
        '        1180591620717411303424,',
        '        null',
        '    ],',
        '    "b": [],',
        '    "c": {},',
        '    "d": {',
        '        "10": "\\u00e9\\"\\n",',
        '        "9": "\\u007f\\ud83d\\ude00"',
        '    }',
        '}',
        '',
      ].join('\n'),
    );
  });
});
