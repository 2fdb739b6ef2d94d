import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import * as core from './index.ts';
import * as nodePool from './nodePool/index.ts';
import * as prover from './prover/index.ts';
import * as soundness from './soundness/index.ts';

it.each(Object.entries({ core, prover, soundness, nodePool }))('exports of %s', (_name, entry) => {
  expect(Object.keys(entry).sort()).toMatchSnapshot();
});

it('keeps the verifier apart from the prover', () => {
  const core = join(dirname(fileURLToPath(import.meta.url)), 'core');
  const files = readdirSync(core, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test)\.ts$/.test(name),
  );
  expect(files.length).toBeGreaterThan(20);
  for (const name of files) {
    expect(readFileSync(join(core, name), 'utf8'), name).not.toMatch(
      /from '[^']*(prover|nodePool|soundness|examples|generated)\//,
    );
  }
});
