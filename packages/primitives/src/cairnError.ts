/**
 * Base of every error Cairn throws. `code` comes from the throwing package's union, `details` holds the
 * values a program needs, `fix` says what a person can do about it.
 */
export class CairnError<C extends string = string> extends Error {
  readonly code: C;
  readonly details: Readonly<Record<string, unknown>>;
  readonly fix: string | undefined;

  constructor(
    code: C,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown; fix?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CairnError';
    this.code = code;
    this.details = options.details ?? {};
    this.fix = options.fix;
  }
}

/** True when `error` is a {@link CairnError} carrying `code`. */
export function hasCode<C extends string>(error: unknown, code: C): error is CairnError<C> {
  return error instanceof CairnError && error.code === code;
}

/** Throws `INTERNAL` when a condition that only a bug of ours can break does not hold. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new CairnError('INTERNAL', `invariant broken: ${message}`);
}
