import { CairnError } from '@cairn/primitives';
import { type Hex, hexToBytes } from 'viem';
import type { SettlementErrorCode } from '../errors.ts';

/** Where a blob was carried. */
export interface BlobPlace {
  readonly blockNumber: bigint;
  /** Unix seconds of the L1 block. */
  readonly timestamp: bigint;
}

/**
 * Finds a blob by its versioned hash. The answer may hold others beside it, or none when it is not known; who asks checks which
 * is the one.
 */
export type BlobSource = (versionedHash: Hex, place: BlobPlace) => Promise<readonly Uint8Array[]>;

/**
 * Blobs from a consensus node (Beacon API `/eth/v1/beacon/blobs/{block_id}`), which keeps them for about 18 days, or from anvil,
 * whose blocks are its slots.
 * @param url without a slash at its end. The source throws CairnError `L1_UNREACHABLE`, `L1_FAILED`.
 */
export function beaconBlobs(url: string, fetchFrom: typeof fetch = fetch): BlobSource {
  let clock: Promise<{ genesis: bigint; slotSeconds: bigint } | undefined> | undefined;
  return async (versionedHash, { blockNumber, timestamp }) => {
    clock ??= slotClock(url, fetchFrom).catch((error: unknown) => {
      clock = undefined;
      throw error;
    });
    const time = await clock;
    const slot = time === undefined ? blockNumber : (timestamp - time.genesis) / time.slotSeconds;
    const path = `/eth/v1/beacon/blobs/${slot}?versioned_hashes=${versionedHash}`;
    const answer = await ask<{ data: Hex[] }>(url, path, fetchFrom);
    return (answer?.data ?? []).map((blob) => hexToBytes(blob));
  };
}

/** When slots begin; nothing for a node that does not tell, which is anvil. */
async function slotClock(url: string, fetchFrom: typeof fetch) {
  const spec = await ask<{ data: Record<string, string> }>(url, '/eth/v1/config/spec', fetchFrom);
  const genesis = await ask<{ data: { genesis_time: string } }>(url, '/eth/v1/beacon/genesis', fetchFrom);
  const slotSeconds = spec?.data.SECONDS_PER_SLOT;
  if (slotSeconds === undefined || genesis === undefined) return undefined;
  return { genesis: BigInt(genesis.data.genesis_time), slotSeconds: BigInt(slotSeconds) };
}

/** The answer to a request, or nothing for what the node does not have. */
async function ask<T>(url: string, path: string, fetchFrom: typeof fetch): Promise<T | undefined> {
  let response: Response;
  try {
    response = await fetchFrom(url + path, { headers: { accept: 'application/json' } });
  } catch (cause) {
    throw new CairnError<SettlementErrorCode>('L1_UNREACHABLE', `blobs of ${url}: no answer`, { cause });
  }
  if (response.status === 404) return undefined;
  if (!response.ok)
    throw new CairnError<SettlementErrorCode>(
      'L1_FAILED',
      `blobs of ${url}: got status ${response.status} for ${path}, expected 200 or 404`,
    );
  return (await response.json()) as T;
}
