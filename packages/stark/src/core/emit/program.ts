import type { M31 } from '../field/m31.ts';

// What the verifier evaluates at the out-of-domain point, as programs without jumps: for emitters of verifiers in other
// languages (Yul, circuits). Every value is an element of QM31; constants and public values are of the base field.

/** A value that an operation takes. */
export type ProgramOperand =
  /** What an earlier operation put there. */
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'constant'; readonly value: M31 }
  | { readonly kind: 'public'; readonly index: number }
  /** An entry of the proof's `samples` (`nextSamples`). */
  | { readonly kind: 'sample' | 'nextSample'; readonly index: number }
  /** The polynomial that is 1 in a table's first (last) row and 0 in the others, at that table's point. */
  | { readonly kind: 'selector'; readonly table: number; readonly row: 'first' | 'last' }
  /** A table's claimed sum divided by its number of rows. */
  | { readonly kind: 'meanSum'; readonly table: number }
  /** The look-up challenge z. */
  | { readonly kind: 'lookupPoint' }
  /** The look-up challenge α to a power of at least 1. */
  | { readonly kind: 'alphaPower'; readonly power: number }
  /** The composition coefficient γ. */
  | { readonly kind: 'compositionCoefficient' };

/** One step of a program. The target may be the slot of an operand that is not needed again. */
export type ProgramOperation =
  | {
      readonly op: 'add' | 'sub' | 'mul';
      readonly target: number;
      readonly a: ProgramOperand;
      readonly b: ProgramOperand;
    }
  /** p₀ + p₁·i + p₂·u + p₃·iu. */
  | {
      readonly op: 'join';
      readonly target: number;
      readonly parts: readonly [ProgramOperand, ProgramOperand, ProgramOperand, ProgramOperand];
    };

/** Holds Σ γ^k C_k of the constraints done so far; 0 before the first program. */
export const SUM_SLOT = 0;
/** Holds γ^k of the next constraint; 1 before the first program. */
export const POWER_SLOT = 1;

/** The part of the constraint check that belongs to one table: constraints, then look-up sums, each added as it is made. */
export interface TableProgram {
  readonly table: number;
  readonly operations: readonly ProgramOperation[];
  /** Slots used, the two that outlive the program included. */
  readonly slotCount: number;
}
