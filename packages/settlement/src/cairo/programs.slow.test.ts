import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  compileZero,
  type ProofRun,
  parseCairoProgram,
  parseExecutable,
  readCairoPie,
  readProgramJson,
  runStandalone,
  writeZeroProgram,
} from '@cairn/cairo';
import {
  BOOTLOADERS,
  bootloaderFor,
  bootloadPrograms,
  type CairoLayout,
  type CairoStatement,
  cairoAir,
  fixedCommitment,
  type HintedTask,
  layoutFor,
  layoutName,
  proveCairo,
  runCommitted,
  verifyCairoProof,
} from '@cairn/cairo-air';
import { libraryHintRegistry, libraryModule } from '@cairn/os';
import { CairnError } from '@cairn/primitives';
import { C96, DEV, type FixedCommitment, type Profile, verifyingKey } from '@cairn/stark';
import { NodePool } from '@cairn/stark/nodePool';
import { WasmBackend } from '@cairn/stark/prover';
import { bytesToHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskOf } from '../../../cairo-air/src/testing/bootloaderTasks.ts';
import { BUILTIN_CASES } from '../../../cairo-air/src/testing/builtinCases.ts';
import { fibonacciMain, mixedMain, runMain } from '../../../cairo-air/src/testing/programs.ts';
import { VERIFIER_ABI } from '../l1/abi.ts';
import type { VerifierManifest } from '../l1/manifest.ts';
import { isProven, verifyInParts } from '../l1/verifyInParts.ts';
import { askVerifier } from '../l1/verifyOnChain.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { proofFile, setUpCairoVerifier } from '../testing/cairoProofs.ts';
import { splitProof } from '../verifier/splitProof.ts';
import { taskClaims } from './claims.ts';
import type { FixedProgram } from './emitStatement.ts';
import { encodeStatement } from './encodeStatement.ts';

// Programs of all kinds: run, proven with profile c96, verified in TypeScript and by the contracts of their layout on a chain.

/** What public pools take as a transaction; larger proofs are verified in parts. */
const POOL_BYTES = 128 * 1024;
/** Bytes of queries in a part. */
const PART_BYTES = 90_000;
const maxSteps = 2 ** 22;
const timeout = 900_000;

let chain: TestChain;
const pool = new NodePool(2);
const backend = new WasmBackend({ pool });
beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(async () => {
  chain?.stop();
  await pool.close();
});

const verifiers = new Map<string, Promise<VerifierManifest>>();
/** The verifier of a layout, deployed once: one for each commitment to fixed columns and each fixed program. */
function verifierOf(
  layout: CairoLayout,
  fixedColumns: FixedCommitment | undefined,
  fixedProgram: FixedProgram | undefined,
): Promise<VerifierManifest> {
  const columns =
    fixedColumns === undefined ? '' : fixedColumns.cap.map((digest) => bytesToHex(digest)).join();
  const name = [layoutName(layout), columns, fixedProgram?.program.length].join();
  const known = verifiers.get(name);
  if (known !== undefined) return known;
  const deployed = setUpCairoVerifier(chain, 'Programs', {
    layout,
    profile: C96,
    ...(fixedColumns && { fixedColumns }),
    ...(fixedProgram && { fixedProgram }),
  });
  verifiers.set(name, deployed);
  return deployed;
}

/** A proof of a run, with the commitment that its verifiers need. */
async function proven(run: ProofRun, profile: Profile) {
  const layout = layoutFor(run);
  const started = performance.now();
  let logMaxHeight = 0;
  const bytes = await proveCairo(run, {
    layout,
    profile,
    backend,
    commitments: (_, height) => {
      logMaxHeight = height;
      return undefined;
    },
  });
  const seconds = (performance.now() - started) / 1000;
  return { layout, bytes, seconds, fixed: await fixedCommitment(layout, profile, logMaxHeight, backend) };
}

