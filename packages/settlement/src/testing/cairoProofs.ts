import {
  type CairoLayout,
  type CairoProofFile,
  cairoAir,
  decodeProofFile,
  type FixedCommitments,
  verifyCairoProof,
} from '@cairn/cairo-air';
import { type FixedCommitment, type Profile, verifyingKey } from '@cairn/stark';
import { bytesToHex, encodeFunctionData, type Hex } from 'viem';
import { emitCairoVerifier } from '../cairo/emitCairoVerifier.ts';
import type { FixedProgram } from '../cairo/emitStatement.ts';
import { encodeStatement } from '../cairo/encodeStatement.ts';
import { VERIFIER_ABI } from '../l1/abi.ts';
import { deployVerifier } from '../l1/deploy.ts';
import type { VerifierManifest } from '../l1/manifest.ts';
import { compileVerifier } from '../verifier/compileSources.ts';
import type { VerifierSources } from '../verifier/emitVerifier.ts';
import type { TestChain } from './anvil.ts';
import { ask, compile } from './askVerifier.ts';

/** What a Cairo verifier is emitted for. */
export interface CairoVerifierSetUp {
  readonly layout: CairoLayout;
  readonly profile: Profile;
  readonly fixedColumns?: FixedCommitment;
  readonly fixedProgram?: FixedProgram;
}

/** Emits, compiles and deploys a Cairo verifier; `change` may alter its sources. */
export async function setUpCairoVerifier(
  chain: TestChain,
  name: string,
  { layout, profile, fixedColumns, fixedProgram }: CairoVerifierSetUp,
  change: (sources: VerifierSources) => VerifierSources = (sources) => sources,
): Promise<VerifierManifest> {
  const key = verifyingKey(cairoAir(layout).air, profile, fixedColumns);
  const sources = emitCairoVerifier(name, layout, key, fixedProgram);
  return deployVerifier(chain, compileVerifier(compile, change(sources)), key);
}

/** The calldata that verifies a proof file. */
export function cairoCall(file: CairoProofFile, isProgramFixed = false): Hex {
  return encodeFunctionData({
    abi: VERIFIER_ABI,
    functionName: 'verify',
    args: [bytesToHex(encodeStatement(file, { isProgramFixed })), bytesToHex(file.stark)],
  });
}

/** What a Cairo verifier says of a proof file. */
export function askCairoVerifier(
  chain: TestChain,
  { verifier }: VerifierManifest,
  file: CairoProofFile,
  isProgramFixed = false,
): Promise<string> {
  return ask(chain, verifier, cairoCall(file, isProgramFixed));
}

/** A proof file taken apart. */
export function proofFile(bytes: Uint8Array): CairoProofFile {
  const file = decodeProofFile(bytes);
  if (file === undefined) throw new Error('no proof file');
  return file;
}

/** The verdict of the TypeScript verifier as one word. */
export function cairoVerdictOf(bytes: Uint8Array, profile: Profile, commitments?: FixedCommitments): string {
  const verdict = verifyCairoProof(bytes, profile, commitments);
  return verdict.ok ? 'accepted' : verdict.code;
}
