import {
  BOOTLOADERS,
  type BootloadedRun,
  bootloadPrograms,
  type CairoLayout,
  type CairoProofFile,
  cairoAir,
  proveCairo,
} from '@cairn/cairo-air';
import { WasmBackend } from '@cairn/stark/prover';
import { bytesToHex, concatHex, toFunctionSelector } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { taskOf, threeTasks } from '../../../cairo-air/src/testing/bootloaderTasks.ts';
import { fibonacciMain } from '../../../cairo-air/src/testing/programs.ts';
import { VERIFIER_ABI } from '../l1/abi.ts';
import { deployContract } from '../l1/deploy.ts';
import { deployFactRegistry, factOf, registerFact } from '../l1/factRegistry.ts';
import type { VerifierManifest } from '../l1/manifest.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { ask, compile } from '../testing/askVerifier.ts';
import { askCairoVerifier, cairoVerdictOf, proofFile, setUpCairoVerifier } from '../testing/cairoProofs.ts';
import { GRINDING_PROFILE } from '../testing/proofs.ts';
import { compileContract } from '../verifier/compileSources.ts';
import { taskClaims } from './claims.ts';
import { emitStatement } from './emitStatement.ts';
import { encodeStatement } from './encodeStatement.ts';

const LAYOUT: CairoLayout = { modules: ['poseidon'], ranges: 'narrow' };
const BOOTLOADER = BOOTLOADERS[0]!;
const maxSteps = 100_000;
const options = { profile: GRINDING_PROFILE, layout: LAYOUT, backend: new WasmBackend() };

let chain: TestChain;
let manifest: VerifierManifest;
let three: BootloadedRun;
let bytes: Uint8Array;
let file: CairoProofFile;
beforeAll(async () => {
  chain = await startAnvil();
  manifest = await setUpCairoVerifier(chain, 'Bootloader', {
    layout: LAYOUT,
    profile: GRINDING_PROFILE,
    fixedProgram: { program: BOOTLOADER.data, start: BOOTLOADER.start },
  });
  three = bootloadPrograms(threeTasks(), { maxSteps });
  bytes = await proveCairo(three.run, options);
  file = proofFile(bytes);
}, 180_000);
afterAll(() => chain?.stop());

const encoded = (of: CairoProofFile) => encodeStatement(of, { isProgramFixed: true });
const claimsOf = (of: CairoProofFile) =>
  chain.reader.readContract({
    address: manifest.verifier,
    abi: VERIFIER_ABI,
    functionName: 'claims',
    args: [bytesToHex(encoded(of))],
  });

it('three programs share a proof, which registers a fact for each', async () => {
  expect(cairoVerdictOf(bytes, GRINDING_PROFILE)).toBe('accepted');
  expect(await askCairoVerifier(chain, manifest, file, true)).toBe('accepted');
  const claims = taskClaims(three.tasks);
  expect(new Set(claims).size).toBe(3);
  expect(await claimsOf(file)).toEqual(claims);
  const registry = await deployFactRegistry(chain);
  const { facts } = await registerFact(chain, manifest, registry, encoded(file), file.stark);
  expect(facts).toEqual(claims.map((claim) => factOf(manifest, registry, claim)));
});

it('a program alone has a fact of its own, with others one that names them', async () => {
  const alone = bootloadPrograms([taskOf(['output'], fibonacciMain(10))], { maxSteps });
  expect(alone.tasks[0]).toEqual(three.tasks[0]);
  const one = proofFile(await proveCairo(alone.run, options));
  expect(await askCairoVerifier(chain, manifest, one, true)).toBe('accepted');
  const claims = await claimsOf(one);
  expect(claims).toEqual(taskClaims(alone.tasks));
  expect(taskClaims(three.tasks)).not.toContain(claims[0]);
  const other = bootloadPrograms(
    [taskOf(['output'], fibonacciMain(10)), taskOf(['output'], fibonacciMain(4))],
    {
      maxSteps,
    },
  );
  expect(taskClaims(other.tasks)[0]).not.toBe(taskClaims(three.tasks)[0]);
});

