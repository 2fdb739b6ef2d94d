import { CairnError } from '@cairn/primitives';
import { keccak256, type PublicClient } from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import { VERIFIER_ABI } from './abi.ts';
import type { VerifierManifest } from './manifest.ts';

/**
 * Checks that the chain has the verifier of a manifest: its code to the byte, which holds the addresses of the contracts that
 * it calls and the hashes of their code, and its key. @throws CairnError `WRONG_MANIFEST`.
 */
export async function checkManifest(client: PublicClient, manifest: VerifierManifest): Promise<void> {
  const fault = (what: string, got: unknown, expected: unknown, cause?: unknown) =>
    new CairnError<SettlementErrorCode>(
      'WRONG_MANIFEST',
      `manifest of ${manifest.name}: ${what}: got ${got}, expected ${expected}`,
      { cause },
    );
  const chainId = await client.getChainId();
  if (chainId !== manifest.chainId) throw fault('chain', chainId, manifest.chainId);
  const code = await client.getCode({ address: manifest.verifier });
  const codeHash = keccak256(code ?? '0x');
  if (codeHash !== manifest.codeHash) throw fault('code of the verifier', codeHash, manifest.codeHash);
  const found = await client
    .readContract({ address: manifest.verifier, abi: VERIFIER_ABI, functionName: 'keyDigest' })
    .catch((error: unknown) => {
      throw fault('key', 'none', manifest.keyDigest, error);
    });
  if (found !== manifest.keyDigest) throw fault('key', found, manifest.keyDigest);
}
