import { describe, expect, it } from 'vitest';
import { EXECUTION_ATTACKS } from '../testing/executionAttacks.ts';
import { executes } from '../testing/runExecution.ts';

describe.each(EXECUTION_ATTACKS)('attacks on %s succeed without the check', (_, attacks) => {
  it.each(attacks)('$name', ({ block, forgery, check, isWhole }) => {
    expect(executes(block(), { ...forgery?.(), withoutChecks: [check].flat() }, isWhole)).toBe(true);
  });
});
