import type { ContractAddress, Felt } from '@cairn/primitives';
import type { DataPlace } from '../input/osInput.ts';
import { decompress } from './compression.ts';
import type { ChunkCommitment } from './evaluate.ts';
import { type OutputStateDiff, readFullStateDiff, readStateDiff } from './stateDiffWords.ts';
import { invalidOutput, WordReader } from './wordReader.ts';

/** A message to L1 as the output has it. */
export interface OutputMessageToL1 {
  fromAddress: ContractAddress;
  toAddress: Felt;
  payload: Felt[];
}

/** A handled message from L1 as the output has it. */
export interface OutputMessageToL2 {
  fromAddress: Felt;
  toAddress: ContractAddress;
  nonce: Felt;
  selector: Felt;
  payload: Felt[];
}

/** The word of the output that tells where the data is. */
export const DATA_PLACES: Readonly<Record<DataPlace['kind'], bigint>> = { output: 0n, blobs: 1n, pages: 3n };

/** What the output shows of data that lies elsewhere. */
export interface Evaluations {
  point: Felt;
  chunks: { commitment: ChunkCommitment; value: bigint }[];
}

/** What an OS run says. @see os-and-settlement.md section 2.1 */
export interface OsOutput {
  initialRoot: Felt;
  finalRoot: Felt;
  /** −1 as a felt before block 0. */
  previousBlockNumber: Felt;
  newBlockNumber: Felt;
  previousBlockHash: Felt;
  newBlockHash: Felt;
  osProgramHash: Felt;
  configHash: Felt;
  dataPlace: DataPlace['kind'];
  fullOutput: boolean;
  messagesToL1: OutputMessageToL1[];
  messagesToL2: OutputMessageToL2[];
  /** Absent when the data is in the output. */
  evaluations?: Evaluations;
  /** Words of the data, compressed unless in the full form; none when it lies elsewhere. */
  data: Felt[];
}

/** Reads the output of an OS run. @throws CairnError `INVALID_OS_OUTPUT`, `INVALID_COMPRESSED_DATA` */
export function parseOsOutput(words: readonly Felt[]): OsOutput {
  const reader = new WordReader(words);
  const header = {
    initialRoot: reader.next(),
    finalRoot: reader.next(),
    previousBlockNumber: reader.next(),
    newBlockNumber: reader.next(),
    previousBlockHash: reader.next(),
    newBlockHash: reader.next(),
    osProgramHash: reader.next(),
    configHash: reader.next(),
    dataPlace: readPlace(reader),
    fullOutput: readFlag(reader),
  };
  const evaluations = header.dataPlace === 'output' ? undefined : readEvaluations(reader);
  const messagesToL1 = readMessages(reader.segment(), (it) => ({
    fromAddress: it.next(),
    toAddress: it.next(),
    payload: it.list(() => it.next()),
  }));
  const messagesToL2 = readMessages(reader.segment(), (it) => ({
    fromAddress: it.next(),
    toAddress: it.next(),
    nonce: it.next(),
    selector: it.next(),
    payload: it.list(() => it.next()),
  }));
  const data = reader.rest();
  if (evaluations && data.length > 0) throw invalidOutput('words stand behind the messages');
  return { ...header, ...(evaluations && { evaluations }), messagesToL1, messagesToL2, data };
}

/**
 * The changes that data tells, as it stands in an output or was found elsewhere.
 * @throws CairnError `INVALID_OS_OUTPUT`, `INVALID_COMPRESSED_DATA`
 */
export function stateDiffOfData(data: readonly Felt[], isFull: boolean): OutputStateDiff {
  const { words, length } = isFull ? { words: data, length: data.length } : decompress(data);
  const reader = new WordReader(words);
  const diff = isFull ? readFullStateDiff(reader) : readStateDiff(reader);
  if (length !== data.length || !reader.isAtEnd) throw invalidOutput('words stand behind the state diff');
  return diff;
}

function readPlace(reader: WordReader): DataPlace['kind'] {
  const word = reader.next();
  const place = (['output', 'blobs', 'pages'] as const).find((name) => DATA_PLACES[name] === word);
  if (place === undefined) throw invalidOutput(`got ${word} for the place of the data, expected 0, 1 or 3`);
  return place;
}

function readEvaluations(reader: WordReader): Evaluations {
  const point = reader.next();
  const commitments = reader.list((): ChunkCommitment => [reader.next(), reader.next()]);
  const chunks = commitments.map((commitment) => ({
    commitment,
    value: reader.next() + (reader.next() << 128n),
  }));
  return { point, chunks };
}

function readFlag(reader: WordReader): boolean {
  const word = reader.next();
  if (word > 1n) throw invalidOutput(`got a flag of ${word}, expected 0 or 1`);
  return word === 1n;
}

function readMessages<T>(reader: WordReader, read: (reader: WordReader) => T): T[] {
  const messages: T[] = [];
  while (!reader.isAtEnd) messages.push(read(reader));
  return messages;
}
