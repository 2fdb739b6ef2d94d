import { runProof } from '@cairn/cairo';
import { push, RET } from '@cairn/cairo/testing';
import {
  type CairoLayout,
  type CairoProofFile,
  type CairoStatement,
  cairoAir,
  layoutName,
  proveCairo,
  publicMemory,
  publicValues,
  statementEntries,
} from '@cairn/cairo-air';
import { P, verifyingKey } from '@cairn/stark';
import { prove, WasmBackend } from '@cairn/stark/prover';
import { bytesToHex, concatHex, toFunctionSelector, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeProofFile } from '../../../cairo-air/src/statement/proofFile.ts';
import { forgedWitness, type Lies, putIn } from '../../../cairo-air/src/testing/forgery.ts';
import {
  addToFp,
  fibonacciMain,
  mixedMain,
  runMain,
  store,
} from '../../../cairo-air/src/testing/programs.ts';
import {
  bitwiseWitness,
  heightFaults,
  statementFaults,
} from '../../../cairo-air/src/testing/statementFaults.ts';
import { VERIFIER_ABI } from '../l1/abi.ts';
import { deployFactRegistry, factOf, registerFact } from '../l1/factRegistry.ts';
import type { VerifierManifest } from '../l1/manifest.ts';
import { verifyInParts } from '../l1/verifyInParts.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { ask } from '../testing/askVerifier.ts';
import { askCairoVerifier, cairoVerdictOf, proofFile, setUpCairoVerifier } from '../testing/cairoProofs.ts';
import { GRINDING_PROFILE } from '../testing/proofs.ts';
import { encodePublicValues } from '../verifier/emitCore.ts';
import { splitProof } from '../verifier/splitProof.ts';
import { keccakProgramHash, programClaim } from './claims.ts';
import { encodeStatement } from './encodeStatement.ts';

const CORE: CairoLayout = { modules: [], ranges: 'narrow' };
const BITWISE: CairoLayout = { modules: ['bitwise'], ranges: 'narrow' };
const backend = new WasmBackend();
const FIBONACCI = () => runMain(['output'], fibonacciMain(10));

let chain: TestChain;
let core: VerifierManifest;
let bitwise: VerifierManifest;
let fibonacci: CairoProofFile;
let mixed: CairoProofFile;

/** A proof file made without the prover's own checks of a run with lies in it. */
async function forge(run: ReturnType<typeof runMain>, lies: Lies, of: CairoLayout): Promise<CairoProofFile> {
  const { layout, statement, ids, trace } = forgedWitness(run, { ...lies, layout: of });
  const stark = await prove(
    verifyingKey(layout.air, GRINDING_PROFILE),
    trace,
    publicValues(layout, statement, ids),
    {
      entries: statementEntries(layout, statement, ids),
      backend,
      hooks: { skipChecks: true },
    },
  );
  return { layoutName: layoutName(of), statement, ids, stark };
}

beforeAll(async () => {
  chain = await startAnvil();
  core = await setUpCairoVerifier(chain, 'Core', { layout: CORE, profile: GRINDING_PROFILE });
  bitwise = await setUpCairoVerifier(chain, 'Bitwise', { layout: BITWISE, profile: GRINDING_PROFILE });
  const options = { profile: GRINDING_PROFILE, layout: CORE, backend };
  fibonacci = proofFile(await proveCairo(FIBONACCI(), options));
  mixed = proofFile(await proveCairo(runMain(['output', 'range_check'], mixedMain()), options));
}, 120_000);
afterAll(() => chain?.stop());

/** The contract's verdict, which must be that of the TypeScript verifier. */
async function agreed(file: CairoProofFile, manifest = core): Promise<string> {
  const said = await askCairoVerifier(chain, manifest, file);
  expect(said).toBe(cairoVerdictOf(encodeProofFile(file), GRINDING_PROFILE));
  return said;
}
const changed = (change: Partial<CairoStatement>, file = fibonacci): CairoProofFile => ({
  ...file,
  statement: { ...file.statement, ...change },
});

