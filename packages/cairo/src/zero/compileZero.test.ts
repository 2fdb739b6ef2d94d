import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCairoProgram, readProgramJson } from '../vm/cairoProgram.ts';
import { runProgram } from '../vm/runProgram.ts';
import { zeroHintRegistry } from '../vm/zeroHints/zeroHintRegistry.ts';
import type { CompiledZeroProgram } from './compiledProgram.ts';
import { compileZero, type ZeroCompilation } from './compileZero.ts';
import { zeroProgramHash } from './programHash.ts';
import { writeProgram } from './writeProgram.ts';

type Variant = 'plain' | 'proofMode' | 'allFunctions';
type Recorded = { words: number; dataSha256: string; fileSha256: string };

const read = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

// What cairo-lang 0.14.0.1 makes of our fixtures, recorded by scripts/recordZeroGolden.mjs.
const GOLDEN: Record<string, Record<Variant, Recorded>> = JSON.parse(read('golden.json'));
const CASES = Object.entries(GOLDEN).flatMap(([name, variants]) =>
  Object.entries(variants).map(([variant, recorded]) => ({ name, variant: variant as Variant, recorded })),
);

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

function compile(name: string, options: Partial<ZeroCompilation> = {}): CompiledZeroProgram {
  return compileZero({
    main: { path: `${name}.cairo`, source: read(`${name}.cairo`) },
    readModule: (module) => {
      const path = `${module.replaceAll('.', '/')}.cairo`;
      return existsSync(new URL(`fixtures/${path}`, import.meta.url))
        ? { path, source: read(path) }
        : undefined;
    },
    ...options,
  });
}

function compileVariant(name: string, variant: Variant): CompiledZeroProgram {
  return compile(name, {
    proofMode: variant === 'proofMode',
    dropUnusedFunctions: variant !== 'allFunctions',
  });
}

function compileText(source: string): CompiledZeroProgram {
  return compileZero({ main: { path: 'main.cairo', source }, readModule: () => undefined });
}

describe('compileZero', () => {
  it.each(CASES)(
    '$name ($variant) gives the words of the official compiler',
    ({ name, variant, recorded }) => {
      const { data } = compileVariant(name, variant);
      expect(data.length).toBe(recorded.words);
      const words = data.map((word) => Buffer.from(word.toString(16).padStart(64, '0'), 'hex'));
      expect(sha256(Buffer.concat(words))).toBe(recorded.dataSha256);
    },
  );

  it.each(CASES)(
    '$name ($variant) gives the file of the official compiler',
    ({ name, variant, recorded }) => {
      expect(sha256(writeProgram(compileVariant(name, variant)))).toBe(recorded.fileSha256);
    },
  );

  it.each(['wasm', 'typescript'] as const)('makes programs that run (%s)', (engine) => {
    const json = readProgramJson(writeProgram(compile('running')));
    const program = parseCairoProgram(json);
    const { output } = runProgram({ program, hints: zeroHintRegistry(json), maxSteps: 10_000, engine });
    const factorial = 2_432_902_008_176_640_000n;
    expect(output).toEqual([
      385n,
      10n,
      factorial,
      17n,
      7n,
      BigInt(`0x${Buffer.from('yes').toString('hex')}`),
    ]);
  });

  it('keeps constants of any size in the file', () => {
    const program = compile('values');
    const half = 2n ** 250n + 17n * 2n ** 191n + 1n;
    expect(program.identifiers.get('__main__.HALF')).toEqual({ kind: 'const', value: half });
    expect(writeProgram(program)).toContain(`"value": ${half}`);
  });

  it('leaves out functions nobody reaches, but not their types', () => {
    const { identifiers } = compile('modules');
    expect(identifiers.has('geometry.plane.unused_here')).toBe(false);
    expect(identifiers.has('geometry.plane.dot')).toBe(true);
    expect(identifiers.has('geometry.plane.Vector')).toBe(true);
  });

  it('reads lines that end with a carriage return', () => {
    const source = 'func main() {\n    [ap] = 1, ap++;\n    ret;\n}\n';
    expect(compileText(source.replaceAll('\n', '\r\n')).data).toEqual(compileText(source).data);
  });

  it('compiles a file without main', () => {
    expect(compileText('const A = 1;\ndw A;').data).toEqual([1n]);
  });
});

describe('zeroProgramHash', () => {
  // cairo-lang 0.14.0.1: cairo-hash-program on what it compiles of the same file.
  const PEDERSEN = 0x78e530f62846b3fd9488505c27afeda4f2ac3af755a740306d6e5ef6a9c9559n;
  const POSEIDON = 0x97739effd340404d62778d6c68f187d0f36f20a8c14b963553d6918dbecb82n;

  it('is the hash of the official tool', () => {
    const program = compile('running');
    expect(zeroProgramHash(program)).toBe(PEDERSEN);
    expect(zeroProgramHash(program, 'poseidon')).toBe(POSEIDON);
  });

  it('needs a main function', () => {
    expect(() => zeroProgramHash(compileText('dw 1;'))).toThrow(/no main/);
  });
});
