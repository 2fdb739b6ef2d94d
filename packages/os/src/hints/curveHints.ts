import type { HintContext, VmValue } from '@cairn/cairo';
import { ecMul, feltSqrt, PRIME, poseidonMany, STARK_CURVE } from '@cairn/primitives';
import type { LibraryHint } from './libraryHint.ts';

/** What the ecdsa builtin of a run takes beside its cells. */
interface SignatureTaker {
  addSignature(offset: number, r: bigint, s: bigint): void;
}

/** Hints of `ec.cairo` and `signature.cairo`. */
export const CURVE_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.ec.shift': (h) => {
    const count = h.count('len');
    setShift(h, [...h.readAll(h.pointer('m'), count), ...h.readAll(h.pointer('q'), 2 * count)]);
  },
  'cairn.ec.shift_of_one': (h) => setShift(h, [h.felt('m'), h.felt('q.x'), h.felt('q.y')]),
  'cairn.ec.y': (h) => {
    const x = h.felt('p.x');
    const y = feltSqrt((x ** 3n + STARK_CURVE.alpha * x + STARK_CURVE.beta) % PRIME);
    if (y === undefined) throw h.fail(`no point of the curve has x = ${x}`);
    h.set('p.y', y);
  },
  'cairn.signature.add': (h) => {
    const builtin = h.state.builtins.find(({ name }) => name === 'ecdsa') as SignatureTaker | undefined;
    if (!builtin) throw h.fail('the program has no ecdsa builtin');
    builtin.addSignature(h.pointer('ecdsa_ptr').offset, h.felt('signature_r'), h.felt('signature_s'));
  },
};

/** A point that depends on all summands, so that they do not meet it on the builtin's way but by chance. */
function setShift(h: HintContext, summands: readonly VmValue[]): void {
  const digest = poseidonMany([h.felt('p.x'), h.felt('p.y'), ...(summands as readonly bigint[])]);
  const shift = ecMul(digest % STARK_CURVE.order, STARK_CURVE.generator)!;
  h.set('shift.x', shift.x);
  h.set('shift.y', shift.y);
}
