import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chain, type DevAccount, genesisContents, STRK_TOKEN } from '@cairn/node';
import { shortString } from '@cairn/primitives';
import { LmdbEngine } from '@cairn/storage';
import { requestBody } from '../bench/sequencer.bench.ts';
import { rpc, startCairn } from '../e2e/cairnProcess.ts';
import { TEST_CONFIG } from '../node/testSequencer.ts';
import { signedInvoke, transferCall } from '../node/wallet.ts';
import { replayChain } from './replay.ts';

const CHAIN_ID = shortString('CAIRN_DEV');
/** Answers that say the node already has what a retry sends. */
const ALREADY_THERE = new Set([52, 59]);

/** What a run of kills found. */
export interface KillReport {
  killCount: number;
  acceptedCount: number;
  blockCount: number;
  lost: string[];
  differentBlocks: number[];
}

/** One account that sends transfers one after the other, and again after a crash. */
class Lane {
  readonly accepted: string[] = [];
  readonly #account: DevAccount;
  #nonce = 0;

  constructor(account: DevAccount) {
    this.#account = account;
  }

  /** Sends until the node is gone or `stopped` says so. */
  async run(url: string, stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      const call = transferCall(STRK_TOKEN, 0x20000n + BigInt(this.#nonce % 50), 1n);
      const body = requestBody(signedInvoke(this.#account, CHAIN_ID, this.#nonce, [call]));
      let answer: any;
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
        answer = await response.json();
      } catch {
        return;
      }
      if (answer.result) this.accepted.push(answer.result.transaction_hash);
      else if (!ALREADY_THERE.has(answer.error.code)) throw new Error(JSON.stringify(answer.error));
      this.#nonce++;
    }
  }
}

/**
 * Runs `cairn up` on a data folder under load, kills it with SIGKILL `killCount` times at random moments, and
 * checks that every accepted transaction is in a block and that a replay gives the same block hashes.
 */
export async function killAndRestart(killCount: number, random: () => number): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-kill-'));
  const settings = [
    '--data-dir',
    folder,
    '--block-mode',
    'interval',
    '--block-time-ms',
    '40',
    '--mempool-ttl-ms',
    '86400000',
  ];
  const lanes = genesisContents({ seed: 0, accountCount: 4 }).accounts.map((account) => new Lane(account));
  for (let kill = 0; kill < killCount; kill++) {
    const node = await startCairn(...settings);
    let stopped = false;
    const sending = Promise.all(lanes.map((lane) => lane.run(`${node.url}/rpc`, () => stopped)));
    await new Promise((resolve) => setTimeout(resolve, 5 + random() * 250));
    const gone = new Promise((resolve) => node.child.once('exit', resolve));
    node.child.kill('SIGKILL');
    stopped = true;
    await gone;
    await sending;
  }
  const node = await startCairn(...settings);
  const accepted = lanes.flatMap((lane) => lane.accepted);
  const lost: string[] = [];
  for (const hash of accepted) if (!(await isIncluded(`${node.url}/rpc`, hash))) lost.push(hash);
  await node.stop();

  const engine = new LmdbEngine(folder);
  const config = { ...TEST_CONFIG.genesis, accountCount: 10 };
  const chain = Chain.open(engine, config);
  const differentBlocks = replayChain(chain, config);
  const blockCount = chain.head.block.header.blockNumber + 1;
  await engine.close();
  rmSync(folder, { recursive: true });
  return { killCount, acceptedCount: accepted.length, blockCount, lost, differentBlocks };
}

async function isIncluded(url: string, hash: string): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { result } = await rpc(url, 'starknet_getTransactionStatus', { transaction_hash: hash });
    if (result?.finality_status === 'ACCEPTED_ON_L2') return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
