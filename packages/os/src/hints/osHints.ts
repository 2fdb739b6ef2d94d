import { EXECUTION_HINTS } from '../execution/executionHints.ts';
import { blockHints } from './blockHints.ts';
import { classHints, type UsedCode } from './classHints.ts';
import { evaluationHints } from './evaluationHints.ts';
import type { LibraryHint } from './libraryHint.ts';
import type { OsRun } from './osRun.ts';
import { outputHints } from './outputHints.ts';
import { stateHints } from './stateHints.ts';

/** Hints of `cairn.os` for one run. */
export function osHints(run: OsRun, usedCode: UsedCode): Readonly<Record<string, LibraryHint>> {
  return {
    ...blockHints(run),
    ...stateHints(run),
    ...outputHints(run),
    ...evaluationHints(run),
    ...classHints(run.input.classes, usedCode),
    ...EXECUTION_HINTS,
  };
}
