import {
  ADDRESS_BOUND,
  type ContractAddress,
  type Felt,
  pedersen,
  selectorFromName,
} from '@cairn/primitives';
import type { StateReader } from '@cairn/state';

const BALANCES = selectorFromName('ERC20_balances');

/** Storage key of the low half of an account's balance in a fee token; the high half follows it. */
export function feeTokenBalanceKey(account: ContractAddress): Felt {
  const cached = keys.get(account);
  if (cached !== undefined) return cached;
  const key = pedersen(BALANCES, account) % ADDRESS_BOUND;
  if (keys.size >= MAX_CACHED_KEYS) keys.clear();
  keys.set(account, key);
  return key;
}

/** PERF: a transfer needs its payer's key three times; the cache saves two Pedersen hashes. */
const keys = new Map<ContractAddress, Felt>();
const MAX_CACHED_KEYS = 10_000;

/** Balance of an account, a 256-bit integer in the token's smallest unit. */
export function feeTokenBalance(
  state: StateReader,
  token: ContractAddress,
  account: ContractAddress,
): bigint {
  const key = feeTokenBalanceKey(account);
  return state.storageAt(token, key) + (state.storageAt(token, key + 1n) << 128n);
}
