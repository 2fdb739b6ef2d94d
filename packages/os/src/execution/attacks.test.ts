import { describe, expect, it } from 'vitest';
import { EXECUTION_ATTACKS } from '../testing/executionAttacks.ts';
import { executes } from '../testing/runExecution.ts';

// That each is rejected by the very check it is meant for: attacks.slow.test.ts.
describe.each(EXECUTION_ATTACKS)('attacks on %s', (_, attacks) => {
  it.each(attacks)('rejects $name', ({ block, forgery, isWhole }) => {
    expect(executes(block(), forgery?.(), isWhole)).toBe(false);
  });
});