describe('a Cairo verifier', () => {
  it('accepts proofs of any program of its layout', async () => {
    expect(await agreed(fibonacci)).toBe('accepted');
    expect(await agreed(mixed)).toBe('accepted');
    const { statement, ids, trace, layout } = bitwiseWitness();
    const stark = await prove(
      verifyingKey(layout.air, GRINDING_PROFILE),
      trace,
      publicValues(layout, statement, ids),
      { entries: statementEntries(layout, statement, ids), backend },
    );
    const file = { layoutName: layoutName(BITWISE), statement, ids, stark };
    expect(await agreed(file, bitwise)).toBe('accepted');
    // Not those of another layout.
    for (const [other, manifest] of [
      [file, core],
      [fibonacci, bitwise],
    ] as const)
      expect(await askCairoVerifier(chain, manifest, other)).not.toBe('accepted');
  });

  it.each([
    ['a word of the program', (s) => ({ program: s.program.with(-1, s.program.at(-1)! + 1n) })],
    ['the output', (s) => ({ output: [s.output[0]! + 1n] })],
    ['where the stack ends', (s) => ({ finalAp: s.finalAp - 1 })],
    ['where an unused segment lies', (s) => ({ unusedBuiltins: moved(s.unusedBuiltins) })],
    ['where the output lies', (s) => ({ builtins: moved(s.builtins) })],
  ] as [string, (s: CairoStatement) => Partial<CairoStatement>][])(
    'binds %s to the transcript',
    async (_name, change) => {
      expect(await agreed(changed(change(fibonacci.statement)))).toBe('GRINDING');
    },
  );
  it('binds ids to the transcript', async () => {
    for (const i of [0, fibonacci.ids.length - 1])
      expect(await agreed({ ...fibonacci, ids: fibonacci.ids.with(i, fibonacci.ids[i]! + 1) })).toBe(
        'GRINDING',
      );
  });

  it.each([
    ['another output', { statement: (s) => ({ ...s, output: [s.output[0]! + 1n] }) }],
    ['another program', { statement: (s) => ({ ...s, program: s.program.with(7, s.program[7]! + 1n) }) }],
    ['a program with another value in memory', { memory: ({ memory }) => void (memory.ids[8] = 0) }],
    ['another end of the stack', { statement: (s) => ({ ...s, finalAp: s.finalAp - 1 }) }],
    ['another output in memory', { memory: putIn('output', 0, 7n) }],
  ] as [string, Lies][])('can not be told by a lying prover of %s', async (_name, lies) => {
    const file = await forge(FIBONACCI(), lies, CORE);
    expect(['LOOKUP_SUM', 'CONSTRAINTS']).toContain(await agreed(file));
  });
  it('sees through ids that name other values', async () => {
    const { layout, statement, ids, trace } = forgedWitness(FIBONACCI(), { layout: CORE });
    for (const i of [3, ids.length - 1]) {
      const other = ids.with(i, ids[i]! ^ 1);
      const stark = await prove(
        verifyingKey(layout.air, GRINDING_PROFILE),
        trace,
        publicValues(layout, statement, other),
        { entries: statementEntries(layout, statement, other), backend, hooks: { skipChecks: true } },
      );
      expect(await agreed({ layoutName: layoutName(CORE), statement, ids: other, stark })).toBe('LOOKUP_SUM');
    }
  });
  it('counts the statement among the uses of memory', async () => {
    const { air } = cairoAir(CORE);
    const { trace } = forgedWitness(FIBONACCI(), { layout: CORE });
    const memory = air.buses.findIndex(({ name }) => name === 'memory');
    const rows = air.tables.reduce((sum, { entries }, t) => {
      const uses = entries.filter(({ bus, kind }) => bus === memory && kind === 'use').length;
      return sum + uses * 2 ** trace[t]!.logHeight;
    }, 0);
    const uses = rows + publicMemory(fibonacci.statement).length;
    const check = 'if iszero(lt(count, 0x7fffffff))';
    for (const [bound, verdict] of [
      [uses, 'TOO_MANY_USES'],
      [uses + 1, 'accepted'],
    ] as const) {
      const manifest = await setUpCairoVerifier(
        chain,
        'Crowded',
        { layout: CORE, profile: GRINDING_PROFILE },
        (sources) => {
          // The first check is that of the memory, the first of the buses.
          const verifier = sources.verifier.replace(check, `if iszero(lt(count, ${bound}))`);
          expect(memory).toBe(0);
          return { ...sources, verifier };
        },
      );
      expect(await askCairoVerifier(chain, manifest, fibonacci)).toBe(verdict);
    }
  });
  it('refuses challenges that hit an entry', async () => {
    const { air } = cairoAir(CORE);
    for (const name of ['memory', 'limbs']) {
      const { id } = air.buses.find((bus) => bus.name === name)!;
      const manifest = await setUpCairoVerifier(
        chain,
        'Hit',
        { layout: CORE, profile: GRINDING_PROFILE },
        (sources) => {
          const verifier = sources.verifier
            .replace(
              /mstore\((0x[0-9a-f]+), drawElement\(6\)\)/,
              `pop(drawElement(6)) mstore($1, pack(${id}, 0, 0, 0))`,
            )
            .replace('let alpha := drawElement(6)', 'pop(drawElement(6)) let alpha := 0');
          return { ...sources, verifier };
        },
      );
      expect(await askCairoVerifier(chain, manifest, fibonacci)).toBe('DEGENERATE_CHALLENGE');
    }
  });
});

