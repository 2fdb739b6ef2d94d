import { entryWords, verifyCairoProof } from '@cairn/cairo-air';
import { osProgram } from '@cairn/os';
import type { Felt } from '@cairn/primitives';
import { C96 } from '@cairn/stark';
import { osLayout } from './osLayout.ts';
import { osFixedCommitment } from './osVerifier.ts';

/** A verdict on a proof of an OS run; `fault` says why it is not accepted. */
export type OsVerdict =
  | { readonly ok: true; readonly output: readonly Felt[] }
  | { readonly ok: false; readonly fault: string };

/**
 * Checks that bytes are a proof of an OS run, with the output that is expected if one is given. Total: any bytes get a
 * verdict.
 */
export function verifyOsProof(proof: Uint8Array, expected?: readonly Felt[]): OsVerdict {
  const layout = osLayout();
  const verdict = verifyCairoProof(proof, C96, (_, height) => osFixedCommitment(height), [layout.program!]);
  if (!verdict.ok) return { ok: false, fault: `${verdict.message} [${verdict.code}]` };
  if (verdict.layout.program !== layout.program)
    return { ok: false, fault: 'it proves a run of another program than the Starknet OS' };
  const { program } = osProgram();
  const { output, builtins, program: entry } = verdict.statement;
  // The entry says where the run starts and what it is given.
  const isMain = entry.join() === entryWords(program.builtins, program.main).join();
  if (!isMain || builtins.map(({ name }) => name).join() !== program.builtins.join())
    return {
      ok: false,
      fault: 'it proves a run that does not start at the main function of the Starknet OS',
    };
  if (expected !== undefined && expected.join() !== output.join())
    return { ok: false, fault: 'it proves another output of the Starknet OS than that of this batch' };
  return { ok: true, output };
}
