import { CairnError } from '@cairn/primitives';
import type { M31 } from '@cairn/stark';
import { BaseError, bytesToHex, ContractFunctionRevertedError, type PublicClient } from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import { encodePublicValues } from '../verifier/emitCore.ts';
import { type ContractRejectionCode, REJECTION_CODES } from '../verifier/rejectionCodes.ts';
import { VERIFIER_ABI } from './abi.ts';
import type { VerifierManifest } from './manifest.ts';

/** What a verifier contract says. */
export type OnChainVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: ContractRejectionCode };

/** The reason that a failed call gives, if the verifier gave one. */
export function rejectionOf(error: unknown): ContractRejectionCode | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (!(reverted instanceof ContractFunctionRevertedError) || reverted.data?.errorName !== 'Rejected')
    return undefined;
  return REJECTION_CODES[Number(reverted.data.args?.[0])];
}

/**
 * Asks the verifier of a manifest, without a transaction. @throws CairnError `WRONG_MANIFEST` for a verifier that is not
 * there or has another key, `VERIFIER_CALL_FAILED` when the call itself fails.
 */
export async function verifyOnChain(
  client: PublicClient,
  manifest: VerifierManifest,
  proof: Uint8Array,
  publicValues: readonly M31[],
): Promise<OnChainVerdict> {
  await checkManifest(client, manifest);
  try {
    const accepted = await client.readContract({
      address: manifest.verifier,
      abi: VERIFIER_ABI,
      functionName: 'verify',
      args: [bytesToHex(encodePublicValues(publicValues)), bytesToHex(proof)],
    });
    if (accepted) return { ok: true };
  } catch (error) {
    const code = rejectionOf(error);
    if (code !== undefined) return { ok: false, code };
    throw new CairnError<SettlementErrorCode>(
      'VERIFIER_CALL_FAILED',
      `verifier ${manifest.verifier}: the call failed`,
      { cause: error },
    );
  }
  throw new CairnError<SettlementErrorCode>(
    'VERIFIER_CALL_FAILED',
    `verifier ${manifest.verifier}: got no verdict`,
  );
}

async function checkManifest(client: PublicClient, manifest: VerifierManifest): Promise<void> {
  const chainId = await client.getChainId();
  const fault = (what: string, got: unknown, expected: unknown) =>
    new CairnError<SettlementErrorCode>(
      'WRONG_MANIFEST',
      `manifest of ${manifest.name}: ${what}: got ${got}, expected ${expected}`,
    );
  if (chainId !== manifest.chainId) throw fault('chain', chainId, manifest.chainId);
  const found = await client
    .readContract({ address: manifest.verifier, abi: VERIFIER_ABI, functionName: 'keyDigest' })
    .catch((error: unknown) => {
      throw new CairnError<SettlementErrorCode>(
        'WRONG_MANIFEST',
        `manifest of ${manifest.name}: no verifier at ${manifest.verifier}`,
        { cause: error },
      );
    });
  if (found !== manifest.keyDigest) throw fault('key', found, manifest.keyDigest);
}
