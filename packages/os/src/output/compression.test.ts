import { parseCairoProgram, runProgram } from '@cairn/cairo';
import type { Felt } from '@cairn/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libraryHintRegistry } from '../hints/libraryHintRegistry.ts';
import type { OsRun } from '../hints/osRun.ts';
import { outputHints } from '../hints/outputHints.ts';
import { compileJson } from '../testing/runZero.ts';
import { compress, decompress } from './compression.ts';

const PROGRAM = compileJson(`%builtins output range_check
from cairn.os.compression import compress

func main{output_ptr: felt*, range_check_ptr}() {
    alloc_locals;
    local data: felt* = nondet %{ test.data %};
    local length = nondet %{ test.length %};
    let (end) = compress(words=data, end=data + length, out=output_ptr);
    let output_ptr = end;
    return ();
}
`);

function compressInCairo(data: readonly Felt[]): Felt[] {
  const hints = libraryHintRegistry(PROGRAM, {
    ...outputHints({} as OsRun),
    'test.data': (h) => h.memory.allocate([...data]),
    'test.length': () => data.length,
  });
  return runProgram({ program: parseCairoProgram(PROGRAM), hints, maxSteps: 200_000 }).output;
}

const word = fc.oneof(
  ...[2n, 15n, 31n, 62n, 83n, 125n, 251n].map((bits) => fc.bigInt(0n, (1n << bits) - 1n)),
);

describe('compression in the OS', () => {
  it('writes what the encoder writes', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 120 }), (data) => {
        expect(compressInCairo(data)).toEqual(compress(data));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['one word', [5n]],
    ['one value many times', new Array<bigint>(300).fill(7n)],
    ['the bounds of all classes', [15n, 31n, 62n, 83n, 125n].flatMap((b) => [(1n << b) - 1n, 1n << b])],
    ['as many values as fill a word', Array.from({ length: 16 }, (_, i) => BigInt(i))],
    ['as many classes as fill a word', Array.from({ length: 166 }, (_, i) => BigInt(i) << 40n)],
    ['two values', [1n, 2n, 1n, 2n, 2n]],
  ])('writes %s', (_what, data) => {
    expect(compressInCairo(data)).toEqual(compress(data));
  });
});

it('repeated values of nothing are refused', () => {
  expect(() => decompress([1n << 160n, 1n])).toThrow(
    expect.objectContaining({ code: 'INVALID_COMPRESSED_DATA' }),
  );
});
