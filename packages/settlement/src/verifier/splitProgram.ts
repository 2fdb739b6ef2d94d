import type { ProgramOperand, ProgramOperation } from '@cairn/stark';
import { FIXED_SLOTS } from './callBlock.ts';

/** Part of a program for one contract. */
export interface ProgramPart {
  readonly operations: readonly ProgramOperation[];
  /** Slots, beyond the fixed ones, whose values it takes from the part before, in order. */
  readonly liveIn: readonly number[];
  /** Slots that it hands on. */
  readonly liveOut: readonly number[];
}

/** The operands of an operation. */
export function operandsOf(operation: ProgramOperation): readonly ProgramOperand[] {
  return operation.op === 'join' ? operation.parts : [operation.a, operation.b];
}

/** Slots beyond the fixed ones whose values the operations from `from` on read. */
function liveAt(operations: readonly ProgramOperation[], from: number): number[] {
  const written = new Set<number>();
  const live = new Set<number>();
  for (let i = from; i < operations.length; i++) {
    for (const o of operandsOf(operations[i]!)) {
      if (o.kind === 'slot' && o.slot >= FIXED_SLOTS && !written.has(o.slot)) live.add(o.slot);
    }
    written.add(operations[i]!.target);
  }
  return [...live].sort((a, b) => a - b);
}

/** Bytes of EVM code of an operation, rounded up; measured with solc 0.8.37. */
function codeBytes(operation: ProgramOperation): number {
  if (operation.op === 'join') return 41;
  const constant = operation.a.kind === 'constant' || operation.b.kind === 'constant' ? 4 : 0;
  return constant + { mul: 16, add: 16, sub: 19 }[operation.op];
}

/** Cuts a program into parts whose code stays below a bound, where few values live. */
export function splitProgram(operations: readonly ProgramOperation[], maxCodeBytes: number): ProgramPart[] {
  const parts: ProgramPart[] = [];
  let first = 0;
  let liveIn: readonly number[] = [];
  while (first < operations.length || parts.length === 0) {
    let end = first;
    let bytes = 0;
    let early = first;
    while (end < operations.length && bytes + codeBytes(operations[end]!) <= maxCodeBytes) {
      bytes += codeBytes(operations[end++]!);
      if (bytes < 0.9 * maxCodeBytes) early = end;
    }
    let liveOut: number[] = [];
    if (end < operations.length) {
      const cuts = Array.from({ length: end - early }, (_, i) => end - i);
      const live = cuts.map((cut) => liveAt(operations, cut));
      const best = live.reduce((least, slots, i) => (slots.length < live[least]!.length ? i : least), 0);
      end = cuts[best]!;
      liveOut = live[best]!;
    }
    parts.push({ operations: operations.slice(first, end), liveIn, liveOut });
    first = end;
    liveIn = liveOut;
  }
  return parts;
}
