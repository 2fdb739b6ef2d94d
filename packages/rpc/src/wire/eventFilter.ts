import type { ContractAddress } from '@cairn/primitives';
import type { EventCursor, EventQuery } from '../backend.ts';
import type { Parser } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readBlockId } from './blockId.ts';
import { listOf, readFelt, readFelts, readInteger, readObject } from './read.ts';

/** Most events in one page. */
const MAX_CHUNK_SIZE = 1024;
/** Most key positions in a filter. */
const MAX_KEY_POSITION_COUNT = 16;
const TOKEN = /^([0-9]{1,15})-([0-9]{1,15})$/;

const readKeyLists = listOf(readFelts);

/** Reads EVENT_KEYS. @throws CairnError `INVALID_PARAMS`, or error 34. */
export const readEventKeys: Parser<bigint[][]> = (value, path) => {
  const keys = readKeyLists(value, path);
  if (keys.length > MAX_KEY_POSITION_COUNT) throw new SpecificationError('TOO_MANY_KEYS_IN_FILTER');
  return keys;
};

/**
 * Reads EVENT_FILTER together with RESULT_PAGE_REQUEST.
 * @throws CairnError `INVALID_PARAMS`, or error 31, 33 or 34.
 */
export function readEventQuery(value: unknown, path: string): EventQuery {
  const filter = readObject(value, path);
  const limit = readInteger(filter.chunk_size, `${path}.chunk_size`, 1);
  if (limit > MAX_CHUNK_SIZE) throw new SpecificationError('PAGE_SIZE_TOO_BIG');
  const keys = isAbsent(filter.keys) ? [] : readEventKeys(filter.keys, `${path}.keys`);
  return {
    ...(isAbsent(filter.from_block) ? {} : { from: readBlockId(filter.from_block, `${path}.from_block`) }),
    ...(isAbsent(filter.to_block) ? {} : { to: readBlockId(filter.to_block, `${path}.to_block`) }),
    addresses: readAddresses(filter.address, `${path}.address`),
    keys,
    limit,
    ...(isAbsent(filter.continuation_token) ? {} : { cursor: readToken(filter.continuation_token) }),
  };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function readAddresses(value: unknown, path: string): ContractAddress[] {
  if (isAbsent(value)) return [];
  return Array.isArray(value) ? readFelts(value, path) : [readFelt(value, path)];
}

function readToken(value: unknown): EventCursor {
  const match = typeof value === 'string' ? TOKEN.exec(value) : null;
  if (!match) throw new SpecificationError('INVALID_CONTINUATION_TOKEN');
  return { blockNumber: Number(match[1]), eventIndex: Number(match[2]) };
}

/** The token that leads to the page at `cursor`. */
export function formatToken({ blockNumber, eventIndex }: EventCursor): string {
  return `${blockNumber}-${eventIndex}`;
}
