import { PRIME } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { osConfigHash } from './configHash.ts';
import { type OsOutput, stateDiffOfData } from './output/osOutput.ts';
import { runOs } from './runOs.ts';
import { crowdedState, TestChain } from './testing/testChain.ts';

/** A chain of empty blocks 0 to 21. */
function emptyChain(): TestChain {
  const chain = new TestChain();
  for (let i = 0; i <= 21; i++) chain.addBlock();
  return chain;
}

const diffOf = ({ data, fullOutput }: OsOutput) => stateDiffOfData(data, fullOutput);

describe('an OS run of empty blocks', () => {
  const chain = emptyChain();

  it.each([0, 1, 9, 10, 11, 20])('proves block %i', (number) => {
    const header = chain.headers[number]!;
    const parent = chain.headers[number - 1];
    const { output } = runOs(chain.osInput(number));
    expect(output).toMatchObject({
      initialRoot: parent?.stateRoot ?? 0n,
      finalRoot: header.stateRoot,
      previousBlockNumber: number === 0 ? PRIME - 1n : BigInt(number - 1),
      newBlockNumber: BigInt(number),
      previousBlockHash: header.parentHash,
      newBlockHash: header.blockHash,
      osProgramHash: 0n,
      configHash: osConfigHash(chain.chain),
      dataPlace: 'output',
      fullOutput: false,
      messagesToL1: [],
      messagesToL2: [],
    });
    const changes = chain.blocks[number]!.stateDiff.storage;
    expect(diffOf(output)).toEqual({
      contracts: [...changes]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([address, cells]) => ({
          address,
          storage: [...cells].map(([key, value]) => ({ key, value })),
        })),
      classes: [],
    });
  });
});

describe('an OS run of several blocks', () => {
  const chain = emptyChain();

  it.each([
    [0, 1],
    [8, 11],
    [0, 21],
  ])('joins blocks %i to %i', (first, last) => {
    const { output } = runOs(chain.osInput(first, last));
    expect(output).toMatchObject({
      initialRoot: chain.headers[first - 1]?.stateRoot ?? 0n,
      finalRoot: chain.headers[last]!.stateRoot,
      previousBlockHash: chain.headers[first]!.parentHash,
      newBlockNumber: BigInt(last),
      newBlockHash: chain.headers[last]!.blockHash,
    });
    const stored = diffOf(output).contracts.find(({ address }) => address === 1n)?.storage ?? [];
    const hashes = chain.headers.slice(Math.max(0, first - 10), Math.max(0, last - 9));
    expect(stored).toEqual(
      hashes.map(({ blockNumber, blockHash }) => ({ key: BigInt(blockNumber), value: blockHash })),
    );
  });

  it('tells values before and after in the full form', () => {
    const { output } = runOs(chain.osInput(20, 20, true));
    expect(output.fullOutput).toBe(true);
    expect(diffOf(output)).toEqual({
      contracts: [
        { address: 1n, storage: [{ key: 10n, previous: 0n, value: chain.headers[10]!.blockHash }] },
      ],
      classes: [],
    });
  });
});

describe('an empty block', () => {
  it('costs so many steps', () => {
    const chain = emptyChain();
    const crowded = new TestChain(crowdedState(1000));
    for (let i = 1; i <= 20; i++) crowded.addBlock();
    const steps = (it: TestChain, number: number) => runOs(it.osInput(number)).resources.steps;
    expect(steps(chain, 0)).toBeLessThanOrEqual(3000);
    expect(steps(chain, 20)).toBeLessThanOrEqual(5200);
    expect(steps(crowded, 20)).toBeLessThanOrEqual(6000);
  });
});