/** Proves a run, has it verified here and on the chain, and tells what was proven, with the verifier. */
async function proveAndVerify(
  what: string,
  run: ProofRun,
  fixedProgram?: FixedProgram,
): Promise<{ statement: CairoStatement; manifest: VerifierManifest; encoded: Uint8Array }> {
  const { layout, bytes, fixed, seconds } = await proven(run, C96);
  const verdict = verifyCairoProof(bytes, C96, () => fixed);
  expect(verdict).toMatchObject({ ok: true, strength: 'conjectured' });
  if (!verdict.ok) throw new Error(verdict.message);
  expect(verdict.statement.output).toEqual(run.output);

  const manifest = await verifierOf(layout, fixed, fixedProgram);
  const file = proofFile(bytes);
  const encoded = encodeStatement(file, { isProgramFixed: fixedProgram !== undefined });
  const inParts = file.stark.length + encoded.length > POOL_BYTES;
  if (inParts) {
    const key = verifyingKey(cairoAir(layout).air, C96, fixed);
    await verifyInParts(chain, manifest, encoded, splitProof(key, file.stark, PART_BYTES));
    expect(await isProven(chain, manifest, encoded)).toBe(true);
  } else {
    expect(await askVerifier(chain.reader, manifest, encoded, file.stark)).toEqual({ ok: true });
  }
  console.log(
    `${what}: ${run.resources.steps} steps, ${layoutName(layout)}, proven in ${seconds.toFixed(1)} s, ` +
      `${bytes.length} bytes${inParts ? ', verified in parts' : ''}`,
  );
  return { statement: verdict.statement, manifest, encoded };
}

describe('proven with c96, verified here and on a chain', { timeout }, () => {
  it('100,000 steps of Fibonacci', async () => {
    const run = runMain(['output'], fibonacciMain(25_000));
    expect(run.resources.steps).toBeGreaterThan(100_000);
    await proveAndVerify('Fibonacci', run);
  });

  it.each(BUILTIN_CASES)('a program that uses %s', async (name, main) => {
    const run = runMain(['output', name], main);
    expect(run.resources.builtins[name]).toBeGreaterThan(0);
    await proveAndVerify(name, run);
  });

  it('a Cairo 1 executable', async () => {
    const executable = parseExecutable(JSON.parse(fixture('cairo1/dictionary.executable.json')));
    const run = runStandalone({ executable, arguments: [7n, 4n, 1n, 2n, 3n, 3n], maxSteps });
    const { statement } = await proveAndVerify('executable', run);
    // What the function returns, as `cairn run` prints it.
    expect(statement.output.slice(-2)).toEqual(run.output.slice(-2));
  });

  it('three programs under the bootloader, one of them a PIE that cairo-lang has made', async () => {
    const pie = await readCairoPie(
      readFileSync(new URL('../../../cairo/src/vm/fixtures/mixed.pie.zip', import.meta.url)),
    );
    const { run, tasks } = bootloadPrograms(
      [taskOf(['output'], fibonacciMain(10)), { pie }, taskOf(['output', 'range_check'], mixedMain())],
      { maxSteps },
    );
    const bootloader = bootloaderFor(pie.program.builtins);
    expect(bootloader).toBe(BOOTLOADERS[2]);
    const { manifest, encoded } = await proveAndVerify('bootloader', run, {
      program: bootloader.data,
      start: bootloader.start,
    });
    const claims = await chain.reader.readContract({
      address: manifest.verifier,
      abi: VERIFIER_ABI,
      functionName: 'claims',
      args: [bytesToHex(encoded)],
    });
    expect(claims).toEqual(taskClaims(tasks));
  });
});

const fixture = (path: string) =>
  readFileSync(new URL(`../../../cairo/fixtures/${path}`, import.meta.url), 'utf8');

/** A compiled program of the Cairo common library with its hints. */
function zeroTask(text: string): HintedTask {
  const json = readProgramJson(text);
  return { program: parseCairoProgram(json), hints: libraryHintRegistry(json) };
}

describe('programs of the VM, proven with c96, verified here and on a chain', { timeout }, () => {
  it.each(['collections', 'hashes'])('%s', async (name) => {
    await proveAndVerify(name, runCommitted(zeroTask(fixture(`zero/${name}.json`)), { maxSteps }));
  });
});

