import { compress } from '@cairn/os';
import { PRIME } from '@cairn/primitives';
import { type Address, bytesToHex, encodeFunctionData, type Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobOf } from '../data/blob.ts';
import { pageHash } from '../data/chunkCommitments.ts';
import { compile } from '../testing/askVerifier.ts';
import {
  type CredulousChain,
  outputInside,
  outputOutside,
  startCredulousChain,
} from '../testing/credulousCore.ts';
import { compileContract } from '../verifier/compileSources.ts';
import { beaconBlobs } from './blobSources.ts';
import { CORE_ABI, type CoreSetup } from './core.ts';
import { deployContract } from './deploy.ts';
import { type ReadBackOptions, readBack, type SettledRange } from './readBack.ts';
import { settleState } from './settleState.ts';

/** The data of so many random words, compressed: a little longer. */
const dataOf = (count: number) =>
  compress(Array.from({ length: count }, (_, i) => (BigInt(i + 3) ** 99n * 7n) % PRIME));

let chain: CredulousChain;
beforeAll(async () => {
  chain = await startCredulousChain();
}, 60_000);
afterAll(() => chain?.stop());

async function read(
  core: Address,
  fromBlock: bigint,
  options: Partial<ReadBackOptions> = {},
): Promise<SettledRange[]> {
  const ranges: SettledRange[] = [];
  const all = { fromBlock, blobSource: beaconBlobs(chain.url), ...options };
  for await (const range of readBack(chain.reader, core, all)) ranges.push(range);
  return ranges;
}
const head = () => chain.reader.getBlockNumber({ cacheTime: 0 });

/** A core that has settled one output. */
async function settled(
  output: readonly bigint[],
  data: readonly bigint[],
  setup: Partial<CoreSetup> = {},
): Promise<[core: Address, fromBlock: bigint]> {
  const core = await chain.core(setup);
  const fromBlock = await head();
  await chain.prove(output);
  await settleState(chain, core, output, data);
  return [core, fromBlock];
}

/** The same transition, but of the blocks after; `count` ranges of one block behind block 5. */
const later = (count: number) => ({
  0: count === 1 ? 0xbbn : 0xb00n + BigInt(count - 1),
  1: 0xb00n + BigInt(count),
  2: 4n + BigInt(count),
  3: 5n + BigInt(count),
  4: count === 1 ? 0xb5n : 0xc00n + BigInt(count - 1),
  5: 0xc00n + BigInt(count),
});

