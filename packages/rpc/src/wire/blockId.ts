import type { BlockId } from '../backend.ts';
import { invalidParameter, readFelt, readInteger } from './read.ts';

const EXPECTED = '{"block_number": n}, {"block_hash": "0x…"}, "latest", "pre_confirmed" or "l1_accepted"';

/** Reads the specification's BLOCK_ID. @throws CairnError `INVALID_PARAMS` */
export function readBlockId(value: unknown, path: string): BlockId {
  if (value === 'latest' || value === 'pre_confirmed' || value === 'l1_accepted') return { kind: value };
  if (value === 'pending') {
    throw invalidParameter(path, value, EXPECTED, 'the tag "pending" was replaced by "pre_confirmed" in 0.9');
  }
  if (typeof value === 'object' && value !== null) {
    const { block_number: number, block_hash: hash } = value as Record<string, unknown>;
    if (number !== undefined && hash === undefined) {
      return { kind: 'number', number: readInteger(number, `${path}.block_number`) };
    }
    if (hash !== undefined && number === undefined) {
      return { kind: 'hash', hash: readFelt(hash, `${path}.block_hash`) };
    }
  }
  throw invalidParameter(path, value, EXPECTED);
}

/** Reads the id of a block that is closed: any but `pre_confirmed`. @throws CairnError `INVALID_PARAMS` */
export function readClosedBlockId(value: unknown, path: string): BlockId {
  const id = readBlockId(value, path);
  if (id.kind !== 'pre_confirmed') return id;
  throw invalidParameter(path, value, 'a closed block', 'use "latest" for the last closed block');
}
