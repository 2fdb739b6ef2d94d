import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { CairnError, type Felt, formatFelt } from '@cairn/primitives';
import { decodeRecord, encodeRecord, type StoredClass } from '@cairn/storage';
import type { Chain, LoadedBlock } from '../chain/chain.ts';
import type { NodeErrorCode } from '../errors.ts';

const FORMAT = 'cairn-dump-1';

interface Dump {
  readonly format: typeof FORMAT;
  readonly chainId: Felt;
  readonly blocks: readonly LoadedBlock[];
  readonly classes: ReadonlyMap<Felt, StoredClass>;
}

/** All blocks and classes of a chain. */
export function writeDump(chain: Chain): Promise<Uint8Array> {
  const blocks: LoadedBlock[] = [];
  const classes = new Map<Felt, StoredClass>();
  for (let number = chain.firstNumber; number <= chain.head.block.header.blockNumber; number++) {
    const { block, stateDiff } = chain.store.block(number)!;
    blocks.push({ block, stateDiff });
    for (const hash of stateDiff.declaredClasses.keys()) {
      const stored = chain.classes.storedClass(hash);
      if (stored !== undefined) classes.set(hash, stored);
    }
  }
  const dump: Dump = { format: FORMAT, chainId: chain.info.chainId, blocks, classes };
  return promisify(gzip)(encodeRecord(dump));
}

/** Blocks and classes of a dump. @throws CairnError `INVALID_DUMP` when it is none, or one of another chain. */
export async function readDump(bytes: Uint8Array, chainId: Felt): Promise<Dump> {
  let dump: Dump;
  try {
    dump = decodeRecord<Dump>(await promisify(gunzip)(bytes));
  } catch (cause) {
    throw new CairnError<NodeErrorCode>('INVALID_DUMP', 'the file is no dump of a chain', { cause });
  }
  if (dump.format !== FORMAT)
    throw new CairnError<NodeErrorCode>('INVALID_DUMP', `format: got ${dump.format}, expected ${FORMAT}`);
  if (dump.chainId !== chainId)
    throw new CairnError<NodeErrorCode>(
      'INVALID_DUMP',
      `chain id: got ${formatFelt(dump.chainId)}, expected ${formatFelt(chainId)}`,
    );
  return dump;
}
