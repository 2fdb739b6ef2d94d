import type { SyscallName, VersionedConstants } from '@cairn/protocol';
import { sierraGas } from '../fee/vmGas.ts';

/** Sierra gas of a syscall: its OS work, never below the base price, and what grows with its length. */
export function syscallGas(name: SyscallName, linearFactor: number, constants: VersionedConstants): bigint {
  const { base, perUnit } = prices(constants)[name];
  return base + perUnit * BigInt(linearFactor);
}

type Prices = Record<SyscallName, { base: bigint; perUnit: bigint }>;

const cache = new WeakMap<VersionedConstants, Prices>();

function prices(constants: VersionedConstants): Prices {
  let table = cache.get(constants);
  if (!table) {
    table = Object.fromEntries(
      Object.entries(constants.syscalls).map(([name, { constant, perCalldata }]) => {
        const base = sierraGas(constant, constants);
        return [
          name,
          {
            base: base > constants.syscallBaseGas ? base : constants.syscallBaseGas,
            perUnit: perCalldata ? sierraGas(perCalldata, constants) : 0n,
          },
        ];
      }),
    ) as Prices;
    cache.set(constants, table);
  }
  return table;
}
