import { CairnError } from '@cairn/primitives';
import { readString } from '@cairn/rpc';

/** Smallest units of the fee tokens: FRI of STRK, WEI of ETH. */
export type Unit = 'FRI' | 'WEI';

/** Reads a unit. @throws CairnError `INVALID_PARAMS` */
export function readUnit(value: unknown, path: string): Unit {
  const unit = readString(value, path);
  if (unit === 'FRI' || unit === 'WEI') return unit;
  throw new CairnError('INVALID_PARAMS', `invalid ${path}: got ${unit}, expected FRI or WEI`);
}