const moved = (segments: CairoStatement['builtins']) =>
  segments.map((segment) => ({ ...segment, start: segment.start + 8, stop: segment.stop + 8 }));

describe('a statement', () => {
  const { layout, statement, ids, trace } = bitwiseWitness();
  const file: CairoProofFile = {
    layoutName: layoutName(BITWISE),
    statement,
    ids,
    stark: Uint8Array.of(1, 2, 3, 4),
  };
  /** Calls the statement contract itself. */
  const askStatement = (call: string, data: Uint8Array) =>
    ask(chain, bitwise.statement!, concatHex([toFunctionSelector(call), bytesToHex(data)]));
  const words = (values: readonly number[]) =>
    Uint8Array.from(values.flatMap((value) => [...Buffer.from(toHex(value, { size: 32 }).slice(2), 'hex')]));

  it.each(statementFaults(statement).filter(([name]) => name !== 'a negative word'))(
    'with %s is refused',
    async (_name, change) => {
      const bytes = encodeProofFile(changed(change, file));
      const said = await askCairoVerifier(chain, bitwise, changed(change, file));
      expect(said).toBe(cairoVerdictOf(bytes, GRINDING_PROFILE));
      expect(said).toMatch(/^(INVALID_STATEMENT|NOT_A_CAIRO_PROOF)$/);
    },
  );
  it('with ids that do not fit is refused', async () => {
    for (const wrong of [ids.slice(1), [...ids, 0], ids.with(2, P), ids.with(-1, 2 ** 32 - 1)])
      expect(await agreed({ ...file, ids: wrong }, bitwise)).toBe('INVALID_STATEMENT');
  });
  it('without a fault goes on to the proof', async () => {
    expect(await agreed(file, bitwise)).toBe('NOT_A_PROOF');
  });
  it('is read to its last byte', async () => {
    const bytes = encodeStatement(file);
    expect(await askStatement('publicValues(bytes)', bytes)).toMatch(/^result/);
    for (let length = 0; length < bytes.length; length += 61)
      expect(await askStatement('publicValues(bytes)', bytes.slice(0, length))).toBe('NOT_A_CAIRO_PROOF');
    expect(await askStatement('publicValues(bytes)', Uint8Array.of(...bytes, 0))).toBe('NOT_A_CAIRO_PROOF');
    expect(await askStatement('fractions(bytes)', new Uint8Array(40))).toBe('NOT_A_CAIRO_PROOF');
    expect(await askStatement('other(bytes)', bytes)).toMatch(/^failed/);
  });
  it('gives the public values of the AIR', async () => {
    const data = concatHex([toFunctionSelector('publicValues(bytes)'), bytesToHex(encodeStatement(file))]);
    const { data: result } = await chain.reader.call({ to: bitwise.statement!, data });
    const expected = encodePublicValues(publicValues(layout, statement, ids));
    expect(result).toBe(
      concatHex([toHex(publicMemory(statement).length, { size: 32 }), bytesToHex(expected)]),
    );
  });

  // z and powers of alpha that hit nothing, then the heights.
  const challenges = words(Array.from({ length: 30 }, (_, i) => 1000 + i));
  const atHeights = (of: CairoProofFile, heights: readonly number[]) =>
    askStatement('fractions(bytes)', Uint8Array.of(...challenges, ...words(heights), ...encodeStatement(of)));
  const heights = trace.map(({ logHeight }) => logHeight);
  it.each(heightFaults(statement))('with %s is refused', async (_name, change) => {
    expect(await atHeights(file, heights)).toMatch(/^result/);
    expect(await atHeights(changed(change, file), heights)).toBe('INVALID_STATEMENT');
  });
});

