import { CairnError, decodeShortString, type Felt, formatFelt, parseFelt } from '@cairn/primitives';
import { type BlockHeader, stateRoot, versionedConstants } from '@cairn/protocol';
import { readHeader, readStorageProof } from '@cairn/rpc';
import { postJsonRpc } from '@cairn/runtime';
import type { StateRoots } from '@cairn/state';
import { decodeRecord, encodeRecord, type KeyValueEngine } from '@cairn/storage';
import type { NodeErrorCode } from '../errors.ts';
import { resultOf } from './syncRpc.ts';

/** The block of another chain that a fork grows on. */
export interface ForkPoint {
  url: string;
  /** The chain's name. */
  chainId: string;
  header: BlockHeader;
  roots: StateRoots;
  /** Hashes of the last blocks up to this one, by number: contracts may ask for them. */
  hashes: ReadonlyMap<number, Felt>;
}

const TABLE = 'fork';
const KEY = new TextEncoder().encode('point');

/**
 * The fork point of a database; in a new one the block `block` of the node at `url`.
 * @throws CairnError `FORK_ORIGIN_UNREACHABLE`, `FORK_ORIGIN_REFUSED`, `FORK_ORIGIN_DISHONEST`, `INVALID_PARAMS`
 */
export async function openForkPoint(
  engine: KeyValueEngine,
  url: string,
  block: number | 'latest',
): Promise<ForkPoint> {
  const kept = engine.get(TABLE, KEY);
  if (kept !== undefined) return { ...decodeRecord<ForkPoint>(kept), url };
  const point = await fetchForkPoint(url, block);
  engine.commit([{ table: TABLE, key: KEY, value: encodeRecord(point) }]);
  return point;
}

async function fetchForkPoint(url: string, block: number | 'latest'): Promise<ForkPoint> {
  const call = (method: string, params: Record<string, unknown> = {}) => rpc(url, method, params);
  const header = await headerOf(call, block);
  const { blockNumber, blockHash, starknetVersion } = header;
  const block_id = { block_hash: formatFelt(blockHash) };
  const { roots } = readStorageProof(await call('starknet_getStorageProof', { block_id }), 'storage proof');
  const root = stateRoot(roots.contractsRoot, roots.classesRoot, starknetVersion);
  if (root !== header.stateRoot)
    throw new CairnError<NodeErrorCode>(
      'FORK_ORIGIN_DISHONEST',
      `state root of block ${blockNumber}: got ${formatFelt(header.stateRoot)}, expected ${formatFelt(root)}`,
    );
  const hashes = new Map([[blockNumber, blockHash]]);
  const { storedBlockHashBuffer } = versionedConstants(starknetVersion);
  for (let number = blockNumber - 1; number > blockNumber - storedBlockHashBuffer && number >= 0; number--)
    hashes.set(number, (await headerOf(call, number)).blockHash);
  const id = String(await call('starknet_chainId'));
  const chainId = decodeShortString(parseFelt(id));
  if (chainId === undefined)
    throw new CairnError<NodeErrorCode>(
      'FORK_ORIGIN_REFUSED',
      `chain id: got ${id}, expected a short string`,
    );
  return { url, chainId, header, roots, hashes };
}

type Call = (method: string, params?: Record<string, unknown>) => Promise<unknown>;

async function headerOf(call: Call, block: number | 'latest'): Promise<BlockHeader> {
  const block_id = block === 'latest' ? block : { block_number: block };
  return readHeader(await call('starknet_getBlockWithTxHashes', { block_id }), `block ${block}`);
}

async function rpc(url: string, method: string, params: unknown): Promise<unknown> {
  let text: string;
  try {
    text = await postJsonRpc(url, method, params);
  } catch (cause) {
    throw new CairnError<NodeErrorCode>('FORK_ORIGIN_UNREACHABLE', `no node to fork from answers at ${url}`, {
      cause,
      fix: 'pass the JSON-RPC URL of a running node with --fork-url',
    });
  }
  return resultOf(text, method, url);
}

/**
 * Hands calls about blocks and transactions from before the fork to its origin. What it does not know either is undefined,
 * and so are lists of events that reach into the fork.
 */
export function askOrigin({ url, header }: ForkPoint): (method: string, params: unknown) => Promise<unknown> {
  return async (method, params) => {
    try {
      if (method === 'starknet_getEvents' && !endsBefore(params, header.blockNumber)) return undefined;
      return await rpc(url, method, params);
    } catch {
      return undefined;
    }
  };
}

function endsBefore(params: unknown, lastNumber: number): boolean {
  const [first] = Array.isArray(params) ? params : Object.values(params ?? {});
  const to = (first as { to_block?: { block_number?: number } } | undefined)?.to_block;
  return typeof to?.block_number === 'number' && to.block_number <= lastNumber;
}
