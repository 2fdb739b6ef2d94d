import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparable, type GoldenOutcome, goldenOutcome } from './comparable.ts';
import { askOracle } from './oracle/oracle.ts';
import { HAS_VECTORS } from './scenario.ts';
import { runScenario } from './scenarioOutcome.ts';
import { SCENARIO_GROUPS } from './scenarios/allScenarios.ts';

/**
 * What blockifier 0.20.0-rc.1 (crates.io) made of every scenario. To compare with it in full and write this
 * file again: build `oracle/` with cargo and set `CAIRN_ORACLE` to its binary.
 */
const GOLDEN = new URL('./golden.json', import.meta.url).pathname;
const oracle = process.env.CAIRN_ORACLE;

type Golden = Record<string, Record<string, GoldenOutcome[]>>;

const golden: Golden = existsSync(GOLDEN) ? JSON.parse(readFileSync(GOLDEN, 'utf8')) : {};
const groups = Object.entries(SCENARIO_GROUPS).filter(([group]) => group !== 'vectors' || HAS_VECTORS);

describe.skipIf(oracle)('transactions cost and do what they do on Starknet', () => {
  it.each(groups)('%s', (group, scenarios) => {
    const outcomes = Object.fromEntries(scenarios().map((s) => [s.name, runScenario(s).map(goldenOutcome)]));
    expect(outcomes).toEqual(golden[group]);
  });
  if (!HAS_VECTORS) it.skip('vectors: ../shared/vectors is absent', () => undefined);
});

describe.runIf(oracle)('the oracle agrees', () => {
  it.each(groups)('%s', { timeout: 600_000 }, (group, make) => {
    const scenarios = make();
    const answers = askOracle(oracle!, scenarios).map(({ name, outcomes }) => [
      name,
      outcomes?.map(comparable),
    ]);
    expect(scenarios.map((s) => [s.name, runScenario(s).map(comparable)])).toEqual(answers);
    golden[group] = Object.fromEntries(
      answers.map(([name, outcomes]) => [name, (outcomes as never[]).map(goldenOutcome)]),
    );
    writeFileSync(GOLDEN, goldenText(golden));
  });
});

/** One line for each scenario. */
function goldenText(file: Golden): string {
  const parts = Object.entries(file).map(
    ([group, scenarios]) =>
      `${JSON.stringify(group)}: {\n${Object.entries(scenarios)
        .map(([name, outcomes]) => `${JSON.stringify(name)}: ${JSON.stringify(outcomes)}`)
        .join(',\n')}\n}`,
  );
  return `{\n${parts.join(',\n')}\n}\n`;
}
