import type { VerifyingKey } from '@cairn/stark';
import solc from 'solc';
import { type Address, bytesToHex, decodeErrorResult, encodeFunctionData, type Hex } from 'viem';
import { VERIFIER_ABI } from '../l1/abi.ts';
import { deployVerifier } from '../l1/deploy.ts';
import type { VerifierManifest } from '../l1/manifest.ts';
import { compileVerifier, type SolidityCompiler } from '../verifier/compileSources.ts';
import { encodePublicValues } from '../verifier/emitCore.ts';
import { emitVerifier, type VerifierSources } from '../verifier/emitVerifier.ts';
import { REJECTION_CODES } from '../verifier/rejectionCodes.ts';
import type { TestChain } from './anvil.ts';

/** The compiler of the development dependency. */
export const compile: SolidityCompiler = (input) => (solc as { compile: SolidityCompiler }).compile(input);

/** Emits, compiles and deploys the verifier of a key; `change` may alter its sources. */
export async function setUpVerifier(
  chain: TestChain,
  name: string,
  key: VerifyingKey,
  change: (sources: VerifierSources) => VerifierSources = (sources) => sources,
): Promise<VerifierManifest> {
  return deployVerifier(chain, compileVerifier(compile, change(emitVerifier(name, key))), key);
}

/** The calldata of a verification. */
export function verifyCall(publicValues: readonly number[], proof: Uint8Array): Hex {
  return encodeFunctionData({
    abi: VERIFIER_ABI,
    functionName: 'verify',
    args: [bytesToHex(encodePublicValues(publicValues)), bytesToHex(proof)],
  });
}

/** What a contract answers to calldata: 'accepted', the code of a rejection, or what else happened. */
export async function ask(chain: TestChain, to: Address, data: Hex): Promise<string> {
  const response = await fetch(chain.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_call', params: [{ to, data }, 'latest'] }),
  });
  const answer = (await response.json()) as { result?: Hex; error?: { message: string; data?: Hex } };
  if (answer.result !== undefined)
    return BigInt(answer.result) === 1n ? 'accepted' : `result ${answer.result}`;
  const { data: revertData, message } = answer.error!;
  if (revertData === undefined || revertData === '0x') return `failed: ${message}`;
  const { args } = decodeErrorResult({ abi: VERIFIER_ABI, data: revertData });
  return REJECTION_CODES[Number(args[0])] ?? `code ${args[0]}`;
}

/** What a verifier says of a proof. */
export function askVerifier(
  chain: TestChain,
  { verifier }: VerifierManifest,
  publicValues: readonly number[],
  proof: Uint8Array,
): Promise<string> {
  return ask(chain, verifier, verifyCall(publicValues, proof));
}
