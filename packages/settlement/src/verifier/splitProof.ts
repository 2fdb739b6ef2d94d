import { CairnError } from '@cairn/primitives';
import { decodeProof, type Proof, type VerifyingKey } from '@cairn/stark';
import type { SettlementErrorCode } from '../errors.ts';

/** A proof cut where its queries begin, and they cut into runs: what `begin` and `proceed` of a verifier take. */
export interface SplitProof {
  readonly head: Uint8Array;
  readonly parts: readonly {
    /** Index of the first query of the part. */
    readonly first: number;
    readonly count: number;
    readonly queries: Uint8Array;
  }[];
}

const ELEMENT_BYTES = 16;
const FIELD_BYTES = 4;

/** Bytes of one query of a proof; all have as many. */
function bytesOfQuery({ queries: [query] }: Proof): number {
  const { rows, paths, friValues, friPaths } = query!;
  const digests = [...paths, ...friPaths].flat().reduce((sum, digest) => sum + digest.length, 0);
  return FIELD_BYTES * rows.flat().length + digests + ELEMENT_BYTES * friValues.flat().length;
}

/** Cuts a proof so that no part has more bytes of queries than this, and at least one query. @throws CairnError `WRONG_PROOF_FILE`. */
export function splitProof(key: VerifyingKey, bytes: Uint8Array, maxPartBytes: number): SplitProof {
  const decoded = decodeProof(key.air, key.parameters, bytes);
  if (!decoded.ok) throw new CairnError<SettlementErrorCode>('WRONG_PROOF_FILE', decoded.message);
  const queryBytes = bytesOfQuery(decoded.proof);
  const { queryCount } = key.parameters;
  const perPart = Math.max(1, Math.floor(maxPartBytes / queryBytes));
  const headBytes = bytes.length - queryCount * queryBytes;
  const parts = Array.from({ length: Math.ceil(queryCount / perPart) }, (_, i) => {
    const first = i * perPart;
    const end = Math.min(queryCount, first + perPart);
    return {
      first,
      count: end - first,
      queries: bytes.slice(headBytes + first * queryBytes, headBytes + end * queryBytes),
    };
  });
  return { head: bytes.slice(0, headBytes), parts };
}
