import { bytesToHex, concatHex, encodeFunctionData, type Hex, toHex } from 'viem';
import { VERIFIER_ABI } from '../l1/abi.ts';
import type { VerifierManifest } from '../l1/manifest.ts';
import { verifyInParts } from '../l1/verifyInParts.ts';
import { encodePublicValues } from '../verifier/emitCore.ts';
import { splitProof } from '../verifier/splitProof.ts';
import type { TestChain } from './anvil.ts';
import { ask } from './askVerifier.ts';
import type { ProvenStatement } from './proofs.ts';

/** The bytes with one of them changed. */
function flipped(hex: Hex, at: number): Hex {
  const place = 2 + 2 * at;
  const byte = Number.parseInt(hex.slice(place, place + 2), 16) ^ 1;
  return `${hex.slice(0, place)}${byte.toString(16).padStart(2, '0')}${hex.slice(place + 2)}` as Hex;
}

/**
 * Begins two proofs, proceeds with the first two queries of the first, and then tries everything that must not count. What the
 * verifier answers to each attempt.
 */
export async function splitAttacks(
  chain: TestChain,
  manifest: VerifierManifest,
  own: ProvenStatement,
  other: ProvenStatement,
): Promise<{ readonly name: string; readonly answer: string }[]> {
  const begun = async (proven: ProvenStatement, checked: number) => {
    const statement = encodePublicValues(proven.publicValues);
    const { head, parts } = splitProof(proven.key, proven.bytes, 1);
    await verifyInParts(chain, manifest, statement, { head, parts: parts.slice(0, checked) });
    const { result: context } = await chain.reader.simulateContract({
      account: chain.wallet.account,
      address: manifest.verifier,
      abi: VERIFIER_ABI,
      functionName: 'begin',
      args: [bytesToHex(statement), bytesToHex(head)],
    });
    return { context, queries: parts.map((part) => bytesToHex(part.queries)) };
  };
  const [a, b] = [await begun(own, 2), await begun(other, 0)];
  const count = a.queries.length;
  const call = (first: number | bigint, context: Hex, ...queries: Hex[]): Hex =>
    encodeFunctionData({
      abi: VERIFIER_ABI,
      functionName: 'proceed',
      args: [BigInt(first), context, concatHex(['0x', ...queries])],
    });
  const honest = call(2, a.context, a.queries[2]!);
  /** The honest call with another word of its head. */
  const withWord = (index: number, change: (word: bigint) => bigint): Hex => {
    const at = 10 + 64 * index;
    const word = toHex(change(BigInt(`0x${honest.slice(at, at + 64)}`)), { size: 32 });
    return `${honest.slice(0, at)}${word.slice(2)}${honest.slice(at + 64)}` as Hex;
  };
  const attacks: [string, Hex][] = [
    ['queries of another proof', call(2, a.context, b.queries[2]!)],
    ['the context of another proof', call(2, b.context, a.queries[2]!)],
    ['queries in other places', call(3, a.context, a.queries[2]!)],
    ['queries again', call(0, a.context, a.queries[0]!)],
    ['queries of which some come again', call(1, a.context, a.queries[1]!, a.queries[2]!)],
    ['a context that nobody has begun', call(2, flipped(a.context, 7 * 32 + 31), a.queries[2]!)],
    ['a context with another statement', call(2, flipped(a.context, 0), a.queries[2]!)],
    ['more queries than there are', call(count - 1, a.context, a.queries[count - 1]!, a.queries[2]!)],
    ['queries behind the last', call(count, a.context, a.queries[2]!)],
    ['a place that wraps around', call(2n ** 256n - 1n, a.context, a.queries[2]!, a.queries[2]!)],
    ['a part of a query', call(2, a.context, a.queries[2]!, '0x00000000')],
    ['a longer context', call(2, concatHex([a.context, toHex(0, { size: 32 })]), a.queries[2]!)],
    ['another place of the context', withWord(1, (word) => word + 32n)],
    ['another place of the queries', withWord(2, (word) => word + 32n)],
    ['more calldata', concatHex([honest, toHex(0, { size: 32 })])],
  ];
  const answers: { name: string; answer: string }[] = [];
  for (const [name, data] of attacks)
    answers.push({ name, answer: await ask(chain, manifest.verifier, data) });
  return answers;
}
