import { expect, it } from 'vitest';
import * as cairoAir from './index.ts';

it('exports what it says', () => {
  expect(Object.keys(cairoAir).sort()).toMatchInlineSnapshot(`
    [
      "MODULES",
      "cairoAir",
      "cairoWitness",
      "fixedCommitment",
      "hasFixedColumns",
      "layoutCosts",
      "layoutFor",
      "layoutName",
      "layoutOfName",
      "proveCairo",
      "publicMemory",
      "publicValues",
      "statementAir",
      "statementEntries",
      "verifyCairoProof",
    ]
  `);
});
