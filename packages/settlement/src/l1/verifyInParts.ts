import { CairnError } from '@cairn/primitives';
import { bytesToHex, encodeFunctionData, type Hex, keccak256, type TransactionReceipt } from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import type { SplitProof } from '../verifier/splitProof.ts';
import { VERIFIER_ABI } from './abi.ts';
import type { L1Clients } from './deploy.ts';
import { answered, l1Error, revertDataOf } from './l1Error.ts';
import type { VerifierManifest } from './manifest.ts';
import { failed, MAX_IN_FLIGHT, sendAll } from './transact.ts';
import { rejectionOf } from './verifyOnChain.ts';

/** EIP-7825: gas of one transaction at the most. What is not used is not paid. */
const MAX_TRANSACTION_GAS = 2n ** 24n;

/** True when the statement has been proven in parts. @throws CairnError as `l1Error` has it. */
export function isProven(
  { reader }: Pick<L1Clients, 'reader'>,
  { verifier }: VerifierManifest,
  statement: Uint8Array,
): Promise<boolean> {
  return answered(
    `verifier ${verifier}`,
    reader.readContract({
      address: verifier,
      abi: VERIFIER_ABI,
      functionName: 'isProven',
      args: [keccak256(bytesToHex(statement))],
    }),
  );
}

/**
 * Has a verifier check a proof in several transactions: all but the queries, then part by part. What the chain has seen already
 * is left out, so it can be called again after a failure, or by someone else. The receipts of what was sent and succeeded.
 *
 * Nothing is executed before it is sent but the beginning; so check the proof first, as what the contract rejects is paid for.
 * @throws CairnError `PROOF_REJECTED` (details: the contract's code), `TRANSACTION_FAILED`, and those of `l1Error`.
 */
export async function verifyInParts(
  clients: L1Clients,
  manifest: VerifierManifest,
  statement: Uint8Array,
  { head, parts }: SplitProof,
): Promise<TransactionReceipt[]> {
  const { verifier } = manifest;
  const what = `verifier ${verifier}`;
  const begin = encodeFunctionData({
    abi: VERIFIER_ABI,
    functionName: 'begin',
    args: [bytesToHex(statement), bytesToHex(head)],
  });
  const context = await contextOf(clients, manifest, [bytesToHex(statement), bytesToHex(head)]);
  const receipts: TransactionReceipt[] = [];
  // Again when somebody else has checked some of the same queries meanwhile; then at least those are behind us.
  for (;;) {
    const known = await checkedQueries(clients, manifest, context);
    const proceed = unchecked(parts, known).map(({ first, queries }) =>
      encodeFunctionData({
        abi: VERIFIER_ABI,
        functionName: 'proceed',
        args: [BigInt(first), context, bytesToHex(queries)],
      }),
    );
    const calls = [...(known === undefined ? [begin] : []), ...proceed];
    if (calls.length === 0) return receipts;
    const { gasLimit } = await answered(what, clients.reader.getBlock());
    const gas = gasLimit < MAX_TRANSACTION_GAS ? gasLimit : MAX_TRANSACTION_GAS;
    for (let i = 0; i < calls.length; i += MAX_IN_FLIGHT) {
      const batch = calls.slice(i, i + MAX_IN_FLIGHT).map((data) => ({ to: verifier, data, gas }));
      const mined = await sendAll(clients, what, batch);
      receipts.push(...mined.filter(({ status }) => status === 'success'));
      const reverted = mined.findIndex(({ status }) => status !== 'success');
      if (reverted < 0) continue;
      const code = await rejection(clients, manifest, batch[reverted]!.data);
      if (code === 'REPEATED_QUERY') break;
      if (code !== undefined) throw rejected(manifest, code);
      throw failed(what, mined[reverted]!.transactionHash);
    }
  }
}

/** What queries are checked with. It comes from the call only, so this is executed twice. */
async function contextOf(
  { wallet, reader }: L1Clients,
  manifest: VerifierManifest,
  args: readonly [statement: Hex, head: Hex],
): Promise<Hex> {
  const { verifier } = manifest;
  try {
    const { result } = await reader.simulateContract({
      account: wallet.account,
      address: verifier,
      abi: VERIFIER_ABI,
      functionName: 'begin',
      args,
    });
    return result;
  } catch (error) {
    if (revertDataOf(error) === undefined) throw l1Error(error, `verifier ${verifier}`);
    throw rejected(manifest, rejectionOf(error), error);
  }
}

/**
 * The queries that have been checked with a context, one bit for each; nothing for a context that nobody has begun. They stand
 * under the context's hash (`begin` of contracts/StarkVerifier.yul).
 */
async function checkedQueries(
  { reader }: L1Clients,
  { verifier }: VerifierManifest,
  context: Hex,
): Promise<bigint | undefined> {
  const word = await answered(
    `verifier ${verifier}`,
    reader.getStorageAt({ address: verifier, slot: keccak256(context) }),
  );
  const state = BigInt(word ?? 0n);
  return state === 0n ? undefined : state;
}

/** The runs of queries in the parts that have not been checked. */
function unchecked(parts: SplitProof['parts'], known = 0n): { first: number; queries: Uint8Array }[] {
  return parts.flatMap(({ first, count, queries }) => {
    const queryBytes = queries.length / count;
    const isChecked = (i: number) => (known >> BigInt(first + i)) & 1n;
    const runs: { first: number; queries: Uint8Array }[] = [];
    for (let i = 0; i < count; i++) {
      if (isChecked(i)) continue;
      const start = i;
      while (i < count && !isChecked(i)) i++;
      runs.push({ first: first + start, queries: queries.subarray(start * queryBytes, i * queryBytes) });
    }
    return runs;
  });
}

/** Why the verifier would reject a call now. */
async function rejection(
  { wallet, reader }: L1Clients,
  { verifier }: VerifierManifest,
  data: Hex,
): Promise<ReturnType<typeof rejectionOf>> {
  try {
    await reader.call({ account: wallet.account, to: verifier, data });
    return undefined;
  } catch (error) {
    if (revertDataOf(error) === undefined) throw l1Error(error, `verifier ${verifier}`);
    return rejectionOf(error);
  }
}

function rejected(
  { verifier }: VerifierManifest,
  code: ReturnType<typeof rejectionOf>,
  cause?: unknown,
): CairnError<SettlementErrorCode> {
  return new CairnError('PROOF_REJECTED', `verifier ${verifier}: ${code ?? 'the call failed'}`, {
    cause,
    details: { code },
  });
}
