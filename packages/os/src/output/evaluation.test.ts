import { parseCairoProgram, runProgram } from '@cairn/cairo';
import { describe, expect, it } from 'vitest';
import { evaluationHints } from '../hints/evaluationHints.ts';
import { libraryHintRegistry } from '../hints/libraryHintRegistry.ts';
import type { OsRun } from '../hints/osRun.ts';
import { compileJson } from '../testing/runZero.ts';
import { type ChunkCommitment, evaluate, evaluationPoint } from './evaluate.ts';

const CHUNK_LENGTH = 20;

const PROGRAM = compileJson(`%builtins output range_check poseidon range_check96 add_mod mul_mod
from starkware.cairo.common.cairo_builtins import ModBuiltin, PoseidonBuiltin
from cairn.os.evaluation import write_evaluations

func main{
    output_ptr: felt*,
    range_check_ptr,
    poseidon_ptr: PoseidonBuiltin*,
    range_check96_ptr: felt*,
    add_mod_ptr: ModBuiltin*,
    mul_mod_ptr: ModBuiltin*,
}() {
    alloc_locals;
    local data: felt* = nondet %{ test.data %};
    local length = nondet %{ test.length %};
    write_evaluations(data=data, end=data + length, chunk_length=${CHUNK_LENGTH});
    return ();
}
`);

function run(data: readonly bigint[], commitments: ChunkCommitment[]): bigint[] {
  const hints = libraryHintRegistry(PROGRAM, {
    ...evaluationHints({ input: { data: { kind: 'pages', commitments } } } as unknown as OsRun),
    'test.data': (h) => h.memory.allocate([...data]),
    'test.length': () => data.length,
  });
  return runProgram({ program: parseCairoProgram(PROGRAM), hints, maxSteps: 100_000 }).output;
}

const words = (count: number) =>
  Array.from({ length: count }, (_, i) => (BigInt(i) * 3n ** 157n) % 2n ** 251n);
const commitmentsTo = (count: number) =>
  Array.from({ length: count }, (_, i): ChunkCommitment => [BigInt(i), 100n + BigInt(i)]);

describe('the evaluation of data in chunks', () => {
  it.each([1, 15, 16, 17, 20, 21, 40, 57])('gives the value of each chunk of %i words', (count) => {
    const data = [...words(count - 1), 2n ** 251n + 17n * 2n ** 192n];
    const commitments = commitmentsTo(Math.ceil(count / CHUNK_LENGTH));
    const z = evaluationPoint(data, commitments);
    const values = commitments.map((_, i) =>
      evaluate(data.slice(i * CHUNK_LENGTH, (i + 1) * CHUNK_LENGTH), z),
    );
    const halves = values.flatMap((value) => [value % 2n ** 128n, value >> 128n]);
    expect(run(data, commitments)).toEqual([z, BigInt(commitments.length), ...commitments.flat(), ...halves]);
  });

  it.each([
    [20, 2],
    [21, 1],
    [41, 2],
    [1, 0],
  ])('fails for %i words in %i chunks', (count, chunkCount) => {
    expect(() => run(words(count), commitmentsTo(chunkCount))).toThrow();
  });
});