describe('reading back', () => {
  it('gives every range in order with its data, wherever that is', async () => {
    const me = BigInt(chain.wallet.account.address);
    const core = await chain.core();
    const fromBlock = await head();
    await chain.call(core, 'sendMessageToL2', [5n, 6n, [7n]], 9n);
    const [inside, pages, blobs] = [dataOf(3), dataOf(4000), dataOf(4200)];
    const toL1 = [0x77n, me, 1n, 8n];
    const outputs = [
      outputInside({}, toL1, [me, 5n, 0n, 6n, 1n, 7n], inside),
      await outputOutside(pages, 'pages', later(1), toL1),
      await outputOutside(blobs, 'blobs', later(2)),
      outputInside({ ...later(3), 3: 10n }, [], [], inside),
    ];
    const all = [inside, pages, blobs, inside];
    for (const [i, output] of outputs.entries()) {
      await chain.prove(output);
      // Pages may stand far before the update.
      await settleState(chain, core, output, all[i]!, { blobProofs: 'blob' });
      await chain.rpc('anvil_mine', 5);
    }
    const ranges = await read(core, fromBlock, { maxRange: 3 });
    expect(ranges.map(({ data }) => data)).toEqual(all);
    expect(ranges.map(({ dataPlace }) => dataPlace)).toEqual(['output', 'pages', 'blobs', 'output']);
    expect(ranges.map(({ firstBlock, lastBlock }) => [firstBlock, lastBlock])).toEqual([
      [5, 5],
      [6, 6],
      [7, 7],
      [8, 10],
    ]);
    for (const [i, range] of ranges.entries()) {
      if (i === 0) continue;
      expect(range.initialRoot).toBe(ranges[i - 1]!.root);
      expect(range.previousBlockHash).toBe(ranges[i - 1]!.blockHash);
    }
    const message = { fromAddress: 0x77n, toAddress: me, payload: [8n] };
    expect(ranges.map(({ messagesToL1 }) => messagesToL1)).toEqual([[message], [message], [], []]);
    expect(ranges[0]!.messagesToL2).toEqual([
      { fromAddress: me, toAddress: 5n, nonce: 0n, selector: 6n, payload: [7n] },
    ]);
    expect((await read(core, ranges[1]!.place.blockNumber)).length).toBe(3);
    expect((await read(core, fromBlock, { toBlock: ranges[1]!.place.blockNumber })).length).toBe(2);
  });

  it('starts before block 0', async () => {
    const output = outputInside({ 0: 0n, 2: PRIME - 1n, 3: 2n, 4: 0n });
    const [core, fromBlock] = await settled(output, [9n], { root: 0n, blockNumber: -1n, blockHash: 0n });
    expect(await read(core, fromBlock)).toMatchObject([{ firstBlock: 0, lastBlock: 2 }]);
  });

  it('takes no blob that is not the one, and goes on without those beside it', async () => {
    const data = dataOf(5);
    const [core, fromBlock] = await settled(await outputOutside(data, 'blobs'), data);
    const honest = blobOf(data);
    const from = (...blobs: Uint8Array[]) => read(core, fromBlock, { blobSource: async () => blobs });
    expect(await from(blobOf([1n]), honest)).toMatchObject([{ data }]);
    // It has the honest one's value at the output's point, which everyone knows by now.
    const altered = honest.slice();
    altered[31]! ^= 1;
    await expect(from(altered)).rejects.toMatchObject({ code: 'WRONG_DATA' });
    await expect(from()).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
    await expect(read(core, fromBlock, { blobSource: undefined as never })).rejects.toMatchObject({
      code: 'DATA_NOT_FOUND',
    });
    await expect(from(honest.slice(1))).rejects.toMatchObject({ code: 'INVALID_BLOB' });
  });

  it('asks a validium’s own source, and believes no other words', async () => {
    const data = dataOf(6);
    const [core, fromBlock] = await settled(await outputOutside(data, 'pages'), data, { dataOnChain: false });
    const asked: Hex[] = [];
    const from = (words: readonly bigint[] | undefined) =>
      read(core, fromBlock, {
        pageSource: async (hash) => {
          asked.push(hash);
          return words;
        },
      });
    expect(await from(data)).toMatchObject([{ data }]);
    expect(asked).toEqual([bytesToHex(pageHash(data))]);
    await expect(from(data.with(0, 1n))).rejects.toMatchObject({ code: 'WRONG_DATA' });
    await expect(from(undefined)).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
    await expect(read(core, fromBlock)).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  });

  it('refuses data that the output does not stand for, or that is none', async () => {
    // Of a verifier that believes everything: the point belongs to other data.
    const other = await outputOutside(dataOf(7), 'pages');
    const [core, fromBlock] = await settled(
      await outputOutside(dataOf(8), 'pages', { 10: other[10]! }),
      dataOf(8),
      { dataOnChain: false },
    );
    await expect(read(core, fromBlock, { pageSource: async () => dataOf(8) })).rejects.toMatchObject({
      code: 'WRONG_DATA',
    });
    const noise = [1n, 2n, 3n];
    const [second, start] = await settled(await outputOutside(noise, 'pages'), noise);
    await expect(read(second, start)).rejects.toMatchObject({ code: 'WRONG_DATA' });
  });

  it('does not read an update that another contract has made', async () => {
    const forwarder = await deployContract(
      chain,
      compileContract(
        compile,
        'Solidity',
        'Forwarder',
        `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
contract Forwarder {
    function forward(address to, bytes calldata data) external {
        (bool ok,) = to.call(data);
        require(ok);
    }
}`,
      ),
    );
    const core = await chain.core({ operator: forwarder });
    const fromBlock = await head();
    const output = outputInside();
    await chain.prove(output);
    const data = encodeFunctionData({ abi: CORE_ABI, functionName: 'updateState', args: [output, 0n, 0n] });
    const hash = await chain.wallet.writeContract({
      address: forwarder,
      abi: [
        {
          type: 'function',
          name: 'forward',
          stateMutability: 'nonpayable',
          inputs: [{ type: 'address' }, { type: 'bytes' }],
          outputs: [],
        },
      ],
      functionName: 'forward',
      args: [core, data],
    });
    await chain.reader.waitForTransactionReceipt({ hash });
    await expect(read(core, fromBlock)).rejects.toMatchObject({ code: 'UNREADABLE_STATE_UPDATE' });
  });
});

describe('blobs of a consensus node', () => {
  const hash: Hex = `0x01${'22'.repeat(31)}`;
  it('are asked for by slot and hash', async () => {
    const asked: string[] = [];
    const answers: Record<string, unknown> = {
      '/eth/v1/config/spec': { data: { SECONDS_PER_SLOT: '12' } },
      '/eth/v1/beacon/genesis': { data: { genesis_time: '1000' } },
      [`/eth/v1/beacon/blobs/50?versioned_hashes=${hash}`]: { data: ['0x0102'] },
    };
    const fetchFrom: typeof fetch = async (input) => {
      const path = String(input).slice('http://beacon'.length);
      asked.push(path);
      return path in answers ? Response.json(answers[path]) : new Response('', { status: 404 });
    };
    const source = beaconBlobs('http://beacon', fetchFrom);
    expect(await source(hash, { blockNumber: 7n, timestamp: 1600n })).toEqual([Uint8Array.of(1, 2)]);
    expect(await source(hash, { blockNumber: 8n, timestamp: 1612n })).toEqual([]);
    expect(asked.length).toBe(4);
  });
  it('may not come', async () => {
    const place = { blockNumber: 1n, timestamp: 1n };
    await expect(beaconBlobs('http://127.0.0.1:9')(hash, place)).rejects.toMatchObject({
      code: 'L1_UNREACHABLE',
    });
    const broken = beaconBlobs('http://beacon', async () => new Response('', { status: 500 }));
    await expect(broken(hash, place)).rejects.toMatchObject({ code: 'L1_FAILED' });
  });
});
