import { describe, expect, it } from 'vitest';
import { ATTACKS } from './testing/attacks.ts';
import { provesAttack } from './testing/provesAttack.ts';

describe('a prover cannot', () => {
  it.each(ATTACKS)('$attempt', (attack) => {
    expect(provesAttack(attack)).toBe(false);
  });
});
