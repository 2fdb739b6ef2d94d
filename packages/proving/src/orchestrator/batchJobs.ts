import { cairoAir, decodeProofFile } from '@cairn/cairo-air';
import { parseOsOutput } from '@cairn/os';
import { CairnError, type Felt, formatFelt } from '@cairn/primitives';
import {
  encodeStatement,
  factOf,
  isFactRegistered,
  isProven,
  type L1Clients,
  type ProvenBlob,
  programClaim,
  registerDataPages,
  registerFact,
  settleState,
  splitProof,
  verifyInParts,
} from '@cairn/settlement';
import { C96, decodeProof } from '@cairn/stark';
import type { BlobStore } from '@cairn/storage';
import type { ChainClient } from '../chainClient.ts';
import type { ProvingErrorCode } from '../errors.ts';
import { osLayout } from '../osProof/osLayout.ts';
import { osProgramHash, osVerifyingKey } from '../osProof/osVerifier.ts';
import type { RollupManifest } from '../rollup/rollupManifest.ts';
import {
  fromHex,
  type L1Record,
  type OsRunRecord,
  type ProveRecord,
  type PublishDataRecord,
  type RegisterProofRecord,
  type UpdateStateRecord,
} from './batchResults.ts';
import type { OsThread } from './osThread.ts';

/** What public pools take as a transaction (128 KiB), with room for the rest of it. */
const PART_BYTES = 90_000;

/** What the jobs of a batch work with. Each of them may be done again at any time: what L1 has already is not sent twice. */
export interface BatchParts {
  readonly chain: ChainClient;
  readonly files: BlobStore;
  readonly os: OsThread;
  readonly l1: L1Clients;
  readonly rollup: RollupManifest;
}

const utf8 = new TextEncoder();
type Receipt = { readonly transactionHash: string; readonly gasUsed: bigint };

/** Runs the OS over the blocks. @throws CairnError `BLOCK_DIFFERS`, and those of the node and of `runOs`. */
export async function runOsOverBatch(
  { chain, files, os, rollup }: Pick<BatchParts, 'chain' | 'files' | 'os' | 'rollup'>,
  { firstBlock, lastBlock }: { readonly firstBlock: number; readonly lastBlock: number },
): Promise<OsRunRecord> {
  const started = Date.now();
  const text = await chain.osInput(firstBlock, lastBlock);
  const { input, output, data, stepCount } = await os.run(
    text,
    rollup.data === 'validium' ? 'pages' : rollup.data,
  );
  return {
    inputFile: await files.put(utf8.encode(input)),
    output: output.map(formatFelt),
    data: data.map(formatFelt),
    stepCount,
    seconds: secondsSince(started),
  };
}

/**
 * Puts pages of data on L1, or makes the blobs that the state update will carry, while provers are busy; in other modes the data
 * is in the output or stays away.
 */
export async function publishData(
  { files, os, l1, rollup }: BatchParts,
  run: OsRunRecord,
): Promise<PublishDataRecord> {
  const started = Date.now();
  const [output, data] = [fromHex(run.output), fromHex(run.data)];
  if (rollup.data === 'blobs') {
    const blobs = await os.blobs(output, data);
    return { ...l1Record([], started), blobsFile: await files.put(utf8.encode(JSON.stringify(blobs))) };
  }
  if (rollup.data !== 'pages') return l1Record([], started);
  const { evaluations } = parseOsOutput(output);
  return l1Record(await registerDataPages(l1, rollup.dataPages, data, evaluations!.point), started);
}

/** Has the contracts verify the proof, and the registry remember what it shows. */
export async function registerProof(
  { files, l1, rollup }: BatchParts,
  run: OsRunRecord,
  { proofFile }: ProveRecord,
): Promise<RegisterProofRecord> {
  const started = Date.now();
  const { statement, stark, logMaxHeight } = readProof(await fileOf(files, proofFile));
  const verifier = rollup.verifiers.find((candidate) => candidate.logMaxHeight === logMaxHeight);
  const key = osVerifyingKey(logMaxHeight);
  if (verifier === undefined)
    throw new CairnError<ProvingErrorCode>(
      'UNSUPPORTED_HEIGHT',
      `the rollup has no verifier of proofs of 2^${logMaxHeight} rows`,
    );
  const fact = factOf(verifier, rollup.factRegistry, programClaim(osProgramHash(), fromHex(run.output)));
  const receipts: Receipt[] = [];
  if (!(await isFactRegistered(l1, rollup.factRegistry, fact))) {
    if (!(await isProven(l1, verifier, statement)))
      receipts.push(...(await verifyInParts(l1, verifier, statement, splitProof(key, stark, PART_BYTES))));
    receipts.push(await registerFact(l1, verifier, rollup.factRegistry, statement));
  }
  return { ...l1Record(receipts, started), fact, verifier: verifier.verifier };
}

/** Moves the state of the core contract. */
export async function updateCoreState(
  { files, l1, rollup }: BatchParts,
  run: OsRunRecord,
  { blobsFile }: PublishDataRecord,
): Promise<UpdateStateRecord> {
  const started = Date.now();
  const blobs =
    blobsFile === undefined
      ? {}
      : { blobs: JSON.parse(new TextDecoder().decode(await fileOf(files, blobsFile))) as ProvenBlob[] };
  const { update, pages } = await settleState(l1, rollup.core, fromHex(run.output), fromHex(run.data), blobs);
  const receipts = update === undefined ? pages : [...pages, update];
  return { ...l1Record(receipts, started), update: update?.transactionHash ?? null };
}

/** The parts of a proof that contracts take. @throws CairnError `WRONG_PROOF` */
function readProof(proof: Uint8Array): {
  statement: Uint8Array;
  stark: Uint8Array;
  logMaxHeight: number;
} {
  const file = decodeProofFile(proof);
  const decoded = file && decodeProof(cairoAir(osLayout()).air, C96.parameters, file.stark);
  if (!decoded?.ok)
    throw new CairnError<ProvingErrorCode>('WRONG_PROOF', 'the stored file is no proof of an OS run');
  const statement = encodeStatement(file!, { isProgramFixed: true });
  return { statement, stark: file!.stark, logMaxHeight: decoded.layout.logMaxHeight };
}

/** A file that a job before has stored. @throws CairnError `FILE_MISSING`, and those of the store. */
export async function fileOf(files: BlobStore, hash: string): Promise<Uint8Array> {
  const bytes = await files.get(hash);
  if (bytes !== undefined) return bytes;
  throw new CairnError<ProvingErrorCode>(
    'FILE_MISSING',
    `file ${hash}: the store does not have it any more`,
    {
      fix: 'retry the job that made it: `cairn jobs retry`',
    },
  );
}

function l1Record(receipts: readonly Receipt[], startedMs: number): L1Record {
  return {
    transactions: receipts.map(({ transactionHash }) => transactionHash),
    gasUsed: receipts.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0),
    seconds: secondsSince(startedMs),
  };
}

function secondsSince(startedMs: number): number {
  return (Date.now() - startedMs) / 1000;
}

/** The felts of a stored output. */
export const outputOf = (run: OsRunRecord): Felt[] => fromHex(run.output);
