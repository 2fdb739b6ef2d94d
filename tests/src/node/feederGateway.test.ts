import { STRK_TOKEN } from '@cairn/node';
import { parseFelt, verifySignature } from '@cairn/primitives';
import { sierraClassHash, stateRoot } from '@cairn/protocol';
import {
  conformBlock,
  parseFeederBlock,
  parseFeederStateUpdate,
  type RpcServer,
  readContractClass,
  startRpcServer,
} from '@cairn/rpc';
import { applyStateDiff, EMPTY_ROOTS, MemoryStateStore } from '@cairn/state';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testSequencer } from './testSequencer.ts';
import { signedInvoke, transferCall } from './wallet.ts';

const { sequencer, errors } = testSequencer({ blockMode: { kind: 'demand' } });
const [alice, bob] = sequencer.chain.genesis.accounts;
let server: RpcServer;
let nonce = 0;

const get = async (path: string): Promise<any> =>
  (await fetch(`${server.url}/feeder_gateway/${path}`)).json();
const transfer = (amount: bigint) =>
  sequencer.backend.submit({
    transaction: signedInvoke(alice!, sequencer.chain.info.chainId, nonce++, [
      transferCall(STRK_TOKEN, bob!.address, amount),
    ]),
    query: false,
    hasProof: false,
  });

beforeAll(async () => {
  server = await startRpcServer({ backend: sequencer.backend, host: '127.0.0.1', port: 0 });
  for (let block = 0; block < 12; block++) {
    // One that fails, and a message from L1, beside transfers.
    for (const amount of [1n, 10n ** 40n]) await transfer(amount);
    if (block === 3) {
      await sequencer.dev.sendMessage(
        {
          type: 'L1_HANDLER',
          version: 0,
          contractAddress: STRK_TOKEN,
          entryPointSelector: 1n,
          calldata: [0xe7n, 1n],
          nonce: 5n,
        },
        1n,
      );
    }
    await sequencer.producer.whenIdle();
    sequencer.producer.closeBlock();
  }
});

afterAll(async () => {
  await server.close();
  await sequencer.stop();
});

describe('a node that syncs from the feeder gateway', () => {
  it('finds every hash, commitment, root, class and signature right', async () => {
    const store = new MemoryStateStore();
    let roots = EMPTY_ROOTS;
    let parentHash = 0n;
    const publicKey = parseFelt(await get('get_public_key'));
    const latest = await get('get_block?blockNumber=latest&headerOnly=true');
    expect(latest.block_number).toBe(12);
    for (let number = 0; number <= latest.block_number; number++) {
      const { block, state_update, signature } = await get(
        `get_state_update?blockNumber=${number}&includeBlock=true&includeSignature=true`,
      );
      const checks = conformBlock({ block, stateUpdate: state_update, chainId: 'CAIRN_DEV' });
      expect(checks.filter(({ equal }) => !equal)).toEqual([]);
      const { header } = parseFeederBlock(block);
      expect(header.parentHash).toBe(parentHash);
      parentHash = header.blockHash;

      const { stateDiff, newRoot } = parseFeederStateUpdate(state_update);
      const applied = applyStateDiff(roots, stateDiff, store);
      store.write(applied.batch);
      roots = applied.roots;
      expect(stateRoot(roots.contractsRoot, roots.classesRoot, header.starknetVersion)).toBe(newRoot);

      for (const [classHash] of stateDiff.declaredClasses) {
        const cls = await get(
          `get_class_by_hash?classHash=0x${classHash.toString(16)}&blockNumber=${number}`,
        );
        expect(sierraClassHash(readContractClass(cls, 'class'))).toBe(classHash);
      }
      const [r, s] = signature.map(parseFelt);
      expect(verifySignature(publicKey, header.blockHash, r, s)).toBe(true);
    }
    expect(errors).toEqual([]);
  });

  it('follows the block being built by its new transactions', async () => {
    const ask = (identifier: string, count: number) =>
      get(
        `get_preconfirmed_block?blockNumber=latest&blockIdentifier=${identifier}&knownTransactionCount=${count}`,
      );
    await transfer(1n);
    await sequencer.producer.whenIdle();
    const first = await ask('0x0', 0);
    expect(first.transactions).toHaveLength(1);
    await transfer(2n);
    await sequencer.producer.whenIdle();
    const delta = await ask(first.block_identifier, 1);
    expect(delta).toMatchObject({
      block_identifier: first.block_identifier,
      block_number: 13,
      changed: true,
    });
    expect(delta.transactions).toHaveLength(1);
    expect(delta.transaction_receipts[0].transaction_index).toBe(1);
    expect(delta).not.toHaveProperty('timestamp');
    expect(await ask(first.block_identifier, 2)).toEqual({ changed: false });
    sequencer.producer.closeBlock();
    const next = await ask(first.block_identifier, 2);
    expect(next).toMatchObject({ block_number: 14, changed: true, transactions: [] });
    expect(next.block_identifier).not.toBe(first.block_identifier);
  });
});
