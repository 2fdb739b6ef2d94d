import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { PRIME } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { formatCasmClass } from '../casm/casmClass.ts';
import { checkAllowedLibfuncs } from './allowedLibfuncs.ts';
import { compileSierraClass } from './compileSierraClass.ts';
import { decompressProgram } from './decompressProgram.ts';
import { parseSierraClass } from './sierraClass.ts';
import { sierraVersion } from './sierraVersion.ts';

const VECTORS = new URL('../../../../../shared/vectors/sierra-casm/', import.meta.url);
const FIXTURES = new URL('../../fixtures/', import.meta.url);
const present = existsSync(VECTORS);

/** Classes that are not compiled yet, with the reason. */
const NOT_YET: Readonly<Record<string, string>> = {};

const names = present
  ? readFileSync(new URL('index.tsv', VECTORS), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t')[0]!)
  : [];

function pair(folder: URL, name: string) {
  const read = (kind: string) => JSON.parse(readFileSync(new URL(`${name}.${kind}.json`, folder), 'utf8'));
  return { sierra: read('sierra'), casm: read('casm') };
}

function checkPair(folder: URL, name: string): void {
  const { sierra, casm } = pair(folder, name);
  const parsed = parseSierraClass(sierra);
  checkAllowedLibfuncs(parsed.program, parsed.sierraVersion);
  const compiled = formatCasmClass(compileSierraClass(parsed));
  // Long lists are compared as text first: a diff of two bytecodes helps nobody.
  const firstDifference = casm.bytecode.findIndex((word: string, i: number) => compiled.bytecode[i] !== word);
  expect(firstDifference, 'first differing word').toBe(-1);
  expect(compiled.bytecode.length).toBe(casm.bytecode.length);
  expect(compiled.bytecode_segment_lengths).toEqual(casm.bytecode_segment_lengths);
  expect(compiled.entry_points_by_type).toEqual(casm.entry_points_by_type);
  expect(compiled.hints).toEqual(casm.hints);
}

describe('Sierra classes compile to the official CASM', () => {
  it('minimal_contract__s1.9.3_c2.20.0 of the fixtures', () =>
    checkPair(FIXTURES, 'minimal_contract__s1.9.3_c2.20.0'));
  it.skipIf(present)('skipped: needs ../shared/vectors', () => {});
  for (const name of names)
    if (name in NOT_YET) it.skip(`${name}: ${NOT_YET[name]}`, () => {});
    else it(name, () => checkPair(VECTORS, name));
});

/**
 * Classes that say they are Sierra 1.3, so that equations are solved for them, and the SHA-256 of the bytecode (its
 * words joined by commas) that starknet-sierra-compile 2.20.0 makes of them: programs whose equations have several
 * best solutions.
 */
const AS_SIERRA_1_3: readonly (readonly [name: string, digest: string])[] = [
  ['account_faulty__s1.7.0_c2.14.1', 'c3028cdf82c34af4'],
  ['account_with_dummy_validate__s1.7.0_c2.14.1', '081aed6fbfeed5f2'],
  ['integer_types_test_IntegerTypesStorage__s1.7.0_c2.11.4', '4c13800b62e83e9b'],
  ['super_secret__s1.8.0_c2.17.0', 'acda9ca60329cd70'],
  ['test_contract__s1.9.3_c2.20.0', '5954b43b5fc43b68'],
  ['zeroable__s1.5.0_c2.6.3', '08a3c3e68368cd16'],
];

describe('Sierra 1.3 takes the solution of the equations that the official compiler takes', () => {
  for (const [name, digest] of AS_SIERRA_1_3)
    it.skipIf(!present)(name, () => {
      const { sierra } = pair(VECTORS, name);
      const older = { ...sierra, sierra_program: ['0x1', '0x3', ...sierra.sierra_program.slice(2)] };
      const { bytecode } = formatCasmClass(compileSierraClass(parseSierraClass(older)));
      expect(createHash('sha256').update(bytecode.join()).digest('hex').slice(0, 16)).toBe(digest);
    });
});

describe('mutated programs', () => {
  interface Mutation {
    base: string;
    edits: [index: number, value: string][];
    result: string;
    reference_message: string;
  }
  const mutations: Mutation[] = present
    ? readFileSync(new URL('mutations.jsonl', VECTORS), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];

  it.skipIf(!present)('are refused when the official compiler refuses them', () => {
    const accepted = mutations.filter(({ base, edits }) => {
      const { sierra } = pair(VECTORS, base);
      return isAccepted({ ...sierra, sierra_program: mutate(sierra.sierra_program, edits) });
    });
    expect(mutations.length).toBe(120);
    expect(accepted.map(({ base, edits, reference_message: why }) => ({ base, edits, why }))).toEqual(
      mutations.filter(({ result }) => result !== 'reject'),
    );
  });
});

describe('a class', () => {
  const { sierra } = pair(FIXTURES, 'minimal_contract__s1.9.3_c2.20.0');

  it('is refused when its bytecode is too long', () => {
    expect(() => compileSierraClass(parseSierraClass(sierra), { maxBytecodeLength: 40 })).toThrow(
      /bytecode exceeds 40/,
    );
  });
  it('is refused when its version is unknown', () => {
    const newer = { ...sierra, sierra_program: ['0x1', '0xa', ...sierra.sierra_program.slice(2)] };
    expect(() => compileSierraClass(parseSierraClass(newer))).toThrow(/Sierra 1.10.3/);
  });
  it('tells its version without being decoded', () => {
    expect(sierraVersion(sierra.sierra_program.map(BigInt))).toEqual({ major: 1, minor: 9, patch: 3 });
  });
  it('may not use libfuncs that are not allowed or newer than itself', () => {
    const { program, sierraVersion: version } = parseSierraClass(sierra);
    const withLibfunc = (name: string) => ({
      ...program,
      libfuncs: [...program.libfuncs, { name, args: [] }],
    });
    expect(() => checkAllowedLibfuncs(program, version)).not.toThrow();
    expect(() => checkAllowedLibfuncs(withLibfunc('print'), version)).toThrow(/print is not allowed/);
    expect(() => checkAllowedLibfuncs(withLibfunc('ec_neg_nz'), { major: 1, minor: 7, patch: 0 })).toThrow(
      /needs Sierra 1.8/,
    );
  });
  it('is refused when its file is malformed', () => {
    const bad = [
      null,
      {},
      { ...sierra, sierra_program: ['0x1'] },
      { ...sierra, entry_points_by_type: {} },
      { ...sierra, contract_class_version: 1 },
    ];
    for (const file of bad) expect(() => parseSierraClass(file)).toThrow(/invalid Sierra/);
  });
});

function isAccepted(file: unknown): boolean {
  try {
    const parsed = parseSierraClass(file);
    checkAllowedLibfuncs(parsed.program, parsed.sierraVersion);
    compileSierraClass(parsed);
    return true;
  } catch {
    return false;
  }
}

/** Replaces words of the plain program and packs it again. */
function mutate(felts: string[], edits: [number, string][]): string[] {
  const plain = decompressProgram(felts.slice(6).map(BigInt));
  for (const [index, value] of edits) plain[index] = BigInt(value);
  return [...felts.slice(0, 6), ...pack(plain).map((felt) => `0x${felt.toString(16)}`)];
}

function pack(plain: bigint[]): bigint[] {
  const words = [...new Set(plain)];
  const size = Math.max(256, 2 ** Math.ceil(Math.log2(words.length)));
  const bits = BigInt(Math.log2(size));
  let digitCount = 0;
  for (let power = BigInt(size); power < PRIME; power *= BigInt(size)) digitCount++;
  const codes = new Map(words.map((word, i) => [word, BigInt(i)]));
  const packed: bigint[] = [];
  for (let i = 0; i < plain.length; i += digitCount)
    packed.push(
      plain.slice(i, i + digitCount).reduceRight((felt, word) => (felt << bits) + codes.get(word)!, 0n),
    );
  return [BigInt(words.length), BigInt(size - words.length), ...words, BigInt(plain.length), ...packed];
}
