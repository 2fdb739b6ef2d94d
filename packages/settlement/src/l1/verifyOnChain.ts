import { CairnError } from '@cairn/primitives';
import type { M31 } from '@cairn/stark';
import { BaseError, bytesToHex, decodeErrorResult, type Hex, isHex, type PublicClient } from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import { encodePublicValues } from '../verifier/emitCore.ts';
import { type ContractRejectionCode, REJECTION_CODES } from '../verifier/rejectionCodes.ts';
import { VERIFIER_ABI } from './abi.ts';
import { checkManifest } from './checkManifest.ts';
import type { VerifierManifest } from './manifest.ts';

/** What a verifier contract says. */
export type OnChainVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: ContractRejectionCode };

/** The reason that a failed call gives, if the verifier gave one. */
export function rejectionOf(error: unknown): ContractRejectionCode | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const cause = error.walk((e) => e instanceof BaseError && isHex((e as { data?: unknown }).data));
  const data = (cause as { data?: Hex } | null)?.data;
  if (data === undefined) return undefined;
  try {
    return REJECTION_CODES[Number(decodeErrorResult({ abi: VERIFIER_ABI, data }).args[0])];
  } catch {
    // Another error than a rejection.
    return undefined;
  }
}

/**
 * Asks the verifier of a manifest, without a transaction. @throws CairnError `WRONG_MANIFEST` for a verifier that is not
 * there, or has another key or other code, `VERIFIER_CALL_FAILED` when the call itself fails.
 */
export async function verifyOnChain(
  client: PublicClient,
  manifest: VerifierManifest,
  proof: Uint8Array,
  publicValues: readonly M31[],
): Promise<OnChainVerdict> {
  return askVerifier(client, manifest, encodePublicValues(publicValues), proof);
}

/** What the verifier says of a proof of a statement, given as the contract takes it. */
export async function askVerifier(
  client: PublicClient,
  manifest: VerifierManifest,
  statement: Uint8Array,
  proof: Uint8Array,
): Promise<OnChainVerdict> {
  await checkManifest(client, manifest);
  try {
    const accepted = await client.readContract({
      address: manifest.verifier,
      abi: VERIFIER_ABI,
      functionName: 'verify',
      args: [bytesToHex(statement), bytesToHex(proof)],
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
