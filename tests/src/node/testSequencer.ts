import { Sequencer, type SequencerConfig } from '@cairn/node';
import { type KeyValueEngine, MemoryEngine } from '@cairn/storage';

const price = (wei: bigint) => ({ priceInWei: wei, priceInFri: wei * 10_000n });

export const TEST_CONFIG: SequencerConfig = {
  genesis: {
    chainId: 'CAIRN_DEV',
    starknetVersion: '0.14.2',
    seed: 0,
    accountCount: 3,
    gasPrices: {
      l1Gas: price(10n ** 9n),
      l1DataGas: price(1n),
      l2Gas: { priceInFri: 8_000_000_000n, priceInWei: 800_000n },
    },
    timestamp: 1_800_000_000,
  },
  blockMode: { kind: 'transaction' },
  minGasPriceFri: 8_000_000_000n,
  clock: { nowMs: () => 1_800_000_100_000 },
};

/** A running sequencer with a fixed clock; its errors fail the test that looks at them. */
export function testSequencer(
  changes: Partial<SequencerConfig> = {},
  engine: KeyValueEngine = new MemoryEngine(),
): { sequencer: Sequencer; errors: unknown[] } {
  const errors: unknown[] = [];
  const sequencer = new Sequencer(engine, { ...TEST_CONFIG, onError: (e) => errors.push(e), ...changes });
  sequencer.start();
  return { sequencer, errors };
}
