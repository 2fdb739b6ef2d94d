import type { ProverTask } from '../backend.ts';
import type { Arena } from './arena.ts';
import type { KernelCall, Pool } from './pool.ts';
import type { TwiddleStore } from './twiddleStore.ts';

/** What every step of a proof on the kernels works with. */
export interface KernelContext {
  readonly task: ProverTask;
  readonly arena: Arena;
  readonly twiddles: TwiddleStore;
  readonly pool: Pool;
}

/** A polynomial in the memory of the kernels: 2^logHeight coefficients. */
export interface Polynomial {
  readonly address: number;
  readonly logHeight: number;
}

/** Four planes, one per coordinate of QM31. */
export type Planes = readonly [number, number, number, number];

/** Rows or positions of one call of a kernel. */
export const ROW_CHUNK = 8192;

/** Splits [0, count) into calls. */
export function chunked(
  count: number,
  chunk: number,
  call: (from: number, to: number) => KernelCall,
): KernelCall[] {
  const calls: KernelCall[] = [];
  for (let from = 0; from < count; from += chunk) calls.push(call(from, Math.min(from + chunk, count)));
  return calls;
}

/** Four planes of so many words. */
export function allocatePlanes(arena: Arena, words: number): Planes {
  return [0, 1, 2, 3].map(() => arena.allocate(4 * words)) as unknown as Planes;
}

/** The call that evaluates a polynomial on one block, of as many positions as it has coefficients, of its blown-up domain. */
export function evaluateBlock(
  context: KernelContext,
  polynomial: Polynomial,
  target: number,
  block: number,
): KernelCall {
  const { address, logHeight } = polynomial;
  const layers = context.twiddles.layers(logHeight + context.task.parameters.logBlowup, 'doubled');
  return { name: 'evaluateBlock', args: [address, target, logHeight, block, layers] };
}
