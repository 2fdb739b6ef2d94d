import { feeTokenBalanceKey } from '@cairn/execution';
import { formatFelt, getPublicKey, selectorFromName } from '@cairn/primitives';
import { deployedAddress, type Transaction } from '@cairn/protocol';
import { describe, expect, it } from 'vitest';
import * as s from '../../../tests/src/execution/script.ts';
import { formatOsInput, parseOsInput } from './input/osInputText.ts';
import { compareStateDiff, compareWithBlock } from './output/compareWithBlock.ts';
import { type OsOutput, stateDiffOfData } from './output/osOutput.ts';
import { runOs } from './runOs.ts';
import {
  ACCOUNT,
  type Call,
  CLASS,
  declared,
  executable,
  executionChain,
  PRIVATE_KEY,
  PROBE,
  PROBE_TWIN,
  STRK,
  signed,
  signedInvoke,
} from './testing/executionChain.ts';
import { TestChain } from './testing/testChain.ts';

const invoke = (nonce: bigint, calls: readonly Call[]) => executable(signedInvoke(calls, { nonce }));

const transfer = (nonce: bigint) =>
  invoke(nonce, [{ to: STRK, selector: 'transfer', calldata: [0x77n + nonce, 5n, 0n] }]);

/** A chain whose state has an account, a token and probes. */
function chainWithAccount(): TestChain {
  return new TestChain(executionChain().state.diff());
}

/** The run over the last blocks ends in what the sequencer made. */
function expectProven(chain: TestChain, blockCount = 1): void {
  const last = chain.headers.length - 1;
  const first = last - blockCount + 1;
  const { output, blocks } = runOs(chain.osInput(first, last));
  for (const [i, block] of blocks.entries())
    expect(compareWithBlock(block, chain.headers[first + i]!)).toBeUndefined();
  const header = chain.headers[last]!;
  expect(output).toMatchObject({
    initialRoot: chain.headers[first - 1]!.stateRoot,
    finalRoot: header.stateRoot,
    previousBlockHash: chain.headers[first - 1]!.blockHash,
    newBlockHash: header.blockHash,
  });
}

const diffOf = ({ data, fullOutput }: OsOutput) => stateDiffOfData(data, fullOutput);

