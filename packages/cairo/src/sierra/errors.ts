import { CairnError } from '@cairn/primitives';

/** Codes of the errors thrown by `sierra/`; every one means that the class is refused. */
export type SierraErrorCode =
  /** The class file or its program felts are malformed. */
  | 'INVALID_SIERRA_CLASS'
  /** The file of a Sierra program is malformed. */
  | 'INVALID_SIERRA_PROGRAM'
  /** Sierra version this compiler does not accept. */
  | 'UNSUPPORTED_SIERRA_VERSION'
  /** A libfunc outside the allowed list, or newer than the class. */
  | 'LIBFUNC_NOT_ALLOWED'
  /** Entry points: order, selectors or signatures. */
  | 'INVALID_ENTRY_POINT'
  /** A type declaration. */
  | 'INVALID_TYPE'
  /** A libfunc declaration. */
  | 'INVALID_LIBFUNC'
  /** A function declaration. */
  | 'INVALID_FUNCTION'
  /** A statement, or the way control and variables flow into it. */
  | 'INVALID_STATEMENT'
  /** Gas cannot be accounted for statically. */
  | 'INVALID_GAS'
  /** Changes of ap cannot be accounted for. */
  | 'INVALID_AP_CHANGE'
  /** The constants of the program. */
  | 'INVALID_CONST'
  /** The bytecode would be longer than allowed. */
  | 'BYTECODE_TOO_LONG';

/** Refuses the class. `message` names the declaration or statement at fault. */
export function refuse(
  code: SierraErrorCode,
  message: string,
  details: Record<string, unknown> = {},
): CairnError<SierraErrorCode> {
  return new CairnError(code, message, { details });
}

/** Throws {@link refuse} unless `condition` holds. */
export function require(condition: boolean, code: SierraErrorCode, message: string): asserts condition {
  if (!condition) throw refuse(code, message);
}
