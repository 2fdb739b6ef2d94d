import { CairnError } from '@cairn/primitives';
import type { VerifyingKey } from '@cairn/stark';
import type { SettlementErrorCode } from '../errors.ts';
import { callBlock } from './callBlock.ts';
import { constraintProgram } from './constraintProgram.ts';
import { emitConstraints, resultWords } from './emitConstraints.ts';
import { emitCore, layoutOf } from './emitCore.ts';
import { splitProgram } from './splitProgram.ts';

/** Yul sources of a verifier: each is a whole object of its own. */
export interface VerifierSources {
  readonly name: string;
  /** Constraint contracts, in the order in which the verifier calls them and its constructor takes their addresses. */
  readonly constraints: readonly string[];
  /** The statement contract, whose address comes last. */
  readonly statement?: string;
  /** The core; `$CODE_HASHES` stands for the hashes of the others' code. */
  readonly verifier: string;
}

/** A contract that makes public values and bus entries of a statement; without one the statement is the public values. */
export interface StatementSource {
  readonly source: string;
  /** Buses to which each of its cells adds a use. */
  readonly buses: readonly number[];
}

/** What a verifier may be emitted with. */
export interface EmitOptions {
  /** Bound of the constraints' code in one contract. */
  readonly maxConstraintBytes?: number;
  readonly statement?: StatementSource;
}

/** Code of constraints in one contract, leaving room below 24,576 for functions, offsets and results. */
const MAX_CONSTRAINT_BYTES = 22_000;

/**
 * The contracts that verify proofs under a key: heights may be any that the key allows; AIR, parameters and commitment to
 * fixed columns are constants.
 * @throws CairnError `UNSUPPORTED_HASH`, `AIR_TOO_LARGE`.
 */
export function emitVerifier(
  name: string,
  key: VerifyingKey,
  { maxConstraintBytes = MAX_CONSTRAINT_BYTES, statement }: EmitOptions = {},
): VerifierSources {
  const { hash } = key.parameters;
  if (hash !== 'keccak256' && hash !== 'keccak192') {
    throw new CairnError<SettlementErrorCode>(
      'UNSUPPORTED_HASH',
      `verifier ${name}: got a key with hash ${hash}, expected keccak256 or keccak192`,
      { fix: 'Prove with a keccak profile: C96, PROVEN96, or withHash(profile, "keccak192").' },
    );
  }
  const layout = layoutOf(key);
  const parts = splitProgram(constraintProgram(key.air), maxConstraintBytes);
  const words = parts.map(resultWords);
  const block = callBlock(key.air, layout.columns.length, layout.nextColumns.length, Math.max(...words));
  return {
    name,
    constraints: emitConstraints(name, parts, block),
    ...(statement === undefined ? {} : { statement: statement.source }),
    verifier: emitCore(key, { resultWords: words, statementBuses: statement?.buses }),
  };
}
