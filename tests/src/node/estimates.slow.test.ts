import { type DevAccount, STRK_TOKEN, UNIVERSAL_DEPLOYER } from '@cairn/node';
import { selectorFromName } from '@cairn/primitives';
import type { InvokeV3 } from '@cairn/protocol';
import { expect, it } from 'vitest';
import { testSequencer } from './testSequencer.ts';
import { type Call, signedInvoke, transferCall } from './wallet.ts';

const COUNT = Number(process.env.ESTIMATES ?? 10_000);
const BLOCK = 200;

/** Numbers from a seed. */
function randomness(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

it('estimates are enough and never exceeded: the bounds of 10,000 transactions are their estimates', async () => {
  const { sequencer, errors } = testSequencer({ blockMode: { kind: 'demand' } });
  const { backend, chain, producer, dev } = sequencer;
  const { accounts, classes } = chain.genesis;
  const random = randomness(7);
  const nonces = accounts.map(() => 0);
  const someCall = (): Call => {
    const kind = random(10);
    const target = BigInt(1 + random(2 ** 20));
    if (random(50) === 0) return transferCall(STRK_TOKEN, target, 10n ** 30n); // reverts
    if (kind < 6) return transferCall(STRK_TOKEN, target, BigInt(random(1000)));
    if (kind < 8)
      return {
        to: UNIVERSAL_DEPLOYER,
        selector: selectorFromName('deploy_contract'),
        calldata: [classes.account.classHash, BigInt(random(2 ** 30)), 0n, 1n, target],
      };
    return { to: STRK_TOKEN, selector: selectorFromName('approve'), calldata: [target, 5n, 0n] };
  };
  let executed = 0;
  for (let i = 0; i < COUNT; i++) {
    const index = random(accounts.length);
    const account = accounts[index] as DevAccount;
    const calls = Array.from({ length: 1 + random(4) }, someCall);
    const build = (changes: Partial<InvokeV3> = {}) =>
      signedInvoke(account, chain.info.chainId, nonces[index]!, calls, changes);
    const [estimate] = await backend.simulate(
      { kind: 'pre_confirmed' },
      [{ transaction: build(), query: false, hasProof: false }],
      { skipValidate: false, skipFeeCharge: false },
    );
    const { gas, prices } = estimate!;
    const bound = (maxAmount: bigint, maxPricePerUnit: bigint) => ({ maxAmount, maxPricePerUnit });
    const transaction = build({
      resourceBounds: {
        l1Gas: bound(gas.l1Gas, prices.l1Gas),
        l2Gas: bound(gas.l2Gas, prices.l2Gas),
        l1DataGas: bound(gas.l1DataGas, prices.l1DataGas),
      },
    });
    const { transactionHash } = await backend.submit({ transaction, query: false, hasProof: false });
    await producer.whenIdle();
    const view = backend.transaction(transactionHash);
    expect(view?.receipt.revertReason, `transaction ${i}`).toBe(estimate!.outcome.revertReason);
    const used = view!.receipt.resources.totalGasConsumed;
    expect(used.l1Gas <= gas.l1Gas && used.l2Gas <= gas.l2Gas && used.l1DataGas <= gas.l1DataGas).toBe(true);
    nonces[index]!++;
    executed++;
    if (executed % BLOCK === 0) dev.createBlock();
  }
  expect(errors).toEqual([]);
  expect(executed).toBe(COUNT);
  await sequencer.stop();
}, 3_600_000);
