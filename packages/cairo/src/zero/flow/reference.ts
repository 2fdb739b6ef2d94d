import type { Expression } from '../ast/expression.ts';
import type { Statement } from '../ast/statement.ts';
import { translateAp } from '../expressions/translateAp.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { type ApTracking, apDistance } from './apChange.ts';

/** A value bound to a name at one place of the program. */
export interface Reference {
  /** Words before the place. */
  readonly pc: number;
  /** The value, as an expression over ap as it stood there, fp and memory. */
  readonly value: Expression;
  /** Nodes of the value. */
  readonly nodeCount: number;
  readonly apTracking: ApTracking;
  /** Where it was bound; several when branches bound it alike. */
  readonly spans: readonly SourceSpan[];
  /** The statement that bound it; none when branches did. */
  readonly statement: Statement | undefined;
}

/** The reference's value over ap as it stands at `at`; undefined when the distance between is not known. */
export function evaluateReference(reference: Reference, at: ApTracking): Expression | undefined {
  return translateAp(reference.value, apDistance(reference.apTracking, at));
}
