import type { CompiledHint } from './machine.ts';
import type { HintRegistry } from './runProgram.ts';
import { EXECUTION_SEGMENT, pointerWord } from './word.ts';

/** Hint state of Cairo Zero runs: nested scopes of variables, innermost last. */
export interface ZeroHintState {
  scopes: Map<string, unknown>[];
}

/** The hints that need no references of the program: enough for programs without library functions. */
export const BASIC_HINTS: ReadonlyMap<string, CompiledHint> = new Map<string, CompiledHint>([
  [
    'memory[ap] = segments.add()',
    ({ memory, ap }) => memory.set(pointerWord(EXECUTION_SEGMENT, ap), memory.newSegment()),
  ],
  ['vm_enter_scope()', (m) => void (m.hintState as ZeroHintState).scopes.push(new Map())],
  ['vm_exit_scope()', (m) => void (m.hintState as ZeroHintState).scopes.pop()],
]);

/** A registry of these hint texts, with fresh scopes per run. */
export function hintRegistry(hints: ReadonlyMap<string, CompiledHint>): HintRegistry {
  return {
    find: (code) => hints.get(code),
    createState: (): ZeroHintState => ({ scopes: [new Map()] }),
  };
}
