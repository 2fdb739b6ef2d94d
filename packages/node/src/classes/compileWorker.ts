// Runs in a worker thread of ClassCompiler.
import type { SierraClass } from '@cairn/protocol';
import { sierraClassHash } from '@cairn/protocol';
import { serveTasks } from '@cairn/runtime';
import { compileClass } from './compileClass.ts';

/** What the thread is asked for: a class's hash, or its CASM. */
export type CompileTask =
  | { readonly kind: 'hash'; readonly sierra: SierraClass }
  | { readonly kind: 'compile'; readonly sierra: SierraClass; readonly maxBytecodeLength: number };

serveTasks((task: CompileTask) =>
  task.kind === 'hash' ? sierraClassHash(task.sierra) : compileClass(task.sierra, task.maxBytecodeLength),
);
