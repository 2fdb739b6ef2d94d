import {
  type CairoVerdict,
  type FixedCommitments,
  fixedCommitment,
  layoutName,
  verifyCairoProof,
} from '@cairn/cairo-air';
import { formatFelt } from '@cairn/primitives';
import { C96, type Profile } from '@cairn/stark';
import type { Command } from 'commander';
import { EXIT } from '../exitCodes.ts';
import { readBytes } from '../files.ts';
import { print } from '../output.ts';
import { profileNamed, withProver } from '../provers.ts';

/** The verdict; a commitment to fixed columns that the proof's layout needs is made first. */
async function verified(bytes: Uint8Array, profile: Profile): Promise<CairoVerdict> {
  let asked: Parameters<FixedCommitments> | undefined;
  const first = verifyCairoProof(bytes, profile, (...layoutAndHeight) => {
    asked = layoutAndHeight;
    return undefined;
  });
  if (first.ok || first.code !== 'MISSING_FIXED_COMMITMENT') return first;
  const [layout, logMaxHeight] = asked!;
  const commitment = await withProver((backend) => fixedCommitment(layout, profile, logMaxHeight, backend));
  return verifyCairoProof(bytes, profile, () => commitment);
}

/** `cairn verify`: checks a proof and tells what it proves. */
export function verifyCommand(program: Command): void {
  program
    .command('verify <proof>')
    .description('verify a proof of `cairn prove`, and show the program and output it proves')
    .option('--profile <name>', 'the profile the proof must have: dev, c96 or proven96', profileNamed, C96)
    .option('--json', 'print JSON')
    .action(async (file: string, { profile, json }: { profile: Profile; json: boolean }) => {
      const verdict = await verified(readBytes(file), profile);
      if (!verdict.ok) {
        process.exitCode = EXIT.rejected;
        const { code, message } = verdict;
        print(json, { ok: false, code, message }, () => `rejected: ${message} [${code}]`);
        return;
      }
      const { statement, strength } = verdict;
      const output = statement.output.map(formatFelt);
      const layout = layoutName(verdict.layout);
      const program = statement.program.map(formatFelt);
      print(json, { ok: true, strength, layout, program, output }, () =>
        [
          `accepted (${strength}): a program of ${program.length} words ran, in layout ${layout}`,
          ...output.map((felt) => `  output ${felt}`),
        ].join('\n'),
      );
    });
}
