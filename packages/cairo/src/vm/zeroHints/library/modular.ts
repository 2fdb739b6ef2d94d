import { fillInstances, fillValues, type Gates, readGates } from '../../hints/circuitHint.ts';
import { relocatableToWord } from '../../relocatable.ts';
import type { HintContext } from '../hintContext.ts';

/** Hints of `modulo.cairo`. */
export const MODULAR_HINTS = {
  fillModularBuiltins: (h: HintContext) => {
    const [adds, muls] = [gates(h, 'add_mod'), gates(h, 'mul_mod')];
    const all = adds ?? muls;
    if (!all) throw h.fail('the circuit has no gates');
    const none = { ...all, count: 0 };
    const solved = fillValues(h.memory, adds ?? none, muls ?? none);
    h.assert(solved === (muls?.count ?? 0), `multiplication ${solved} has no solution`);
  },
};

/** Gates of the builtin instances at `ids.NAME_ptr`, undefined when there are none. */
function gates(h: HintContext, name: 'add_mod' | 'mul_mod'): Gates | undefined {
  const count = h.count(`${name}_n`);
  if (count === 0) return undefined;
  const start = relocatableToWord(h.pointer(`${name}_ptr`));
  const found = readGates(h.memory, start, count);
  fillInstances(h.memory, start, found);
  return found;
}
