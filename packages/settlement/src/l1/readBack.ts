import {
  decompress,
  evaluationPoint,
  type OsOutput,
  type OutputMessageToL1,
  type OutputMessageToL2,
  parseOsOutput,
} from '@cairn/os';
import { CairnError, type Felt } from '@cairn/primitives';
import {
  type Address,
  bytesToHex,
  decodeFunctionData,
  encodePacked,
  type Hex,
  keccak256,
  type PublicClient,
  parseEventLogs,
} from 'viem';
import { wordsOfBlob } from '../data/blob.ts';
import { commitmentBytes, pageHash } from '../data/chunkCommitments.ts';
import { blobCommitment, versionedHash } from '../data/kzg.ts';
import type { SettlementErrorCode } from '../errors.ts';
import type { BlobPlace, BlobSource } from './blobSources.ts';
import { CORE_ABI } from './core.ts';
import { DATA_PAGES_ABI, pageFact } from './dataPages.ts';
import { answered } from './l1Error.ts';
import type { L1Place } from './l1Events.ts';

/** A range of blocks that a core contract has settled, as L1 shows it. */
export interface SettledRange {
  readonly place: L1Place;
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** Of the state before the first block. */
  readonly initialRoot: Felt;
  /** Of the state after the last block. */
  readonly root: Felt;
  readonly previousBlockHash: Felt;
  readonly blockHash: Felt;
  readonly dataPlace: OsOutput['dataPlace'];
  /** The compressed changes of the state (`stateDiffOfData` of @cairn/os reads them). */
  readonly data: readonly Felt[];
  readonly messagesToL1: readonly OutputMessageToL1[];
  readonly messagesToL2: readonly OutputMessageToL2[];
}

/** What is read back, and from where. */
export interface ReadBackOptions {
  /** The first L1 block to be read, such as that of the core contract's deployment. */
  readonly fromBlock: bigint;
  /** The last; the newest when absent. */
  readonly toBlock?: bigint;
  /** Blocks asked for at once. 1,000 when absent. */
  readonly maxRange?: number;
  /** For data in blobs. */
  readonly blobSource?: BlobSource;
  /** For a validium, whose pages are not on chain: the words of the page with this Keccak-256. */
  readonly pageSource?: (pageHash: Hex) => Promise<readonly Felt[] | undefined>;
}

const STATE_EVENTS = CORE_ABI.filter(
  (entry) =>
    entry.type === 'event' && (entry.name === 'LogStateUpdate' || entry.name === 'LogStateTransitionFact'),
);

/**
 * Every range of blocks that a core contract has settled, in order, from L1 alone. Outputs are checked against the facts that
 * the contract has logged, data against the output's commitments and its point; so who trusts the L1 node's view of the chain
 * need not trust the sources of data.
 * @throws CairnError `UNREADABLE_STATE_UPDATE` for an update that did not come as a call of the contract, `DATA_NOT_FOUND`,
 * `WRONG_DATA`, and those of `l1Error`.
 */
export async function* readBack(
  reader: PublicClient,
  core: Address,
  options: ReadBackOptions,
): AsyncGenerator<SettledRange, void, undefined> {
  const what = `core contract ${core}`;
  const maxRange = BigInt(options.maxRange ?? 1_000);
  const last = options.toBlock ?? (await answered(what, reader.getBlockNumber({ cacheTime: 0 })));
  for (let from = options.fromBlock; from <= last; from += maxRange) {
    const end = from + maxRange - 1n;
    const logs = await answered(
      what,
      reader.getLogs({
        address: core,
        events: STATE_EVENTS,
        fromBlock: from,
        toBlock: end < last ? end : last,
      }),
    );
    let fact: Hex | undefined;
    for (const log of parseEventLogs({ abi: CORE_ABI, logs })) {
      if (log.eventName === 'LogStateTransitionFact') fact = log.args.stateTransitionFact;
      if (log.eventName !== 'LogStateUpdate') continue;
      const place: L1Place = {
        blockNumber: log.blockNumber,
        blockHash: log.blockHash,
        transactionHash: log.transactionHash,
        logIndex: log.logIndex,
      };
      yield await settledRange(reader, core, place, fact, options);
    }
  }
}

