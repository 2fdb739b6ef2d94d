import { feeTokenBalanceKey } from '@cairn/execution';
import { getPublicKey, selectorFromName } from '@cairn/primitives';
import { deployedAddress, type Transaction, versionedConstants } from '@cairn/protocol';
import { describe, expect, it } from 'vitest';
import * as s from '../../../../tests/src/execution/script.ts';
import { differences } from '../testing/compareExecution.ts';
import {
  ACCOUNT,
  CLASS,
  CLASSES,
  declared,
  executable,
  executionChain,
  PRIVATE_KEY,
  PROBE,
  PROBE_TWIN,
  STRK,
  signed,
  signedInvoke,
} from '../testing/executionChain.ts';
import { executeBlock, runExecution } from '../testing/runExecution.ts';

/** Steps of a transfer, execution of contracts included, that must not be exceeded. */
const TRANSFER_STEP_GOAL = 14_000;

const transfer = (nonce: bigint) =>
  signedInvoke([{ to: STRK, selector: 'transfer', calldata: [0x77n, 5n, 0n] }], { nonce });
const probe = (script: s.Script, nonce: bigint) =>
  signedInvoke([], { senderAddress: PROBE, calldata: s.probeCalldata(script), nonce });

describe('execute_transactions', () => {
  it('executes an ERC-20 transfer as the engine does', () => {
    const { state, environment } = executionChain();
    const block = executeBlock(state, environment, [executable(transfer(0n))]);
    const result = runExecution(block);
    expect(differences(block, result)).toEqual([]);
    expect(result.records).toHaveLength(1);
    expect(result.stepCount).toBeLessThan(TRANSFER_STEP_GOAL);
  });

  it('executes ten transfers', () => {
    const { state, environment } = executionChain();
    const transactions = Array.from({ length: 10 }, (_, i) => executable(transfer(BigInt(i))));
    const block = executeBlock(state, environment, transactions);
    expect(differences(block, runExecution(block))).toEqual([]);
  });

  it('executes no transactions', () => {
    const { state, environment } = executionChain();
    const result = runExecution(executeBlock(state, environment, []));
    expect(result.contracts.size).toBe(0);
  });

  it.each(['0.14.2', '0.14.4'])('executes every type, nested calls, reverts and messages (%s)', (version) => {
    const { state, environment } = executionChain();
    const newAccount = {
      ...signedInvoke([]),
      type: 'DEPLOY_ACCOUNT' as const,
      classHash: CLASS.account,
      contractAddressSalt: 7n,
      constructorCalldata: [getPublicKey(PRIVATE_KEY)],
      nonce: 0n,
    };
    const newDeploy = signed(newAccount);
    state.setStorage(STRK, feeTokenBalanceKey(deployedAddress(newAccount)), 10n ** 24n);
    const inner = s.callProbe(PROBE_TWIN, [...s.write(5n, 6n), ...s.emit(1, 2), ...s.panic(8n)], 'swallow');
    const transactions: Transaction[] = [
      declared.transaction(0n),
      newDeploy,
      transfer(1n),
      probe([...s.write(5n, 6n), ...inner, ...s.read(5n), ...s.message(9n, 2), ...s.emit(2, 1)], 0n),
      // Panics, and a call that ends everything.
      probe([...s.write(5n, 7n), ...s.panic(1n)], 1n),
      probe(
        [...s.write(5n, 7n), ...s.callProbe(PROBE_TWIN, [...s.write(1n, 1n), ...s.callProbe(0xdeadn, [])])],
        2n,
      ),
      probe(
        [
          ...s.deploy(CLASS.probe, 3n, [0n]),
          ...s.replaceClass(CLASS.probe),
          ...s.libraryProbe(CLASS.probe, s.write(4n, 4n)),
        ],
        3n,
      ),
      probe(
        [
          ...s.keccak(34),
          ...s.sha256(3),
          ...s.secpMultiply('k1', 5n),
          ...s.dict(7),
          ...s.circuit,
          ...s.builtins(1),
        ],
        4n,
      ),
      {
        type: 'L1_HANDLER',
        version: 0,
        nonce: 4n,
        contractAddress: PROBE,
        entryPointSelector: selectorFromName('handle'),
        calldata: [0xe7n, ...s.scriptCalldata(s.write(11n, 12n))],
      },
      {
        type: 'L1_HANDLER',
        version: 0,
        nonce: 5n,
        contractAddress: PROBE,
        entryPointSelector: selectorFromName('handle'),
        calldata: [0xe7n, ...s.scriptCalldata(s.panic(11n))],
      },
    ];
    const block = executeBlock(
      state,
      {
        ...environment,
        constants: versionedConstants(version),
        block: { ...environment.block, starknetVersion: version },
      },
      transactions.map((transaction) => ({ ...executable(transaction), paidFeeOnL1Wei: 1n })),
      CLASSES,
      { 0: declared.parts },
    );
    const result = runExecution(block);
    expect(differences(block, result)).toEqual([]);
    expect(result.records.map(({ isReverted }) => isReverted)).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      false,
      false,
      false,
      true,
    ]);
    expect(result.messagesToL2).toEqual(
      [0xe7n, PROBE, 4n, selectorFromName('handle'), 5n, 3n, 2n, 11n, 12n].with(4, 4n),
    );
    expect(result.messagesToL1.slice(0, 3)).toEqual([PROBE, 9n, 2n]);
    expect(result.contracts.get(ACCOUNT)?.nonce).toBe(2n);
  });
});
