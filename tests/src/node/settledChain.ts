import { type DevAccount, osInputOf, type Sequencer, STRK_TOKEN, UNIVERSAL_DEPLOYER } from '@cairn/node';
import { type OsOutput, runOs } from '@cairn/os';
import { type ContractAddress, selectorFromName } from '@cairn/primitives';
import { contractAddress } from '@cairn/protocol';
import type { SettledRange } from '@cairn/settlement';
import { signedDeclare } from './declareClass.ts';
import { testSequencer } from './testSequencer.ts';
import { type Call, signedInvoke, transferCall } from './wallet.ts';

/** Of the contract that is deployed. */
const SALT = 5n;

/**
 * A chain of 12 blocks with transfers, one of them reverted, a declared class, a deployed contract, empty blocks, and hashes
 * of old blocks in the state.
 */
export async function settledChain(): Promise<{ sequencer: Sequencer; deployed: ContractAddress }> {
  const { sequencer, errors } = testSequencer({ blockMode: { kind: 'demand' } });
  const { backend, producer, chain, dev } = sequencer;
  const [alice, bob] = chain.genesis.accounts as [DevAccount, DevAccount];
  const { chainId } = chain.info;
  let nonce = 0;
  const invoke = (...calls: Call[]) =>
    backend.submit({
      transaction: signedInvoke(alice, chainId, nonce++, calls),
      query: false,
      hasProof: false,
    });
  const close = async () => {
    await producer.whenIdle();
    producer.closeBlock();
  };
  await invoke(transferCall(STRK_TOKEN, bob.address, 1n), transferCall(STRK_TOKEN, 0x5e1fn, 2n));
  await invoke(transferCall(STRK_TOKEN, bob.address, 10n ** 40n));
  await close();
  const declare = signedDeclare(alice, chainId, nonce++, 'deposit_receiver');
  await backend.submit({ ...declare, query: false, hasProof: false });
  await close();
  const { classHash } = declare.transaction;
  const deployed = contractAddress({ deployer: 0n, salt: SALT, classHash, constructorCalldata: [] });
  await invoke({
    to: UNIVERSAL_DEPLOYER,
    selector: selectorFromName('deploy_contract'),
    calldata: [classHash, SALT, 0n, 0n],
  });
  await close();
  await close();
  await dev.setL1Bridge(0xb21d6en);
  await close();
  await invoke(transferCall(STRK_TOKEN, bob.address, 3n), transferCall(STRK_TOKEN, 0x5e1fn, 4n));
  for (let i = 6; i <= 12; i++) await close();
  if (errors.length > 0 || chain.headState.classHashAt(deployed) !== classHash)
    throw new Error(`the chain is not what it should be: ${errors}`);
  return { sequencer, deployed };
}

/** The first and last block of each range that is settled of the chain. */
export const RANGES: readonly (readonly [number, number])[] = [
  [1, 2],
  [3, 3],
  [4, 6],
  [7, 12],
];

/** The output and the data of an OS run over blocks of the chain. */
export function settledOutput({ chain }: Sequencer, [first, last]: readonly [number, number]): OsOutput {
  return runOs(osInputOf(chain, first, last)).output;
}

/** A range as L1 would show it. */
export function settledRange(output: OsOutput, l1Block = 100n): SettledRange {
  return {
    place: { blockNumber: l1Block, blockHash: '0x1', transactionHash: '0x2', logIndex: 0 },
    firstBlock: Number(output.previousBlockNumber) + 1,
    lastBlock: Number(output.newBlockNumber),
    initialRoot: output.initialRoot,
    root: output.finalRoot,
    previousBlockHash: output.previousBlockHash,
    blockHash: output.newBlockHash,
    dataPlace: output.dataPlace,
    data: output.data,
    messagesToL1: output.messagesToL1,
    messagesToL2: output.messagesToL2,
  };
}
