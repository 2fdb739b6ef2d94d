import { CairnError } from '@cairn/primitives';
import { describeSpan, type SourceSpan, spanPosition } from './sourceSpan.ts';

/**
 * Codes of the errors thrown by `zero/`. Where the fault lies in a file, `details` holds `file`, `line`, `column`,
 * `endLine`, `endColumn` (all from 1) and `reason` (the message without place and excerpt).
 */
export type ZeroErrorCode =
  /** The text is not Cairo Zero. */
  | 'ZERO_SYNTAX'
  /** A program nests or grows beyond what the compiler accepts. */
  | 'ZERO_TOO_COMPLEX'
  /** A module is not to be had, imports itself, or lacks the imported name. */
  | 'ZERO_MODULE_NOT_FOUND'
  | 'ZERO_IMPORT_CYCLE'
  | 'ZERO_IMPORT'
  /** A name is unknown, defined twice, used before its definition, or names something else. */
  | 'ZERO_UNKNOWN_IDENTIFIER'
  | 'ZERO_REDEFINITION'
  | 'ZERO_WRONG_IDENTIFIER'
  /** A reference has no value here: ap moved by an unknown amount, or the branches disagree. */
  | 'ZERO_REVOKED_REFERENCE'
  | 'ZERO_INVALID_REFERENCE'
  /** Types do not fit. */
  | 'ZERO_TYPE'
  /** Arguments, implicit arguments or return values do not fit the function. */
  | 'ZERO_ARGUMENTS'
  /** A function is nested, falls off its end, or bears a decorator it cannot. */
  | 'ZERO_FUNCTION'
  /** Local variables without `alloc_locals`, or `alloc_locals` where it cannot stand. */
  | 'ZERO_LOCALS'
  /** A constant is not constant, a division is by zero, a `static_assert` fails. */
  | 'ZERO_CONSTANT'
  /** No machine instruction says this. */
  | 'ZERO_INSTRUCTION'
  /** A hint or directive stands where it cannot. */
  | 'ZERO_HINT'
  | 'ZERO_DIRECTIVE'
  /** `main` does not take and return the pointers of the program's builtins. */
  | 'ZERO_MAIN';

/** What a person can do about it, where that is always the same. */
const FIXES: Partial<Record<ZeroErrorCode, string>> = {
  ZERO_MODULE_NOT_FOUND: 'Put the folder that holds the module on the import path.',
  ZERO_REVOKED_REFERENCE:
    'Keep the value in a local variable, which takes alloc_locals at the start of the function.',
};

/** The error of a program: message with place and excerpt, `notes` below it. */
export function zeroError(
  code: ZeroErrorCode,
  reason: string,
  span: SourceSpan | undefined,
  notes: readonly string[] = [],
): CairnError<ZeroErrorCode> {
  const place = span === undefined ? reason : describeSpan(span, reason);
  const details = span === undefined ? { reason } : { reason, file: span.file.name, ...spanPosition(span) };
  return new CairnError<ZeroErrorCode>(code, [place, ...notes].join('\n'), { details, fix: FIXES[code] });
}
