import type { Felt } from '@cairn/primitives';
import type { FlowState } from './flow/flowTracking.ts';
import type { Reference } from './flow/reference.ts';
import type { Definition } from './names/definition.ts';

/** A hint before one instruction, the variables it sees, and the scopes its names are looked up in. */
export interface CompiledHint {
  code: string;
  accessibleScopes: readonly string[];
  flow: FlowState;
}

/** The part of a program inside one `with_attr`; `pc` in words. */
export interface CompiledAttribute {
  name: string;
  value: string;
  startPc: number;
  endPc: number;
  accessibleScopes: readonly string[];
  flow: FlowState;
}

/** A compiled Cairo Zero program with all that hints and debuggers look up. */
export interface CompiledZeroProgram {
  builtins: readonly string[];
  data: Felt[];
  /** Hints by the word of their instruction, in order. */
  hints: ReadonlyMap<number, readonly CompiledHint[]>;
  /** All definitions by full name. */
  identifiers: ReadonlyMap<string, Definition>;
  /** What `FlowState.referenceIds` count. */
  references: readonly Reference[];
  attributes: readonly CompiledAttribute[];
  mainScope: string;
}
