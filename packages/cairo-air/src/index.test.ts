import { expect, it } from 'vitest';
import * as cairoAir from './index.ts';

it('exports what it says', () => {
  expect(Object.keys(cairoAir).sort()).toMatchInlineSnapshot(`
    [
      "ADDRESS_BOUND_LOG",
      "BOOTLOADERS",
      "ENTRY_INSTRUCTIONS",
      "ENTRY_WORDS",
      "MODULES",
      "PROVABLE_BUILTINS",
      "bootloadPrograms",
      "bootloaderFor",
      "cairoAir",
      "cairoWitness",
      "committedProgram",
      "decodeProofFile",
      "encodeHeadPrefix",
      "encodeProgram",
      "encodeRun",
      "entryWords",
      "fixedCommitment",
      "hasFixedColumns",
      "layoutCosts",
      "layoutFor",
      "layoutName",
      "layoutOfName",
      "proveCairo",
      "publicMemory",
      "publicValues",
      "runCommitted",
      "statementAir",
      "statementEntries",
      "taskHash",
      "taskWords",
      "verifyCairoProof",
    ]
  `);
});
