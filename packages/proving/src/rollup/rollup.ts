import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OsInput } from '@cairn/os';
import { CairnError, type ContractAddress, decodeShortString, type Felt } from '@cairn/primitives';
import {
  coreState,
  DEV_L1_KEY,
  type DevL1,
  hasCode,
  type L1Clients,
  l1Clients,
  readCore,
  startDevL1,
} from '@cairn/settlement';
import {
  type BlobStore,
  FileBlobs,
  MemoryBlobs,
  openEmbeddedSql,
  openPostgres,
  S3Blobs,
  type S3Place,
  type SqlDatabase,
} from '@cairn/storage';
import { ChainClient } from '../chainClient.ts';
import type { ProvingErrorCode } from '../errors.ts';
import { JobStore } from '../jobs/jobStore.ts';
import type { BatchLimits } from '../orchestrator/nextBatch.ts';
import { ORCHESTRATOR_KINDS, Orchestrator, type OrchestratorEvents } from '../orchestrator/orchestrator.ts';
import { OsThread } from '../orchestrator/osThread.ts';
import { osProgramHash } from '../osProof/osVerifier.ts';
import { ProverDesk } from '../prover/proverDesk.ts';
import { deployRollup } from './deployRollup.ts';
import type { DataAvailability, L1Address, RollupManifest } from './rollupManifest.ts';

/** How a chain is taken to L1. */
export interface RollupOptions {
  /** JSON-RPC of the node whose blocks are settled. */
  readonly nodeUrl: string;
  readonly chain: OsInput['chain'];
  readonly genesis: { readonly stateRoot: Felt; readonly blockHash: Felt };
  /** Ethereum node; undefined starts one of our own on `l1Port`. */
  readonly l1Url?: string;
  readonly l1Port: number;
  /** Private key that deploys, sends proofs and moves the state; by default anvil's first, which everyone knows. */
  readonly l1Key?: L1Address;
  readonly data: DataAvailability;
  /** The bridge's other half, a contract of L2. */
  readonly l2Bridge: ContractAddress;
  readonly cancellationDelaySeconds: number;
  readonly governanceDelaySeconds: number;
  /** Folder of jobs, proofs and the dev L1; undefined keeps all in memory. */
  readonly dataDir?: string;
  /** PostgreSQL instead of the database of our own. */
  readonly databaseUrl?: string;
  /** S3-compatible store of proofs instead of files. */
  readonly s3?: S3Place;
  readonly limits: BatchLimits;
  readonly events: OrchestratorEvents & {
    /** What start-up does next. */
    starting?(what: string): void;
    /** The L1 of our own has ended. */
    l1Ended?(): void;
  };
}

/** A chain's way to L1: contracts, jobs, files, and the desk where provers fetch work. */
export interface Rollup {
  readonly manifest: RollupManifest;
  readonly l1Url: string;
  readonly l1: L1Clients;
  readonly jobs: JobStore;
  readonly files: BlobStore;
  readonly desk: ProverDesk;
  stop(): Promise<void>;
}

/**
 * Starts everything that settles a chain. L1 is the only cursor: what it does not have is done again.
 * @throws CairnError `WRONG_ROLLUP` when the contracts are of another program or chain, and those of settlement and storage.
 */