describe('facts', () => {
  const claimsOf = (manifest: VerifierManifest, statement: Uint8Array) =>
    chain.reader.readContract({
      address: manifest.verifier,
      abi: VERIFIER_ABI,
      functionName: 'claims',
      args: [bytesToHex(statement)],
    });

  it('name the program and the root of its output', async () => {
    for (const file of [fibonacci, mixed]) {
      const claim = programClaim(keccakProgramHash(file.statement), file.statement.output);
      expect(await claimsOf(core, encodeStatement(file))).toEqual([claim]);
    }
    // There are none of a statement that means nothing.
    const wrong = encodeStatement(changed({ entryOffset: 1 }));
    await expect(claimsOf(core, wrong)).rejects.toThrow();
  });
  it('are kept of programs whose proofs are accepted', async () => {
    const registry = await deployFactRegistry(chain);
    const claim = programClaim(keccakProgramHash(fibonacci.statement), fibonacci.statement.output);
    const { facts } = await registerFact(chain, core, registry, encodeStatement(fibonacci), fibonacci.stark);
    expect(facts).toEqual([factOf(core, registry, claim)]);
    await expect(
      registerFact(chain, core, registry, encodeStatement(mixed), fibonacci.stark),
    ).rejects.toMatchObject({ code: 'PROOF_REJECTED' });
  });
});

it('a Cairo proof is verified in parts', async () => {
  const key = verifyingKey(cairoAir(CORE).air, GRINDING_PROFILE);
  const statement = encodeStatement(mixed);
  const registry = await deployFactRegistry(chain);
  const receipts = await verifyInParts(chain, core, statement, splitProof(key, mixed.stark, 10_000));
  expect(receipts.length).toBeGreaterThan(2);
  const { facts } = await registerFact(chain, core, registry, statement);
  const claim = programClaim(keccakProgramHash(mixed.statement), mixed.statement.output);
  expect(facts).toEqual([factOf(core, registry, claim)]);
  await expect(registerFact(chain, core, registry, encodeStatement(fibonacci))).rejects.toMatchObject({
    code: 'PROOF_REJECTED',
  });
  const wrong = encodeStatement(changed({ entryOffset: 1 }));
  await expect(verifyInParts(chain, core, wrong, splitProof(key, mixed.stark, 10_000))).rejects.toMatchObject(
    { details: { code: 'INVALID_STATEMENT' } },
  );
});

describe('a verifier of one program', () => {
  it('has the program as a constant, and takes no other', async () => {
    const { program } = fibonacci.statement;
    const manifest = await setUpCairoVerifier(chain, 'Fibonacci', {
      layout: CORE,
      profile: GRINDING_PROFILE,
      fixedProgram: { program, start: 0, programHash: 0x1234n },
    });
    const said = (file: CairoProofFile) => askCairoVerifier(chain, manifest, file, true);
    expect(await said(fibonacci)).toBe('accepted');
    expect(await said(mixed)).toBe('INVALID_STATEMENT');
    const longer = runMain(['output'], fibonacciMain(11));
    const other = proofFile(await proveCairo(longer, { profile: GRINDING_PROFILE, layout: CORE, backend }));
    expect(await agreed(other)).toBe('accepted');
    expect(await said(other)).toBe('GRINDING');
    const claims = await chain.reader.readContract({
      address: manifest.verifier,
      abi: VERIFIER_ABI,
      functionName: 'claims',
      args: [bytesToHex(encodeStatement(fibonacci, { isProgramFixed: true }))],
    });
    expect(claims).toEqual([programClaim(0x1234n, fibonacci.statement.output)]);
  });
  it('is entered where it says', async () => {
    // Two entries, of which the second calls another main: one that writes 1 into the output.
    const first = FIBONACCI().program.data;
    const main = [...push(1n), ...store(-3, 0), ...addToFp(-3, 1n), RET];
    const data = [...first, ...first.slice(0, 6).with(3, 4n), ...main];
    const hints = { find: () => undefined, createState: () => undefined };
    const start = first.length;
    const program = {
      data,
      builtins: ['output' as const],
      main: start + 6,
      hints: new Map(),
      start,
      end: start + 4,
    };
    const run = runProof({ program, hints, maxSteps: 1000 });
    const file = proofFile(await proveCairo(run, { profile: GRINDING_PROFILE, layout: CORE, backend }));
    expect(await agreed(file)).toBe('accepted');
    for (const [entry, verdict] of [
      [start, 'accepted'],
      [0, 'INVALID_STATEMENT'],
    ] as const) {
      const manifest = await setUpCairoVerifier(chain, 'Entry', {
        layout: CORE,
        profile: GRINDING_PROFILE,
        fixedProgram: { program: data, start: entry, programHash: 1n },
      });
      expect(await askCairoVerifier(chain, manifest, file, true)).toBe(verdict);
    }
  });
  it('must have words that are felts', async () => {
    const setUp = setUpCairoVerifier(chain, 'None', {
      layout: CORE,
      profile: GRINDING_PROFILE,
      fixedProgram: { program: [-1n], start: 0, programHash: 0n },
    });
    await expect(setUp).rejects.toMatchObject({ code: 'INVALID_PROGRAM' });
  });
});
