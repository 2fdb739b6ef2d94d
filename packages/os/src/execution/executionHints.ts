import type { LibraryHint } from '../hints/libraryHint.ts';
import { CALL_HINTS } from './callHints.ts';
import { CURVE_POINT_HINTS } from './curvePointHints.ts';
import { STATE_HINTS } from './stateHints.ts';
import { TRANSACTION_HINTS } from './transactionHints.ts';

/** Hints of `cairn/os/execution` by name. They need an {@link OsHintState}. */
export const EXECUTION_HINTS: Readonly<Record<string, LibraryHint>> = {
  ...STATE_HINTS,
  ...CALL_HINTS,
  ...CURVE_POINT_HINTS,
  ...TRANSACTION_HINTS,
};