describe('an OS run of blocks with transactions', () => {
  it('proves transfers', () => {
    const chain = chainWithAccount();
    chain.addBlock([transfer(0n), transfer(1n), transfer(2n)]);
    expectProven(chain);
    const { output } = runOs(chain.osInput(1));
    const { header, stateDiff } = chain.blocks[1]!;
    expect(compareStateDiff(diffOf(output), header, stateDiff)).toBeUndefined();
  });

  it('proves several blocks in one run', () => {
    const chain = chainWithAccount();
    for (let i = 0n; i < 11n; i++) chain.addBlock(i % 2n === 0n ? [transfer(i / 2n)] : []);
    expectProven(chain, 3);
    expectProven(chain, 11);
  });

  it('proves every type of transaction, nested calls, reverts and messages', () => {
    const { state } = executionChain();
    const newAccount = {
      ...signedInvoke([]),
      type: 'DEPLOY_ACCOUNT' as const,
      classHash: CLASS.account,
      contractAddressSalt: 7n,
      constructorCalldata: [getPublicKey(PRIVATE_KEY)],
    };
    state.setStorage(STRK, feeTokenBalanceKey(deployedAddress(newAccount)), 10n ** 24n);
    const chain = new TestChain(state.diff());
    const probe = (nonce: bigint, script: s.Script) =>
      signedInvoke([], { senderAddress: PROBE, calldata: s.probeCalldata(script), nonce });
    const inner = s.callProbe(PROBE_TWIN, [...s.write(5n, 6n), ...s.emit(1, 2), ...s.panic(8n)], 'swallow');
    const handler = (nonce: bigint, script: s.Script): Transaction => ({
      type: 'L1_HANDLER',
      version: 0,
      nonce,
      contractAddress: PROBE,
      entryPointSelector: selectorFromName('handle'),
      calldata: [0xe7n, ...s.scriptCalldata(script)],
    });
    const transactions: Transaction[] = [
      declared.transaction(0n),
      signed(newAccount as never),
      transfer(1n).transaction,
      probe(0n, [...s.write(5n, 6n), ...inner, ...s.read(5n), ...s.message(9n, 2), ...s.emit(2, 1)]),
      probe(1n, [...s.write(5n, 7n), ...s.panic(1n)]),
      handler(4n, s.write(11n, 12n)),
      handler(5n, s.panic(11n)),
      probe(2n, [...s.deploy(CLASS.probe, 3n, [0n]), ...s.replaceClass(CLASS.token)]),
    ];
    chain.addBlock(transactions.map((tx) => ({ ...executable(tx), paidFeeOnL1Wei: 1n })));
    expectProven(chain);
    const { output } = runOs(chain.osInput(1));
    expect(output.messagesToL1).toHaveLength(1);
    expect(output.messagesToL1[0]).toMatchObject({ fromAddress: PROBE, toAddress: 9n });
    expect(output.messagesToL2).toHaveLength(1);
    expect(output.messagesToL2[0]).toMatchObject({ fromAddress: 0xe7n, toAddress: PROBE, nonce: 4n });
    const { header, stateDiff } = chain.blocks[1]!;
    expect(header.eventCount).toBeGreaterThan(4);
    expect(compareStateDiff(diffOf(output), header, stateDiff)).toBeUndefined();
    expect(stateDiff.declaredClasses.size).toBe(1);
    const full = runOs(chain.osInput(1, 1, true)).output;
    expect(compareStateDiff(diffOf(full), header, stateDiff)).toBeUndefined();
    expect(diffOf(full).contracts.find(({ address }) => address === ACCOUNT)?.nonce).toEqual({
      previous: 0n,
      value: 2n,
    });

    chain.addBlock();
    chain.addBlock([transfer(2n)]);
    expectProven(chain, 3);
  });

  it('proves values that become 0 again, in their block and later', () => {
    const chain = chainWithAccount();
    const write = (nonce: bigint, ...cells: (readonly [key: bigint, value: bigint])[]) =>
      executable(
        signedInvoke([], {
          senderAddress: PROBE,
          calldata: s.probeCalldata(cells.flatMap(([key, value]) => s.write(key, value))),
          nonce,
        }),
      );
    chain.addBlock([write(0n, [5n, 1n], [6n, 1n], [1n << 200n, 1n], [7n, 1n], [7n, 0n])]);
    expectProven(chain);
    chain.addBlock([write(1n, [5n, 0n], [1n << 200n, 0n])]);
    expectProven(chain);
    chain.addBlock([write(2n, [5n, 9n]), write(3n, [6n, 0n])]);
    expectProven(chain);
    expectProven(chain, 3);
    const { output } = runOs(chain.osInput(1, 3));
    const probe = diffOf(output).contracts.find(({ address }) => address === PROBE);
    expect(probe?.storage.filter(({ key }) => key < 100n || key === 1n << 200n)).toEqual([
      { key: 5n, value: 9n },
    ]);
  });

  it('tells the first difference to a block that says otherwise', () => {
    const chain = chainWithAccount();
    const header = chain.addBlock([transfer(0n)]);
    const { output, blocks } = runOs(chain.osInput(1));
    const compare = (changes: Partial<typeof header>) =>
      compareWithBlock(blocks[0]!, { ...header, ...changes });
    expect(compare({ stateRoot: 7n, blockHash: 8n })).toEqual({
      blockNumber: 1,
      what: 'stateRoot',
      proven: formatFelt(header.stateRoot),
      claimed: '0x7',
    });
    expect(compare({ transactionCount: 2, transactionCommitment: 1n })?.what).toBe('transactionCount');
    const { stateDiff } = chain.blocks[1]!;
    const other = { ...stateDiff, nonces: new Map([[ACCOUNT, 2n]]) };
    expect(compareStateDiff(diffOf(output), header, other)).toMatchObject({
      proven: '0x1',
      claimed: '0x2',
    });
    const less = { ...stateDiff, storage: new Map([...stateDiff.storage].slice(1)) };
    expect(compareStateDiff(diffOf(output), header, less)?.claimed).toBe('unchanged');
  });

  it('takes its input as text', () => {
    const chain = chainWithAccount();
    chain.addBlock([transfer(0n)]);
    const input = chain.osInput(1);
    const read = parseOsInput(formatOsInput(input));
    expect(read).toEqual(input);
    expect(runOs(read).outputWords).toEqual(runOs(input).outputWords);
  });
});
