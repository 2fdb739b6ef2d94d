import type { BuiltinName } from '@cairn/cairo';
import type { Felt } from '@cairn/primitives';
import type { AirBuilder, BusHandle, PublicCell } from '@cairn/stark';
import type { Witness } from '../witness/witness.ts';
import { bitwiseTable } from './bitwiseTable.ts';
import type { CairoBuses } from './buses.ts';
import type { CurveBuses } from './ec/ecModule.ts';
import { ecOpTable } from './ec/ecOpTable.ts';
import { pedersenBuiltinTable } from './ec/pedersenTable.ts';
import { type CairoLayout, PROVABLE_BUILTINS } from './layout.ts';
import { addModTable } from './mod/addModTable.ts';
import { mulModTable } from './mod/mulModTable.ts';
import { poseidonTable } from './poseidon/poseidonTable.ts';
import { rangeCheck96Table } from './rangeCheck96Table.ts';
import { rangeCheckTable } from './rangeCheckTable.ts';
import type { RangeChecks } from './rangeTables.ts';

/** What the table of a builtin is declared with. */
export interface BuiltinContext {
  readonly buses: CairoBuses;
  readonly ranges: RangeChecks;
  /** Triples (x, y, x ^ y); in layouts with the module that needs them. */
  readonly xor: BusHandle | undefined;
  /** Values as pairs of limbs, likewise. */
  readonly pairs: BusHandle | undefined;
  /** Chains of point additions, likewise. */
  readonly chains: CurveBuses | undefined;
  /** Address of the segment's first cell. */
  readonly start: PublicCell;
}

/** The table that proves a builtin: instances in order, from the start of the segment on, in every row of the table. */
export interface BuiltinTable {
  readonly name: BuiltinName;
  readonly cellsPerInstance: number;
  readonly rowsPerInstance: number;
  /** An instance that is right: what the segment is filled up with. At `zeroCells` memory holds zeros. */
  readonly paddingInstance: (zeroCells: number) => readonly Felt[];
  /** Declares the table, which has the builtin's name. */
  declare(a: AirBuilder, context: BuiltinContext): void;
  /** Fills the table for the segment from an address on; to be done before the operations. */
  fill(witness: Witness, start: number, logHeight: number): void;
}

/** Tables of builtins other than output, whose cells are public. */
const TABLES: Partial<Record<BuiltinName, BuiltinTable>> = {
  pedersen: pedersenBuiltinTable,
  range_check: rangeCheckTable,
  bitwise: bitwiseTable,
  ec_op: ecOpTable,
  poseidon: poseidonTable,
  range_check96: rangeCheck96Table,
  add_mod: addModTable,
  mul_mod: mulModTable,
};

/** Tables of the builtins of a layout, in the order of builtins. */
export function builtinTables(layout: CairoLayout): BuiltinTable[] {
  return PROVABLE_BUILTINS.flatMap(({ name, module }) => {
    const table = TABLES[name];
    return table !== undefined && (module === undefined || layout.modules.includes(module)) ? [table] : [];
  });
}
