import { type Builtin, DictManager, type HintContext, type HintRunState, HintState } from '@cairn/cairo';
import type { ExecutionRun } from './executionRun.ts';

/** What the hints of an OS run share: those of the OS program and, in the same machine, those of contracts. */
export class OsHintState extends HintState implements HintRunState {
  readonly scopes: Map<string, unknown>[] = [new Map()];
  readonly dicts = new DictManager();
  readonly builtins: readonly Builtin[];
  readonly execution: ExecutionRun;

  constructor(builtins: readonly Builtin[], execution: ExecutionRun) {
    // Dictionaries of a call lie one behind the other in the end: all but the first are temporary until then.
    super({ syscalls: execution.syscalls, external: { arguments: [], withTemporaryDicts: true } });
    this.builtins = builtins;
    this.execution = execution;
  }
}

/** Where the hints of execution are, as a hint of the OS sees it. */
export function executionRun(h: HintContext): ExecutionRun {
  return osState(h).execution;
}

/** State of the run, as a hint of the OS sees it. */
export function osState(h: HintContext): OsHintState {
  return h.state as OsHintState;
}
