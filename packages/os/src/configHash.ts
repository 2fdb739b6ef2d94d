import { type Felt, pedersenArray, shortString } from '@cairn/primitives';
import type { OsInput } from './input/osInput.ts';

/** Prefix of the words that the config hash covers. */
export const CONFIG_PREFIX = shortString('StarknetOsConfig3');

/** The hash that sets a chain apart from others in the OS output. */
export function osConfigHash({ chainId, strkTokenAddress }: OsInput['chain']): Felt {
  return pedersenArray([CONFIG_PREFIX, chainId, strkTokenAddress]);
}
