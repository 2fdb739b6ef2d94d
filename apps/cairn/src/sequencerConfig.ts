import type { ForkPoint, SequencerConfig } from '@cairn/node';
import type { GasPrices } from '@cairn/protocol';
import type { Config } from '@cairn/runtime';

/** The sequencer's part of the settings. */
export function sequencerConfig(config: Config, nowMs: number, fork?: ForkPoint): SequencerConfig {
  return {
    ...(fork ? { fork } : {}),
    genesis: {
      chainId: chainName(config, fork),
      starknetVersion: config.protocolVersion,
      seed: config.seed,
      accountCount: config.accounts,
      gasPrices: gasPrices(config),
      timestamp: Math.floor(nowMs / 1000),
    },
    blockMode:
      config.blockMode === 'interval'
        ? { kind: 'interval', blockTimeMs: config.blockTimeMs }
        : { kind: config.blockMode },
    minGasPriceFri: BigInt(config.minL2GasPriceFri),
    messageCooldownMs: config.messageCooldownMs,
    ...(config.l1Url === '' ? {} : { l1: { url: config.l1Url, strkPerEth: BigInt(config.strkPerEth) } }),
    ...(config.sequencerKey === '' ? {} : { sequencerKey: BigInt(config.sequencerKey) }),
  };
}

/** A fork keeps the name of its chain: transactions are signed for it. */
export function chainName(config: Config, fork?: ForkPoint): string {
  return fork?.chainId ?? config.chainId;
}

/** Prices of the first block; wei and fri at a fixed rate. */
function gasPrices(config: Config): GasPrices {
  const rate = BigInt(config.strkPerEth);
  const fromWei = (wei: bigint) => ({ priceInWei: wei, priceInFri: wei * rate });
  const l2Fri = BigInt(config.minL2GasPriceFri);
  const l2Wei = l2Fri / rate;
  return {
    l1Gas: fromWei(BigInt(config.l1GasPriceWei)),
    l1DataGas: fromWei(BigInt(config.l1DataGasPriceWei)),
    l2Gas: { priceInFri: l2Fri, priceInWei: l2Wei > 0n ? l2Wei : 1n },
  };
}
