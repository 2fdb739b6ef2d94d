import { osInputOf, STRK_TOKEN } from '@cairn/node';
import { type OsBenchResult, osBench } from '@cairn/os';
import { testSequencer } from '../node/testSequencer.ts';
import { signedInvoke, transferCall } from '../node/wallet.ts';

/** Steps and seconds of the Starknet OS over blocks of a sequencer: an empty one, and ones of 1 and 10 transfers. */
export async function runOsBench({ smoke }: { smoke: boolean }): Promise<OsBenchResult[]> {
  const { sequencer } = testSequencer({ blockMode: { kind: 'demand' } });
  const [alice] = sequencer.chain.genesis.accounts;
  let nonce = 0;
  const inputs = [];
  for (const count of [0, 1, 10]) {
    for (let i = 0; i < count; i++) {
      const call = transferCall(STRK_TOKEN, 0x1000n + BigInt(nonce), 1n);
      const transaction = signedInvoke(alice!, sequencer.chain.info.chainId, nonce++, [call]);
      await sequencer.backend.submit({ transaction, query: false, hasProof: false });
    }
    await sequencer.producer.whenIdle();
    const { blockNumber } = sequencer.producer.closeBlock().block.header;
    inputs.push(osInputOf(sequencer.chain, blockNumber, blockNumber));
  }
  const [emptyBlock, oneTransfer, tenTransfers] = inputs;
  await sequencer.stop();
  return osBench({ emptyBlock: emptyBlock!, oneTransfer: oneTransfer!, tenTransfers: tenTransfers! }, smoke);
}
