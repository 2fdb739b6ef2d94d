import { refuse } from './errors.ts';

/** Where the change of ap is counted from: a statement that enabled tracking, or the function's start. */
export type ApTracking =
  | { readonly enabled: false }
  | { readonly enabled: true; readonly apChange: number; readonly base: number | 'function' };

export const AP_TRACKING_DISABLED: ApTracking = { enabled: false };

/** Locals of the function: none yet, being allocated at one value of ap, or final. */
export type FrameState =
  | { readonly kind: 'beforeAllocation' }
  | { readonly kind: 'allocating'; readonly allocated: number; readonly start: number }
  | { readonly kind: 'finalized'; readonly allocated: number };

/** What generators know of the program point besides the values of variables. */
export interface Environment {
  readonly apTracking: ApTracking;
  /** Variables on the contiguous known stack below ap. */
  readonly stackSize: number;
  readonly frame: FrameState;
}

export function sameApTracking(a: ApTracking, b: ApTracking): boolean {
  if (!a.enabled || !b.enabled) return a.enabled === b.enabled;
  return a.apChange === b.apChange && a.base === b.base;
}

export function sameFrame(a: FrameState, b: FrameState): boolean {
  switch (a.kind) {
    case 'beforeAllocation':
      return b.kind === 'beforeAllocation';
    case 'allocating':
      return b.kind === 'allocating' && a.allocated === b.allocated && a.start === b.start;
    case 'finalized':
      return b.kind === 'finalized' && a.allocated === b.allocated;
  }
}

/** Change of ap since the function's start. @throws CairnError `INVALID_STATEMENT` when it is not known. */
function apSinceFunction({ apTracking }: Environment): number {
  if (!apTracking.enabled || apTracking.base !== 'function')
    throw refuse('INVALID_STATEMENT', 'locals need ap tracking from the start of the function');
  return apTracking.apChange;
}

/** Allocates `size` cells of locals; ap must not have moved since the first. Returns their fp offset. */
export function allocateLocal(environment: Environment, size: number): { offset: number; frame: FrameState } {
  const { frame } = environment;
  const now = apSinceFunction(environment);
  if (frame.kind === 'beforeAllocation')
    return { offset: now, frame: { kind: 'allocating', allocated: size, start: now } };
  if (frame.kind === 'finalized' || frame.start !== now)
    throw refuse('INVALID_STATEMENT', 'alloc_local is not allowed here');
  return {
    offset: frame.start + frame.allocated,
    frame: { kind: 'allocating', allocated: frame.allocated + size, start: frame.start },
  };
}

/** Ends the allocation of locals. */
export function finalizeLocals(environment: Environment): FrameState & { kind: 'finalized' } {
  const { frame } = environment;
  const now = apSinceFunction(environment);
  if (frame.kind === 'finalized' || (frame.kind === 'allocating' && frame.start !== now))
    throw refuse('INVALID_STATEMENT', 'finalize_locals is not allowed here');
  return { kind: 'finalized', allocated: frame.kind === 'allocating' ? frame.allocated : 0 };
}
