import type { EcdsaBuiltin } from '../../builtins/curveBuiltins.ts';
import type { HintContext } from '../hintContext.ts';

/** Hints of `signature.cairo`. */
export const SIGNATURE_HINTS = {
  addSignature: (h: HintContext) => {
    const builtin = h.state.builtins.find(({ name }) => name === 'ecdsa') as EcdsaBuiltin | undefined;
    if (!builtin) throw h.fail('the program has no ecdsa builtin');
    builtin.addSignature(h.pointer('ecdsa_ptr').offset, h.felt('signature_r'), h.felt('signature_s'));
  },
};
