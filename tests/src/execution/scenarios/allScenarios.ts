import type { Scenario } from '../scenario.ts';
import { boundScenarios } from './boundScenarios.ts';
import { limitScenarios } from './limitScenarios.ts';
import { oldAccountScenarios } from './oldAccountScenarios.ts';
import { randomScenarios } from './randomScenarios.ts';
import { scriptScenarios } from './scriptScenarios.ts';
import { userScenarios } from './userScenarios.ts';
import { validationScenarios } from './validationScenarios.ts';
import { vectorScenarios } from './vectorScenarios.ts';

/**
 * A caller runs out of steps while a call below it runs and then fails for another reason. Both engines charge
 * the same, but ours notices only when the call is back, and so tells of the other failure.
 * @see docs/divergences.md, D4
 */
const STEPS_RUN_OUT_ABOVE = ['random 70', 'random 188', 'random 204'];

/** Every scenario, by group. The group `vectors` needs classes that are not committed. */
export const SCENARIO_GROUPS: Record<string, () => Scenario[]> = {
  scripts: scriptScenarios,
  validation: validationScenarios,
  bounds: boundScenarios,
  limits: limitScenarios,
  users: userScenarios,
  'old accounts': oldAccountScenarios,
  random: () => randomScenarios(1, 300).filter(({ name }) => !STEPS_RUN_OUT_ABOVE.includes(name)),
  vectors: vectorScenarios,
};
