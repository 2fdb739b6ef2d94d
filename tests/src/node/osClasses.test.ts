import { type DevAccount, osInputOf, UNIVERSAL_DEPLOYER } from '@cairn/node';
import { compareWithBlock, runOs } from '@cairn/os';
import { selectorFromName } from '@cairn/primitives';
import { contractAddress } from '@cairn/protocol';
import { expect, it } from 'vitest';
import { signedDeclare } from './declareClass.ts';
import { testSequencer } from './testSequencer.ts';
import { type Call, signedInvoke } from './wallet.ts';

it('the OS has the code of classes that are looked up and do not run', async () => {
  const { sequencer, errors } = testSequencer();
  const { chain, backend, producer } = sequencer;
  const [alice] = chain.genesis.accounts as [DevAccount];
  const { chainId } = chain.info;
  let nonce = 0;
  const invoke = async (call: Call) => {
    const transaction = signedInvoke(alice, chainId, nonce++, [call]);
    await backend.submit({ transaction, query: false, hasProof: false });
    await producer.whenIdle();
    return chain.head.block.transactions[0]!.receipt.revertReason;
  };
  const declare = signedDeclare(alice, chainId, nonce++, 'deposit_receiver');
  const { classHash } = declare.transaction;
  await backend.submit({ ...declare, query: false, hasProof: false });
  await producer.whenIdle();
  // It has no constructor, so nothing of it runs.
  const deploy = selectorFromName('deploy_contract');
  expect(
    await invoke({ to: UNIVERSAL_DEPLOYER, selector: deploy, calldata: [classHash, 7n, 0n, 0n] }),
  ).toBeUndefined();
  const deployed = contractAddress({ deployer: 0n, salt: 7n, classHash, constructorCalldata: [] });
  expect(await invoke({ to: deployed, selector: selectorFromName('nothing'), calldata: [] })).toMatch(
    /ENTRYPOINT_NOT_FOUND/,
  );
  for (const number of [1, 2, 3]) {
    const { blocks } = runOs(osInputOf(chain, number, number));
    expect(compareWithBlock(blocks[0]!, chain.store.block(number)!.block.header)).toBeUndefined();
  }
  expect(errors).toEqual([]);
  await sequencer.stop();
});
