import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../../../tests/src/execution/scenarios/allScenarios.ts';
import { differences } from '../testing/compareExecution.ts';
import { provableBlock } from '../testing/provableScenarios.ts';
import { runExecution } from '../testing/runExecution.ts';

describe('the OS executes every scenario as the engine does', () => {
  it.each(Object.keys(SCENARIO_GROUPS))('%s', (group) => {
    const found = SCENARIO_GROUPS[group]!().flatMap((scenario) => {
      const block = provableBlock(scenario);
      if (!block) return [];
      try {
        return differences(block, runExecution(block)).map((text) => `${scenario.name}: ${text}`);
      } catch (error) {
        return [`${scenario.name}: ${(error as Error).message}`];
      }
    });
    expect(found).toEqual([]);
  });
});