/** Sources of cairo-vm's test programs: they are not ours, so they lie beside the project, as for `conformance:cairo-vm`. */
const SOURCES = process.env.CAIRO_VM ?? fileURLToPath(new URL('../../../../../cairo-vm', import.meta.url));
/** One or two of each kind: loops, recursion, pointers, lists, dictionaries, big integers, curves, each builtin. */
const PROGRAMS = [
  'array_sum',
  'bitwise_recursion',
  'chained_ec_op',
  'dict_squash',
  'fibonacci',
  'integration',
  'keccak_copy_inputs',
  'memory_integration_tests',
  'pedersen_test',
  'poseidon_multirun',
  'relocate_segments',
  'secp256r1_fast_ec_add',
  'set_integration_tests',
  'usort',
];

describe.skipIf(!existsSync(SOURCES))(
  `test programs of cairo-vm (skipped without ${SOURCES}), proven with c96, verified here and on a chain`,
  { timeout },
  () => {
    it.each(PROGRAMS)('%s', async (name) => {
      await proveAndVerify(name, runCommitted(compiled(name), { maxSteps }));
    });
  },
);

/** A test program of cairo-vm, compiled with our library. */
function compiled(name: string): HintedTask {
  const path = `${SOURCES}/cairo_programs/${name}.cairo`;
  const main = { path, source: readFileSync(path, 'utf8') };
  return zeroTask(writeZeroProgram(compileZero({ main, readModule: libraryModule })));
}

/**
 * Words and steps of a train at the most; what has more steps is proven alone, without a bootloader. 4,900 words are hashed in
 * 2^18 rows of cubes; twice as many take more than the 4 GiB of the prover.
 */
const TRAIN = { words: 4_500, steps: 2 ** 16 };

/** Programs that share a bootloader and a proof. */
interface Train {
  readonly bootloader: string;
  readonly tasks: HintedTask[];
  words: number;
  steps: number;
}

describe.skipIf(!existsSync(SOURCES))(
  `all test programs of cairo-vm (skipped without ${SOURCES}), in trains under the bootloader, proven with dev`,
  () => {
    it('those that a bootloader can run are proven', { timeout: 3_600_000 }, async () => {
      const refused = new Map<string, string[]>();
      const trains: Train[] = [];
      for (const file of readdirSync(`${SOURCES}/cairo_programs`)) {
        if (!file.endsWith('.cairo')) continue;
        const name = file.slice(0, -'.cairo'.length);
        try {
          const task = compiled(name);
          const { steps } = bootloadPrograms([task], { maxSteps }).run.resources;
          add(trains, task, steps);
        } catch (error) {
          // Not in our language or library, or not a program that something else can call.
          if (!(error instanceof CairnError)) throw error;
          refused.set(error.code, [...(refused.get(error.code) ?? []), name]);
        }
      }
      console.log(`not run: ${JSON.stringify(Object.fromEntries(refused))}`);
      expect(trains.reduce((sum, { tasks }) => sum + tasks.length, 0)).toBeGreaterThan(120);
      for (const { tasks, steps } of trains) {
        const run =
          steps > TRAIN.steps
            ? runCommitted(tasks[0]!, { maxSteps })
            : bootloadPrograms(tasks, { maxSteps }).run;
        const { layout, bytes, fixed, seconds } = await proven(run, DEV);
        const verdict = verifyCairoProof(bytes, DEV, () => fixed);
        expect(verdict.ok && verdict.statement.output).toEqual(run.output);
        console.log(
          `${tasks.length} programs: ${run.resources.steps} steps, ${layoutName(layout)}, ` +
            `${seconds.toFixed(1)} s, ${bytes.length} bytes`,
        );
      }
    });
  },
);

/** Puts a task where there is room for it, with others that have the same bootloader. */
function add(trains: Train[], task: HintedTask, steps: number): void {
  const { builtins, data } = task.program;
  const bootloader = bootloaderFor(builtins).builtins.join();
  const found = trains.find(
    (train) =>
      train.bootloader === bootloader &&
      train.words + data.length < TRAIN.words &&
      train.steps + steps < TRAIN.steps,
  );
  const train = found ?? { bootloader, tasks: [], words: 0, steps: 0 };
  if (found === undefined) trains.push(train);
  train.tasks.push(task);
  train.words += data.length;
  train.steps += steps;
}
