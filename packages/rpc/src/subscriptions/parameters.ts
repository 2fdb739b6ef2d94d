import type { BlockId } from '../backend.ts';
import type { Parser } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readBlockId } from '../wire/blockId.ts';
import { invalidParameter, listOf, oneOf, readFelt, readFelts } from '../wire/read.ts';

/** Most senders in a filter. */
const MAX_ADDRESSES = 1024;

/** Reads SUBSCRIPTION_BLOCK_ID: hash, number or `latest`. */
export const readStart: Parser<BlockId> = (value, path) => {
  const id = readBlockId(value, path);
  if (id.kind !== 'pre_confirmed' && id.kind !== 'l1_accepted') return id;
  throw invalidParameter(path, value, 'a block hash, a block number or "latest"');
};

/** Reads senders a subscription is about. @throws CairnError error 67. */
export const readSenders: Parser<ReadonlySet<bigint>> = (value, path) => {
  const senders = readFelts(value, path);
  if (senders.length > MAX_ADDRESSES) throw new SpecificationError('TOO_MANY_ADDRESSES_IN_FILTER');
  return new Set(senders);
};

/** Reads one address or a list of them. */
export const readAddresses: Parser<bigint[]> = (value, path) =>
  Array.isArray(value) ? readFelts(value, path) : [readFelt(value, path)];

/** A parser of a list of statuses. */
export function statusesOf<T extends string>(...statuses: readonly T[]): Parser<ReadonlySet<T>> {
  const readList = listOf(oneOf(...statuses));
  return (value, path) => new Set(readList(value, path));
}
