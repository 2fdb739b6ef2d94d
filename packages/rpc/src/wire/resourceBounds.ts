import { formatFelt } from '@cairn/primitives';
import type { ResourceBound, ResourceBounds } from '@cairn/protocol';
import { readObject, readU64, readU128 } from './read.ts';

/** Reads RESOURCE_BOUNDS_MAPPING; all three bounds must be there. @throws CairnError `INVALID_PARAMS` */
export function readResourceBounds(value: unknown, path: string): ResourceBounds {
  const bounds = readObject(value, path);
  const readBound = (name: string): ResourceBound => {
    const bound = readObject(bounds[name], `${path}.${name}`);
    return {
      maxAmount: readU64(bound.max_amount, `${path}.${name}.max_amount`),
      maxPricePerUnit: readU128(bound.max_price_per_unit, `${path}.${name}.max_price_per_unit`),
    };
  };
  return { l1Gas: readBound('l1_gas'), l2Gas: readBound('l2_gas'), l1DataGas: readBound('l1_data_gas') };
}

const ZERO: ResourceBound = { maxAmount: 0n, maxPricePerUnit: 0n };

/** RESOURCE_BOUNDS_MAPPING; transactions from before 0.13.4 show a data-gas bound of zero. */
export function formatResourceBounds({ l1Gas, l2Gas, l1DataGas }: ResourceBounds) {
  return {
    l1_gas: formatBound(l1Gas),
    l2_gas: formatBound(l2Gas),
    l1_data_gas: formatBound(l1DataGas ?? ZERO),
  };
}

function formatBound({ maxAmount, maxPricePerUnit }: ResourceBound) {
  return { max_amount: formatFelt(maxAmount), max_price_per_unit: formatFelt(maxPricePerUnit) };
}