async function settledRange(
  reader: PublicClient,
  core: Address,
  place: L1Place,
  fact: Hex | undefined,
  options: ReadBackOptions,
): Promise<SettledRange> {
  const { words, blobHashes } = await outputOf(reader, core, place);
  if (keccak256(encodePacked(['uint256[]'], [words])) !== fact)
    throw unreadable(core, place, 'the call has another output than the fact of the update');
  const output = parseOsOutput(words);
  const data = await dataOf(reader, core, place, output, blobHashes, options);
  const lastBlock = Number(output.newBlockNumber);
  return {
    place,
    // −1 as a felt before block 0.
    firstBlock:
      output.previousBlockNumber > output.newBlockNumber ? 0 : Number(output.previousBlockNumber) + 1,
    lastBlock,
    initialRoot: output.initialRoot,
    root: output.finalRoot,
    previousBlockHash: output.previousBlockHash,
    blockHash: output.newBlockHash,
    dataPlace: output.dataPlace,
    data,
    messagesToL1: output.messagesToL1,
    messagesToL2: output.messagesToL2,
  };
}

/** The OS output that a transaction called the core with, and the hashes of its blobs. */
async function outputOf(
  reader: PublicClient,
  core: Address,
  place: L1Place,
): Promise<{ words: readonly Felt[]; blobHashes: readonly Hex[] }> {
  const transaction = await answered(
    `core contract ${core}`,
    reader.getTransaction({ hash: place.transactionHash }),
  );
  if (transaction.to?.toLowerCase() !== core.toLowerCase())
    throw unreadable(core, place, `it was sent to ${transaction.to}, which called the contract`);
  const call = decodeFunctionData({ abi: CORE_ABI, data: transaction.input });
  if (call.functionName !== 'updateState' && call.functionName !== 'updateStateKzgDA')
    throw unreadable(core, place, `it calls ${call.functionName}`);
  return { words: call.args[0], blobHashes: transaction.blobVersionedHashes ?? [] };
}

async function dataOf(
  reader: PublicClient,
  core: Address,
  place: L1Place,
  output: OsOutput,
  blobHashes: readonly Hex[],
  options: ReadBackOptions,
): Promise<readonly Felt[]> {
  const { evaluations } = output;
  if (evaluations === undefined) return output.data;
  const chunks =
    output.dataPlace === 'blobs'
      ? await chunksInBlobs(reader, core, place, evaluations, blobHashes, options.blobSource)
      : await chunksInPages(reader, core, place, evaluations, options);
  const data = withoutPadding(chunks.flat());
  const commitments = evaluations.chunks.map(({ commitment }) => commitment);
  // Its words and their number: the point is the hash of both.
  if (data === undefined || evaluationPoint(data, commitments) !== evaluations.point)
    throw wrongData(`state update ${place.transactionHash}: the data does not lead to the output's point`);
  return data;
}

/** Compressed data without the zeros behind it, or nothing for words that are no compressed data. */
function withoutPadding(words: readonly Felt[]): Felt[] | undefined {
  try {
    return words.slice(0, decompress(words).length);
  } catch {
    return undefined;
  }
}

async function chunksInBlobs(
  reader: PublicClient,
  core: Address,
  { blockHash, blockNumber }: L1Place,
  { chunks }: NonNullable<OsOutput['evaluations']>,
  blobHashes: readonly Hex[],
  source: BlobSource | undefined,
): Promise<Felt[][]> {
  const { timestamp } = await answered(`core contract ${core}`, reader.getBlock({ blockHash }));
  const found: Felt[][] = [];
  for (const [i, { commitment }] of chunks.entries()) {
    const hash = bytesToHex(versionedHash(commitmentBytes(commitment, 'blobs')));
    if (hash !== blobHashes[i])
      throw wrongData(`blob ${i}: got ${blobHashes[i]} in the transaction, expected ${hash}`);
    found.push(wordsOfBlob(await findBlob(hash, { blockNumber, timestamp }, source)));
  }
  return found;
}

