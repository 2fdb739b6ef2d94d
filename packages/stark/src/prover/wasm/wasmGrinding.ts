import { grindingInput, type Step } from '../../core/channel/channel.ts';
import { blake2sInitialState, HASH_ROLE } from '../../core/hash/hashSuite.ts';
import type { Nonce } from '../../core/proof/proof.ts';
import type { KernelContext } from './kernelContext.ts';
import type { KernelCall } from './pool.ts';

/** The least nonce that solves a puzzle of so many bits. */
export async function grind(
  { task, arena, pool }: KernelContext,
  state: Uint8Array,
  step: Step,
  bits: number,
): Promise<Nonce> {
  const isKeccak = task.parameters.hash !== 'blake2s';
  const mark = arena.mark();
  const role = isKeccak ? HASH_ROLE.transcript << 24 : arena.place(blake2sInitialState(HASH_ROLE.transcript));
  const message = arena.allocate(64);
  const portion = 2 ** 14;
  try {
    for (let high = 0; ; high++) {
      arena.bytes(message, 52).set(grindingInput(state, step, bits, [high, 0]));
      for (let low = 0; low < 2 ** 31; ) {
        const calls: KernelCall[] = [];
        for (let i = 0; i < 4 * pool.threadCount; i++, low += portion) {
          calls.push({
            name: isKeccak ? 'keccakGrind' : 'blakeGrind',
            args: [message, low, low + portion, bits, role],
            scratch: true,
          });
        }
        const found = (await pool.run(calls)).find((nonce) => Number(nonce) >= 0);
        if (found !== undefined) return [high, Number(found)];
      }
    }
  } finally {
    arena.release(mark);
  }
}
