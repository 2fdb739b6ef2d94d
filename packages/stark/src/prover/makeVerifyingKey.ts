import { CairnError } from '@cairn/primitives';
import { type Air, fixedColumns } from '../core/air/ir.ts';
import type { Profile, ProofStrength } from '../core/params/profiles.ts';
import { proofLayout } from '../core/proof/proofLayout.ts';
import { type VerifyingKey, verifyingKey } from '../core/verifier/verifyingKey.ts';
import type { StarkErrorCode } from '../errors.ts';
import type { ProverBackend } from './backend.ts';

/**
 * The key of an AIR. One with fixed columns is committed to at the heights of its tables (in the order of the AIR), of
 * which those of tables with fixed columns and the greatest matter. Checks that fixed values lie in their types.
 * @throws CairnError `INVALID_PARAMETERS`, `INVALID_AIR`.
 */
export async function makeVerifyingKey<S extends ProofStrength>(
  air: Air,
  profile: Profile<S>,
  logHeights: readonly number[],
  backend: ProverBackend,
): Promise<VerifyingKey<S>> {
  const { parameters } = profile;
  const withFixed = air.tables.flatMap((table, t) => (fixedColumns(table).length > 0 ? [t] : []));
  if (withFixed.length === 0) return verifyingKey(air, profile);
  if (logHeights.length !== air.tables.length) {
    throw new CairnError<StarkErrorCode>(
      'INVALID_PARAMETERS',
      `heights of AIR ${air.name}: got ${logHeights.length}, expected ${air.tables.length}`,
    );
  }
  const trace = air.tables.map((table, t) => {
    const logHeight = logHeights[t]!;
    const columns = table.columns.map(({ name, min, max, source }) => {
      if (source.kind !== 'fixed') return new Uint32Array(0);
      return Uint32Array.from({ length: 2 ** logHeight }, (_, row) => {
        const value = source.value(row, logHeight);
        if (Number.isInteger(value) && BigInt(value) >= min && BigInt(value) <= max) return value;
        throw new CairnError<StarkErrorCode>(
          'INVALID_AIR',
          `fixed cell ${table.name}.${name}[${row}]: got ${value}, expected ${min} to ${max}`,
        );
      });
    });
    return { logHeight, columns };
  });
  const layout = proofLayout(air, parameters, logHeights);
  const session = await backend.open({ air, parameters, layout, trace, publicValues: [] });
  try {
    const cap = await session.commitTrace('fixed');
    const heights = new Map(withFixed.map((t) => [t, logHeights[t]!]));
    return verifyingKey(air, profile, { cap, logMaxHeight: layout.logMaxHeight, logHeights: heights });
  } finally {
    session.close();
  }
}