export async function startRollup(options: RollupOptions): Promise<Rollup> {
  const { dataDir, events } = options;
  const closers: (() => Promise<void>)[] = [];
  try {
    if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
    events.starting?.(options.l1Url === undefined ? 'an L1 (anvil)' : `L1 at ${options.l1Url}`);
    const l1Url = await openL1(options, closers);
    const l1 = await l1Clients(l1Url, options.l1Key ?? DEV_L1_KEY);
    const manifest = await findOrDeploy(options, l1);
    const jobs = await JobStore.open(await openDatabase(options, closers));
    await jobs.bindTo(`${manifest.chainId} ${manifest.l1ChainId} ${manifest.core}`);
    // A database of our own has no other orchestrator: what one had in hand died with it.
    if (options.databaseUrl === undefined) await jobs.releaseAll(ORCHESTRATOR_KINDS, Date.now());
    const { blockNumber: settledBlock } = await coreState(l1, manifest.core);
    const files = openFiles(options);
    // Proofs are checked at once, whatever else is computed.
    const [os, checker] = [new OsThread(), new OsThread()];
    os.warmUp();
    checker.warmUp();
    closers.push(
      () => os.close(),
      () => checker.close(),
    );
    const orchestrator = new Orchestrator({
      files,
      os,
      jobs,
      events,
      chain: new ChainClient(options.nodeUrl),
      l1,
      rollup: manifest,
      limits: options.limits,
      settledBlock,
    });
    orchestrator.start();
    closers.push(() => orchestrator.stop());
    return {
      manifest,
      l1Url,
      l1,
      jobs,
      files,
      desk: new ProverDesk({ files, os: checker, jobs, events }),
      stop: () => closeAll(closers),
    };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** The last opened first. */
async function closeAll(closers: (() => Promise<void>)[]): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

async function openL1(
  { l1Url, l1Port, dataDir, events }: RollupOptions,
  closers: (() => Promise<void>)[],
): Promise<string> {
  if (l1Url !== undefined) return l1Url;
  const stateFile = dataDir === undefined ? undefined : join(dataDir, 'l1.json');
  const anvil: DevL1 = await startDevL1({ port: l1Port, ...(stateFile && { stateFile }) });
  closers.push(() => anvil.stop());
  anvil.onExit(() => events.l1Ended?.());
  return anvil.url;
}

async function openDatabase(
  { databaseUrl, dataDir }: RollupOptions,
  closers: (() => Promise<void>)[],
): Promise<SqlDatabase> {
  const database =
    databaseUrl === undefined
      ? await openEmbeddedSql(dataDir && join(dataDir, 'jobs'))
      : await openPostgres(databaseUrl);
  closers.push(() => database.close());
  return database;
}

function openFiles({ s3, dataDir }: RollupOptions): BlobStore {
  if (s3 !== undefined) return new S3Blobs(s3);
  return dataDir === undefined ? new MemoryBlobs() : new FileBlobs(join(dataDir, 'files'));
}

/** The rollup that the data folder knows, if L1 still has it, or a new one. */
async function findOrDeploy(options: RollupOptions, l1: L1Clients): Promise<RollupManifest> {
  const { dataDir, chain, events } = options;
  const file = dataDir === undefined ? undefined : join(dataDir, 'rollup.json');
  const known =
    file !== undefined && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as RollupManifest)
      : undefined;
  const isThere = known !== undefined && (await hasCode(l1, known.core));
  // An L1 of our own that was killed before it had written its state; then the jobs are of no use either.
  if (known !== undefined && !isThere && options.l1Url === undefined)
    rmSync(join(dataDir!, 'jobs'), { recursive: true, force: true });
  else if (known !== undefined) {
    const programHash = isThere ? (await readCore(l1, known.core)).programHash : undefined;
    const name = decodeShortString(chain.chainId);
    if (programHash === osProgramHash() && known.chainId === name) return known;
    throw new CairnError<ProvingErrorCode>(
      'WRONG_ROLLUP',
      programHash === undefined
        ? `${file}: there is no core contract at ${known.core}`
        : `core contract ${known.core}: got program 0x${programHash.toString(16)} of chain ${known.chainId}, expected 0x${osProgramHash().toString(16)} of ${name}`,
      { fix: `Name the L1 of this rollup by --l1-url, or remove ${dataDir} to settle on a new one.` },
    );
  }
  events.starting?.('the contracts of the rollup');
  const manifest = await deployRollup(
    l1,
    {
      chain,
      genesis: options.genesis,
      data: options.data,
      l2Bridge: options.l2Bridge,
      cancellationDelay: BigInt(options.cancellationDelaySeconds),
      governanceDelay: BigInt(options.governanceDelaySeconds),
    },
    (what) => events.starting?.(what),
  );
  if (file !== undefined) writeFileSync(file, JSON.stringify(manifest, null, 2));
  return manifest;
}