it('takes no other program for the bootloader', async () => {
  const program = BOOTLOADER.data.with(-1, BOOTLOADER.data.at(-1)! + 1n);
  const other = await setUpCairoVerifier(chain, 'Other', {
    layout: LAYOUT,
    profile: GRINDING_PROFILE,
    fixedProgram: { program, start: BOOTLOADER.start },
  });
  expect(await askCairoVerifier(chain, other, file, true)).toBe('GRINDING');
});

/** Outputs that no bootloader writes: heads that do not fit them. */
const BAD_OUTPUTS: [string, (output: bigint[]) => bigint[]][] = [
  ['more tasks than there are', (output) => output.with(0, 4n)],
  ['less tasks than there are', (output) => output.with(0, 2n)],
  ['a task without a head', (output) => output.with(1, 1n)],
  ['a task behind the end', (output) => output.with(1, 2n ** 250n)],
  ['a task that reaches into another', (output) => output.with(1, 4n)],
  ['cells behind the last task', (output) => [...output, 0n]],
  ['half a head at the end', (output) => [...output.with(0, 4n), 2n]],
  ['a size that wraps around', (output) => output.with(1, 2n ** 251n + 3n)],
  ['heads that overlap', () => [2n, 1n, 2n, 5n]],
  ['no number of tasks', () => []],
];
/** A statement with an output that fits its segment. */
function withOutput(output: readonly bigint[]): CairoProofFile {
  const { statement, ids } = file;
  const more = output.length - statement.output.length;
  const builtins = statement.builtins.map((b) => (b.name === 'output' ? { ...b, stop: b.stop + more } : b));
  const unusedBuiltins = statement.unusedBuiltins;
  const shifted = builtins.map((b) =>
    b.name === 'output' ? b : { ...b, start: b.start + 12, stop: b.stop + 12 },
  );
  return {
    ...file,
    statement: { ...statement, output, builtins: shifted, unusedBuiltins },
    ids: more < 0 ? ids.slice(0, more) : [...ids, ...Array.from({ length: more }, () => 0)],
  };
}

it.each(BAD_OUTPUTS)('has no claims for an output with %s', async (_name, change) => {
  const honest = [...file.statement.output];
  expect((await claimsOf(withOutput(honest))).length).toBe(3);
  await expect(claimsOf(withOutput(change(honest)))).rejects.toThrow();
});

it('decides by each check of an output', { timeout: 120_000 }, async () => {
  const { source } = emitStatement(cairoAir(LAYOUT), {
    program: BOOTLOADER.data,
    start: BOOTLOADER.start,
  });
  const calls = BAD_OUTPUTS.map(([, change]) =>
    concatHex([
      toFunctionSelector('claims(bytes)'),
      bytesToHex(encoded(withOutput(change([...file.statement.output])))),
    ]),
  );
  const answersOf = async (text: string) => {
    const at = await deployContract(chain, compileContract(compile, 'Yul', 'Statement', text));
    return Promise.all(calls.map((call) => ask(chain, at, call)));
  };
  expect(new Set(await answersOf(source))).toEqual(new Set(['INVALID_STATEMENT']));
  const start = source.indexOf('function writeTasks');
  const sites = [
    ...source.slice(start, source.indexOf('function writeClaim(', start)).matchAll(/require\(/g),
  ];
  expect(sites.length).toBe(3);
  for (const { index } of sites) {
    const at = start + index;
    const mutant = `${source.slice(0, at)}pop(${source.slice(at + 'require('.length)}`;
    expect(new Set(await answersOf(mutant)), source.slice(at, at + 60)).not.toEqual(
      new Set(['INVALID_STATEMENT']),
    );
  }
});
