import {
  decodeProof,
  type FixedCommitment,
  isM31,
  type Profile,
  type ProofStrength,
  type RejectionCode,
  verify,
  verifyingKey,
} from '@cairn/stark';
import { cairoAir } from './air/cairoAir.ts';
import { type CairoLayout, layoutOfName } from './air/layout.ts';
import type { CommittedProgram } from './air/programTable.ts';
import { type FixedCommitments, hasFixedColumns } from './fixedCommitment.ts';
import { type CairoStatement, publicMemory } from './statement/cairoStatement.ts';
import { heightFault, statementFault } from './statement/checkStatement.ts';
import { decodeProofFile } from './statement/proofFile.ts';
import { publicValues, statementEntries } from './statement/statementEntries.ts';

/** Why a Cairo proof is not accepted; beyond these, the reasons of the STARK. */
export type CairoRejectionCode =
  | RejectionCode
  /** No proof file, or of another version. */
  | 'NOT_A_CAIRO_PROOF'
  /** A layout that does not exist. */
  | 'UNKNOWN_LAYOUT'
  /** A layout with fixed columns, whose commitment the caller does not have. */
  | 'MISSING_FIXED_COMMITMENT'
  /** A statement that means nothing: entry, segments, stack, builtins. */
  | 'INVALID_STATEMENT';

/** A verdict on a Cairo proof. What was proven is `statement`: compare it with what should have been. */
export type CairoVerdict<S extends ProofStrength = ProofStrength> =
  | {
      readonly ok: true;
      readonly strength: S;
      readonly layout: CairoLayout;
      readonly statement: CairoStatement;
    }
  | { readonly ok: false; readonly code: CairoRejectionCode; readonly message: string };

const reject = (code: CairoRejectionCode, message: string) => ({ ok: false as const, code, message });

/**
 * Checks a proof file under a profile. Total: any bytes get a verdict, none an exception. Layouts with fixed columns need the
 * commitment to them, which the verifier must trust (see `fixedCommitment`), and those with a program that program.
 */
export function verifyCairoProof<S extends ProofStrength>(
  bytes: Uint8Array,
  profile: Profile<S>,
  commitments: FixedCommitments = () => undefined,
  programs: readonly CommittedProgram[] = [],
): CairoVerdict<S> {
  const file = decodeProofFile(bytes);
  if (file === undefined)
    return reject('NOT_A_CAIRO_PROOF', 'these bytes are no Cairo proof of this version');
  const { statement, ids, stark } = file;
  const layout = layoutOfName(file.layoutName, programs);
  if (layout === undefined) return reject('UNKNOWN_LAYOUT', `there is no layout ${file.layoutName}`);
  const known = cairoAir(layout);
  const fault = statementFault(statement, known);
  if (fault !== undefined) return reject('INVALID_STATEMENT', fault);
  if (ids.length !== publicMemory(statement).length || !ids.every(isM31))
    return reject('INVALID_STATEMENT', 'ids do not fit the cells of the statement');
  let fixed: FixedCommitment | undefined;
  if (hasFixedColumns(layout)) {
    const decoded = decodeProof(known.air, profile.parameters, stark);
    if (!decoded.ok) return decoded;
    fixed = commitments(layout, decoded.layout.logMaxHeight);
    if (fixed === undefined)
      return reject(
        'MISSING_FIXED_COMMITMENT',
        `${file.layoutName} at 2^${decoded.layout.logMaxHeight} rows needs a commitment to its fixed columns`,
      );
  }
  const key = verifyingKey(known.air, profile, fixed);
  const verdict = verify(
    key,
    publicValues(known, statement, ids),
    stark,
    undefined,
    statementEntries(known, statement, ids),
  );
  if (!verdict.ok) return verdict;
  const badHeight = heightFault(statement, known, verdict.logHeights);
  if (badHeight !== undefined) return reject('INVALID_STATEMENT', badHeight);
  return { ok: true, strength: verdict.strength, layout, statement };
}
