import { CairnError } from '@cairn/primitives';
import { bytesToHex, type Hex, keccak256, type TransactionReceipt } from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import type { SplitProof } from '../verifier/splitProof.ts';
import { VERIFIER_ABI } from './abi.ts';
import type { L1Clients } from './deploy.ts';
import type { VerifierManifest } from './manifest.ts';
import { rejectionOf } from './verifyOnChain.ts';

/** Runs a call, and says why when the verifier rejects. @throws CairnError `PROOF_REJECTED`. */
async function simulated<T>(manifest: VerifierManifest, call: Promise<{ readonly result: T }>): Promise<T> {
  try {
    return (await call).result;
  } catch (error) {
    throw new CairnError<SettlementErrorCode>(
      'PROOF_REJECTED',
      `verifier ${manifest.verifier}: ${rejectionOf(error) ?? 'the call failed'}`,
      { cause: error, details: { code: rejectionOf(error) } },
    );
  }
}

/** True when the statement has been proven in parts. */
export function isProven(
  { reader }: Pick<L1Clients, 'reader'>,
  { verifier }: VerifierManifest,
  statement: Uint8Array,
): Promise<boolean> {
  return reader.readContract({
    address: verifier,
    abi: VERIFIER_ABI,
    functionName: 'isProven',
    args: [keccak256(bytesToHex(statement))],
  });
}

/**
 * Has a verifier check a proof in several transactions: all but the queries, then part by part. Parts that the chain has seen
 * already are left out, so it can be called again after a failure, or by someone else. The receipts of what was sent.
 * @throws CairnError `PROOF_REJECTED` (nothing was sent for the part), `TRANSACTION_FAILED`.
 */
export async function verifyInParts(
  { wallet, reader }: L1Clients,
  manifest: VerifierManifest,
  statement: Uint8Array,
  { head, parts }: SplitProof,
): Promise<TransactionReceipt[]> {
  const { verifier } = manifest;
  const receipts: TransactionReceipt[] = [];
  const common = { account: wallet.account, address: verifier, abi: VERIFIER_ABI } as const;
  const confirm = async (hash: Hex) => {
    const receipt = await reader.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success')
      throw new CairnError<SettlementErrorCode>(
        'TRANSACTION_FAILED',
        `verifier ${verifier}: ${hash} reverted`,
      );
    receipts.push(receipt);
  };
  const begin = {
    ...common,
    functionName: 'begin',
    args: [bytesToHex(statement), bytesToHex(head)],
  } as const;
  const context = await simulated(manifest, reader.simulateContract(begin));
  await confirm(await wallet.writeContract({ ...begin, chain: wallet.chain }));
  for (const { first, queries } of parts) {
    const proceed = {
      ...common,
      functionName: 'proceed',
      args: [BigInt(first), context, bytesToHex(queries)],
    } as const;
    try {
      await simulated(manifest, reader.simulateContract(proceed));
    } catch (error) {
      if (error instanceof CairnError && (error.details as { code?: string }).code === 'REPEATED_QUERY')
        continue;
      throw error;
    }
    await confirm(await wallet.writeContract({ ...proceed, chain: wallet.chain }));
  }
  return receipts;
}
