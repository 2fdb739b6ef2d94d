import { CairnError } from '@cairn/primitives';
import type { GasPrices } from '@cairn/protocol';
import { postJsonRpc } from '@cairn/runtime';
import type { NodeErrorCode } from '../errors.ts';

/** The prices that blocks take from L1. */
export type L1Prices = Pick<GasPrices, 'l1Gas' | 'l1DataGas'>;

/** Blocks whose mean counts. */
const MEAN_BLOCK_COUNT = 100;
/** What a settling transaction pays beside the base fee. */
const TIP_WEI = 10n ** 9n;
/** Bounds, and the part of the blob fee that state data costs. @see starkware-libs/sequencer, apollo_consensus_orchestrator_config */
const GAS_BOUNDS_WEI = [10n ** 9n, 200n * 10n ** 9n] as const;
const DATA_GAS_BOUNDS_WEI = [1n, 10n ** 18n] as const;
const DATA_GAS_PER_THOUSAND = 135n;

/**
 * Prices of L1 gas and data gas by the fees of the last blocks of an Ethereum node.
 * @throws CairnError `L1_UNREACHABLE`
 */
export async function fetchL1Prices(url: string, strkPerEth: bigint): Promise<L1Prices> {
  const { baseFeePerGas, baseFeePerBlobGas } = await feeHistory(url);
  const l1Gas = clamp(mean(baseFeePerGas) + TIP_WEI, GAS_BOUNDS_WEI);
  const blobFee = (mean(baseFeePerBlobGas) * DATA_GAS_PER_THOUSAND) / 1000n;
  const price = (wei: bigint) => ({ priceInWei: wei, priceInFri: wei * strkPerEth });
  return { l1Gas: price(l1Gas), l1DataGas: price(clamp(blobFee, DATA_GAS_BOUNDS_WEI)) };
}

interface FeeHistory {
  baseFeePerGas: bigint[];
  baseFeePerBlobGas: bigint[];
}

async function feeHistory(url: string): Promise<FeeHistory> {
  const params = [`0x${MEAN_BLOCK_COUNT.toString(16)}`, 'latest', []];
  try {
    const text = await postJsonRpc(url, 'eth_feeHistory', params);
    const { result } = JSON.parse(text) as { result: Record<keyof FeeHistory, string[]> };
    const { baseFeePerGas, baseFeePerBlobGas = [] } = result;
    return {
      baseFeePerGas: baseFeePerGas.map(BigInt),
      baseFeePerBlobGas: baseFeePerBlobGas.map(BigInt),
    };
  } catch (cause) {
    throw new CairnError<NodeErrorCode>(
      'L1_UNREACHABLE',
      `no gas prices from the Ethereum node at ${url}: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function mean(fees: readonly bigint[]): bigint {
  if (fees.length === 0) return 0n;
  return fees.reduce((sum, fee) => sum + fee, 0n) / BigInt(fees.length);
}

function clamp(value: bigint, [low, high]: readonly [bigint, bigint]): bigint {
  return value < low ? low : value > high ? high : value;
}
