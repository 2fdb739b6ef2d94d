import { parseCairoProgram, runProgram } from '@cairn/cairo';
import { poseidonMany } from '@cairn/primitives';
import { transactionCommitment } from '@cairn/protocol';
import { expect, it } from 'vitest';
import { libraryHintRegistry } from './hints/libraryHintRegistry.ts';
import { compileJson } from './testing/runZero.ts';

const PROGRAM = compileJson(`%builtins output poseidon
from starkware.cairo.common.cairo_builtins import PoseidonBuiltin
from cairn.os.indexed_trie import indexed_trie_root

func main{output_ptr: felt*, poseidon_ptr: PoseidonBuiltin*}() {
    alloc_locals;
    local leaves: felt* = nondet %{ test.leaves %};
    local count = nondet %{ test.count %};
    let (root) = indexed_trie_root(n_leaves=count, leaves=leaves);
    assert [output_ptr] = root;
    let output_ptr = output_ptr + 1;
    return ();
}
`);

function rootInCairo(leaves: readonly bigint[], isOdd?: bigint): bigint {
  const hints = libraryHintRegistry(PROGRAM, {
    'cairn.os.is_odd': (h) => isOdd ?? h.felt('n') & 1n,
    'test.leaves': (h) => h.memory.allocate([...leaves]),
    'test.count': () => leaves.length,
  });
  return runProgram({ program: parseCairoProgram(PROGRAM), hints, maxSteps: 20_000 }).output[0]!;
}

const hashes = Array.from({ length: 40 }, (_, i) => BigInt(1000 + i));
const leavesOf = (count: number) => hashes.slice(0, count).map((hash) => poseidonMany([hash]));

it('the root of a list of leaves is the one of the protocol', () => {
  for (let count = 0; count <= hashes.length; count++) {
    const transactions = hashes
      .slice(0, count)
      .map((hash) => ({ hash, transaction: { type: 'L1_HANDLER' } }));
    expect(rootInCairo(leavesOf(count))).toBe(transactionCommitment(transactions as never, '0.14.2'));
  }
});

it.each([
  [3, 0n],
  [4, 1n],
  [7, 0n],
  [2, 1n],
])('%i leaves cannot be taken for a number of the other parity', (count, isOdd) => {
  expect(() => rootInCairo(leavesOf(count), isOdd)).toThrow();
});
