import { osInputOf, STRK_TOKEN } from '@cairn/node';
import { runOs } from '@cairn/os';
import { describe, expect, it } from 'vitest';
import { testSequencer } from './testSequencer.ts';
import { signedInvoke, transferCall } from './wallet.ts';

describe('the Starknet OS runs every block in the background', () => {
  it('agrees with the sequencer, and sets apart a block that no transaction explains', async () => {
    const checked: number[] = [];
    const quarantined: { blockNumber: number; reason: string }[] = [];
    const { sequencer, errors } = testSequencer({
      blockMode: { kind: 'demand' },
      osCheck: {
        checked: (blockNumber) => checked.push(blockNumber),
        quarantined: (block) => quarantined.push(block),
      },
    });
    const [alice, bob] = sequencer.chain.genesis.accounts;
    let nonce = 0;
    const block = async (amounts: bigint[]) => {
      for (const amount of amounts)
        await sequencer.backend.submit({
          transaction: signedInvoke(alice!, sequencer.chain.info.chainId, nonce++, [
            transferCall(STRK_TOKEN, bob!.address, amount),
          ]),
          query: false,
          hasProof: false,
        });
      await sequencer.producer.whenIdle();
      return sequencer.producer.closeBlock().block.header.blockNumber;
    };
    await block([]);
    // One of them fails.
    await block([1n, 2n, 10n ** 40n]);
    for (let i = 0; i < 9; i++) await block([]);
    await block([3n]);
    await expect.poll(() => checked.length, { timeout: 60_000 }).toBe(12);
    expect(checked).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));

    // Nobody may settle this one: the OS knows of no such change.
    sequencer.dev.editState((state) => state.setStorage(STRK_TOKEN, 5n, 6n));
    await block([4n]);
    await expect.poll(() => quarantined.length, { timeout: 60_000 }).toBe(1);
    expect(quarantined[0]!.blockNumber).toBe(13);
    expect(quarantined[0]!.reason).toMatch(/stateDiffLength|stateRoot/);
    expect(sequencer.osChecker!.checkedNumber).toBe(12);
    // The node serves on, and once the block is gone goes on checking.
    sequencer.dev.abortBlocks(13);
    nonce--;
    await block([5n]);
    await expect.poll(() => checked.at(-1), { timeout: 60_000 }).toBe(13);
    expect(sequencer.osChecker!.quarantined).toEqual([]);
    // A dump brings its blocks anew, the first included, which no run proves.
    const count = checked.length;
    await sequencer.dev.load(await sequencer.dev.dump());
    await block([]);
    await expect.poll(() => checked.at(-1), { timeout: 60_000 }).toBe(14);
    expect(checked.slice(count)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
    expect(sequencer.osChecker!.quarantined).toEqual([]);
    expect(errors).toEqual([]);
    await sequencer.stop();
  }, 120_000);

  it('takes no more steps than the limit of blocks counts', async () => {
    const { sequencer } = testSequencer({ blockMode: { kind: 'demand' } });
    const [alice, bob] = sequencer.chain.genesis.accounts;
    let nonce = 0;
    const measured = [];
    for (const count of [5, 15]) {
      for (let i = 0; i < count; i++)
        await sequencer.backend.submit({
          transaction: signedInvoke(alice!, sequencer.chain.info.chainId, nonce++, [
            transferCall(STRK_TOKEN, bob!.address, 1n),
          ]),
          query: false,
          hasProof: false,
        });
      await sequencer.producer.whenIdle();
      const estimated = sequencer.producer.preConfirmed.usage.osSteps;
      const { blockNumber } = sequencer.producer.closeBlock().block.header;
      const { resources } = runOs(osInputOf(sequencer.chain, blockNumber, blockNumber));
      measured.push({ estimated, steps: resources.steps });
    }
    // What classes and tries take is the same for both.
    const [few, many] = measured as [(typeof measured)[0], (typeof measured)[0]];
    const estimate = (many.estimated - few.estimated) / 10;
    const actual = (many.steps - few.steps) / 10;
    expect(estimate).toBeGreaterThan(actual);
    expect(estimate).toBeLessThan(2 * actual);
    await sequencer.stop();
  });
});
