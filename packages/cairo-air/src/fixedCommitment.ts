import { type FixedCommitment, fixedColumns, type Profile } from '@cairn/stark';
import { makeVerifyingKey, type ProverBackend } from '@cairn/stark/prover';
import { cairoAir } from './air/cairoAir.ts';
import { type CairoLayout, layoutName } from './air/layout.ts';

/** Commitments to the fixed columns of layouts, by layout and height of the tallest table. */
export type FixedCommitments = (layout: CairoLayout, logMaxHeight: number) => FixedCommitment | undefined;

/** True for layouts with fixed columns, whose proofs can only be verified with the commitment to them. */
export function hasFixedColumns(layout: CairoLayout): boolean {
  return cairoAir(layout).air.tables.some((table) => fixedColumns(table).length > 0);
}

const KNOWN = new Map<string, FixedCommitment>();

/**
 * The commitment to a layout's fixed columns under a profile, for proofs whose tallest table has this height; undefined for
 * a layout without such columns. PERF: seconds the first time.
 */
export async function fixedCommitment(
  layout: CairoLayout,
  profile: Profile,
  logMaxHeight: number,
  backend: ProverBackend,
): Promise<FixedCommitment | undefined> {
  if (!hasFixedColumns(layout)) return undefined;
  const name = [layoutName(layout), JSON.stringify(profile.parameters), logMaxHeight].join();
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  const { air } = cairoAir(layout);
  // Only the heights of tables with fixed columns and the greatest height matter: the CPU stands for the latter.
  const heights = air.tables.map((table) => (table.name === 'cpu' ? logMaxHeight : table.minLogHeight));
  const { fixed } = await makeVerifyingKey(air, profile, heights, backend);
  KNOWN.set(name, fixed!);
  return fixed;
}
