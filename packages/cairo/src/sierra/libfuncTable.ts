import { refuse } from './errors.ts';
import type { ConcreteLibfunc, LibfuncContext, LibfuncTable } from './libfunc.ts';
import { arrayLibfuncs } from './libfuncs/arrays.ts';
import { boundedIntLibfuncs } from './libfuncs/boundedInts.ts';
import { boxLibfuncs } from './libfuncs/boxes.ts';
import { castLibfuncs } from './libfuncs/casts.ts';
import { circuitLibfuncs } from './libfuncs/circuits.ts';
import { constLibfuncs } from './libfuncs/consts.ts';
import { controlLibfuncs } from './libfuncs/control.ts';
import { dictLibfuncs } from './libfuncs/dict.ts';
import { ecLibfuncs } from './libfuncs/ec.ts';
import { enumLibfuncs } from './libfuncs/enums.ts';
import { felt252Libfuncs } from './libfuncs/felt252.ts';
import { gasLibfuncs } from './libfuncs/gas.ts';
import { hashLibfuncs } from './libfuncs/hashes.ts';
import { integerLibfuncs } from './libfuncs/integers.ts';
import { intRangeLibfuncs } from './libfuncs/intRange.ts';
import { memoryLibfuncs } from './libfuncs/memory.ts';
import { scalarLibfuncs } from './libfuncs/scalars.ts';
import { starknetLibfuncs } from './libfuncs/starknet.ts';
import { structLibfuncs } from './libfuncs/structs.ts';
import { u128Libfuncs } from './libfuncs/u128.ts';
import { u256Libfuncs } from './libfuncs/u256.ts';
import type { GenericArg } from './program.ts';

/** Every libfunc this compiler knows, by name. */
export const LIBFUNCS: LibfuncTable = {
  ...arrayLibfuncs,
  ...boundedIntLibfuncs,
  ...boxLibfuncs,
  ...castLibfuncs,
  ...circuitLibfuncs,
  ...constLibfuncs,
  ...controlLibfuncs,
  ...dictLibfuncs,
  ...ecLibfuncs,
  ...enumLibfuncs,
  ...felt252Libfuncs,
  ...gasLibfuncs,
  ...hashLibfuncs,
  ...integerLibfuncs,
  ...intRangeLibfuncs,
  ...memoryLibfuncs,
  ...scalarLibfuncs,
  ...starknetLibfuncs,
  ...structLibfuncs,
  ...u128Libfuncs,
  ...u256Libfuncs,
};

/** The libfunc `name<args>`. @throws CairnError `INVALID_LIBFUNC`, `INVALID_TYPE` */
export function specializeLibfunc(
  context: LibfuncContext,
  name: string,
  args: readonly GenericArg[],
): ConcreteLibfunc {
  const definition = Object.hasOwn(LIBFUNCS, name) ? LIBFUNCS[name] : undefined;
  if (definition === undefined) throw refuse('INVALID_LIBFUNC', `there is no libfunc ${name}`);
  return definition(context, args);
}
