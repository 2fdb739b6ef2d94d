import { DEV } from '@cairn/stark';
import { WasmBackend } from '@cairn/stark/prover';
import { describe, expect, it } from 'vitest';
import { committedProgram } from './air/programTable.ts';
import { runCommitted } from './committedRun.ts';
import { fixedCommitment } from './fixedCommitment.ts';
import { cairoWitness, layoutFor, proveCairo } from './proveCairo.ts';
import { ENTRY_WORDS } from './statement/cairoStatement.ts';
import { decodeProofFile, encodeProofFile } from './statement/proofFile.ts';
import { taskOf } from './testing/bootloaderTasks.ts';
import { faultsOf, forgedWitness } from './testing/forgery.ts';
import { fibonacciMain } from './testing/programs.ts';
import { verifyCairoProof } from './verifyCairoProof.ts';

const backend = new WasmBackend();
const words = fibonacciMain(10);
const program = committedProgram(words);
const run = () => runCommitted(taskOf(['output'], words), { maxSteps: 1000 });
const layout = { ...layoutFor(run()), program };

async function verdictOn(bytes: Uint8Array, programs = [program]) {
  const file = decodeProofFile(bytes)!;
  const logMaxHeight = Math.max(...cairoWitness(run(), layout).trace.map((table) => table.logHeight));
  expect(file.statement.program).toHaveLength(ENTRY_WORDS);
  const commitment = await fixedCommitment(layout, DEV, logMaxHeight, backend);
  return verifyCairoProof(bytes, DEV, () => commitment, programs);
}

describe('a layout with a program of its own', () => {
  it('proves its runs, and tells nothing but the entry of it', async () => {
    const verdict = await verdictOn(await proveCairo(run(), { profile: DEV, backend, layout }));
    expect(verdict).toMatchObject({ ok: true, layout: { program: { name: program.name } } });
    expect(verdict.ok && verdict.statement.output).toEqual([144n]);
  });

  it('is known to those who know the program', async () => {
    const proof = await proveCairo(run(), { profile: DEV, backend, layout });
    const other = committedProgram(words.with(-1, 5n));
    expect(await verdictOn(proof, [other])).toMatchObject({ ok: false, code: 'UNKNOWN_LAYOUT' });
    // The name alone convinces nobody: the commitment is to other words.
    const renamed = { ...other, name: program.name };
    expect((await verdictOn(proof, [renamed])).ok).toBe(true);
    const key = await fixedCommitment({ ...layout, program: other }, DEV, 10, backend);
    expect(verifyCairoProof(proof, DEV, () => key, [program])).toMatchObject({ ok: false });
  });

  it('is of no use to another program', () => {
    const other = runCommitted(taskOf(['output'], fibonacciMain(11)), { maxSteps: 1000 });
    expect(() => cairoWitness(other, layout)).toThrow(expect.objectContaining({ code: 'UNPROVABLE_RUN' }));
  });

  it('has the program in memory, word by word, where the stack can not be', async () => {
    for (const [column, change] of [
      ['id', 1],
      ['limb0', 1],
      ['address', 1],
      ['is word', 1],
    ] as const) {
      const witness = forgedWitness(run(), {
        layout,
        cells: (cell) => {
          const cells = cell('program', column);
          cells[2] = (cells[2]! + change) % (2 ** 31 - 1);
        },
      });
      expect(faultsOf(witness), column).not.toEqual([]);
    }
    const file = decodeProofFile(await proveCairo(run(), { profile: DEV, backend, layout }))!;
    const moved = { ...file.statement, initialAp: ENTRY_WORDS + 4, finalAp: ENTRY_WORDS + 30 };
    expect(await verdictOn(encodeProofFile({ ...file, statement: moved }))).toMatchObject({
      code: 'INVALID_STATEMENT',
      message: 'the program reaches into the stack',
    });
    const longer = { ...file.statement, program: [...file.statement.program, 0n] };
    const known = verifyCairoProof(encodeProofFile({ ...file, statement: longer }), DEV, () => undefined, [
      program,
    ]);
    expect(known).toMatchObject({ code: 'INVALID_STATEMENT' });
  });
});
