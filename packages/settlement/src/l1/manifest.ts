import { bytesToHex } from '@cairn/primitives';
import type { VerifyingKey } from '@cairn/stark';
import type { Address, Hex } from 'viem';
import { keyDigest, parametersDigest } from '../verifier/emitCore.ts';

/** Where a verifier is on a chain, and what it verifies. Plain data: it goes to a file and back as JSON. */
export interface VerifierManifest {
  readonly name: string;
  readonly chainId: number;
  readonly verifier: Address;
  readonly constraints: readonly Address[];
  /** The contract that checks statements, for a Cairo verifier. */
  readonly statement?: Address;
  /** Keccak-256 of the verifier's code, which holds the others' addresses and the hashes of their code. */
  readonly codeHash: Hex;
  readonly keyDigest: Hex;
  readonly airDigest: Hex;
  readonly parametersDigest: Hex;
}

/** The digests by which contracts name a key. */
export function keyDigests(
  key: VerifyingKey,
): Pick<VerifierManifest, 'keyDigest' | 'airDigest' | 'parametersDigest'> {
  const text = (bytes: Uint8Array) => `0x${bytesToHex(bytes).replace(/^0x/, '')}` as const;
  return {
    keyDigest: text(keyDigest(key)),
    airDigest: text(key.airDigest),
    parametersDigest: text(parametersDigest(key)),
  };
}