async function findBlob(hash: Hex, place: BlobPlace, source: BlobSource | undefined): Promise<Uint8Array> {
  const candidates = (await source?.(hash, place)) ?? [];
  for (const blob of candidates) {
    if (bytesToHex(versionedHash(await blobCommitment(blob))) === hash) return blob;
  }
  if (candidates.length > 0)
    throw wrongData(
      `blob ${hash}: got ${candidates.length} others from the source, expected the one of this hash`,
    );
  throw notFound(
    `blob ${hash} of L1 block ${place.blockNumber}`,
    'give a source that keeps blobs for longer',
  );
}

async function chunksInPages(
  reader: PublicClient,
  core: Address,
  { blockNumber }: L1Place,
  { point, chunks }: NonNullable<OsOutput['evaluations']>,
  { pageSource, maxRange = 1_000 }: ReadBackOptions,
): Promise<Felt[][]> {
  const read = <N extends 'isDataOnChain' | 'dataPages'>(functionName: N) =>
    answered(`core contract ${core}`, reader.readContract({ address: core, abi: CORE_ABI, functionName }));
  const isOnChain = await read('isDataOnChain');
  const facts = chunks.map(({ commitment, value }) => {
    const hash = bytesToHex(commitmentBytes(commitment, 'pages'));
    return { hash, fact: pageFact(hash, point, value) };
  });
  const shown = isOnChain
    ? await shownPages(
        reader,
        await read('dataPages'),
        facts.map(({ fact }) => fact),
        blockNumber,
        maxRange,
      )
    : undefined;
  return Promise.all(
    facts.map(async ({ hash, fact }) => {
      const words = shown === undefined ? await pageSource?.(hash) : shown.get(fact);
      if (words === undefined)
        throw notFound(`page ${hash}`, isOnChain ? undefined : 'give a source of the pages of this validium');
      if (bytesToHex(pageHash(words)) !== hash)
        throw wrongData(`page ${hash}: got other words, expected those of this hash`);
      return [...words];
    }),
  );
}

/** The words of pages, by their facts, looked for backwards from a block: they are shown shortly before they are needed. */
async function shownPages(
  reader: PublicClient,
  dataPages: Address,
  facts: readonly Hex[],
  before: bigint,
  maxRange: number,
): Promise<Map<Hex, readonly Felt[]>> {
  const found = new Map<Hex, readonly Felt[]>();
  for (let to = before; to >= 0n && facts.some((fact) => !found.has(fact)); to -= BigInt(maxRange)) {
    const from = to - BigInt(maxRange) + 1n;
    const logs = await answered(
      `data pages ${dataPages}`,
      reader.getLogs({
        address: dataPages,
        event: DATA_PAGES_ABI[3],
        args: { fact: [...facts] },
        fromBlock: from > 0n ? from : 0n,
        toBlock: to,
        strict: true,
      }),
    );
    for (const { args } of logs) found.set(args.fact, args.words);
  }
  return found;
}

function unreadable(core: Address, place: L1Place, why: string): CairnError<SettlementErrorCode> {
  return new CairnError(
    'UNREADABLE_STATE_UPDATE',
    `core contract ${core}, transaction ${place.transactionHash}: ${why}`,
  );
}

function wrongData(what: string): CairnError<SettlementErrorCode> {
  return new CairnError('WRONG_DATA', what);
}

function notFound(what: string, fix: string | undefined): CairnError<SettlementErrorCode> {
  return new CairnError('DATA_NOT_FOUND', `${what}: not found`, fix === undefined ? {} : { fix });
}
