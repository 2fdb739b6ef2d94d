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
import { verifyTransaction } from '../verifyTransaction.ts';

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
    .command('verify [proof]')
    .description(
      'verify a proof of `cairn prove`, and show the program and output it proves; or, with --tx, that a transaction is part of a state that L1 has accepted',
    )
    .option('--tx <hash>', 'the transaction')
    .option(
      '--url <url>',
      'with --tx: a node that has the proof; nothing it says is trusted',
      'http://127.0.0.1:5050',
    )
    .option('--l1-url <url>', 'with --tx: the Ethereum node to trust (default: the one the node names)')
    .option('--core <address>', 'with --tx: the core contract to trust (default: the one the node names)')
    .option('--profile <name>', 'the profile the proof must have: dev, c96 or proven96', profileNamed, C96)
    .option('--json', 'print JSON')
    .action(async (file: string | undefined, options: VerifyOptions) => {
      const { profile, json, tx } = options;
      if ((file === undefined) === (tx === undefined)) program.error('give a proof, or --tx');
      if (tx !== undefined) return verifySteps(tx, options);
      const verdict = await verified(readBytes(file!), profile);
      if (!verdict.ok) {
        process.exitCode = EXIT.rejected;
        const { code, message } = verdict;
        print(json, { ok: false, code, message }, () => `rejected: ${message} [${code}]`);
        return;
      }
      const { statement, strength } = verdict;
      const output = statement.output.map(formatFelt);
      const layout = layoutName(verdict.layout);
      const words = statement.program.map(formatFelt);
      print(json, { ok: true, strength, layout, program: words, output }, () =>
        [
          `accepted (${strength}): a program of ${words.length} words ran, in layout ${layout}`,
          ...output.map((felt) => `  output ${felt}`),
        ].join('\n'),
      );
    });
}

interface VerifyOptions {
  profile: Profile;
  json: boolean;
  tx?: string;
  url: string;
  l1Url?: string;
  core?: string;
}

/** Prints each step from a transaction to L1 as it is checked. */
async function verifySteps(hash: string, { json, ...question }: VerifyOptions): Promise<void> {
  for await (const verdict of verifyTransaction({ hash, ...question })) {
    const { step, ok } = verdict;
    print(json, verdict, () => `${ok ? 'ok  ' : 'FAIL'}  ${step}: ${ok ? verdict.what : verdict.fault}`);
    if (!ok) process.exitCode = EXIT.rejected;
  }
}
