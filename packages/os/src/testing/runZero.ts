import {
  compileZero,
  type ProgramResult,
  parseCairoProgram,
  type ReadModule,
  readProgramJson,
  runProgram,
  writeZeroProgram,
} from '@cairn/cairo';
import type { LibraryHint } from '../hints/libraryHint.ts';
import { libraryHintRegistry } from '../hints/libraryHintRegistry.ts';
import { libraryModule } from '../library.ts';

export type ReplacedHints = Readonly<Record<string, LibraryHint>>;

/** The compiled file of a program that uses our library. */
export function compileJson(source: string, readModule: ReadModule = libraryModule): unknown {
  return readProgramJson(writeZeroProgram(compileZero({ main: { path: 'test.cairo', source }, readModule })));
}

export function runJson(json: unknown, replaced?: ReplacedHints): ProgramResult {
  const hints = libraryHintRegistry(json, replaced);
  return runProgram({ program: parseCairoProgram(json), hints, maxSteps: 20_000_000 });
}

const BUILTINS: readonly (readonly [name: string, parameter: string, struct?: string])[] = [
  ['output', 'output_ptr: felt*'],
  ['pedersen', 'pedersen_ptr: HashBuiltin*', 'HashBuiltin'],
  ['range_check', 'range_check_ptr'],
  ['ecdsa', 'ecdsa_ptr: SignatureBuiltin*', 'SignatureBuiltin'],
  ['bitwise', 'bitwise_ptr: BitwiseBuiltin*', 'BitwiseBuiltin'],
  ['ec_op', 'ec_op_ptr: EcOpBuiltin*', 'EcOpBuiltin'],
  ['keccak', 'keccak_ptr: KeccakBuiltin*', 'KeccakBuiltin'],
  ['poseidon', 'poseidon_ptr: PoseidonBuiltin*', 'PoseidonBuiltin'],
];

/** What a test program is made of. */
export interface TestProgram {
  /** Builtins beside output; those of `hash_ptr` are named by the body. */
  builtins?: readonly string[];
  /** Imports, one `module.path: name, name` each; `starkware.cairo.common.` is put before. */
  imports: readonly string[];
  /** Statements of main; `out(x)` writes to the output. */
  body: string;
  /** Functions beside main. */
  functions?: string;
}

/** Cairo source of a test program. */
export function testSource({
  builtins = ['range_check'],
  imports,
  body,
  functions = '',
}: TestProgram): string {
  const used = BUILTINS.filter(([name]) => name === 'output' || builtins.includes(name));
  const structs = used.flatMap(([, , struct]) => (struct ? [struct] : []));
  return [
    `%builtins ${used.map(([name]) => name).join(' ')}`,
    ...imports.map((text) => {
      const [module, names] = text.split(': ');
      return `from starkware.cairo.common.${module} import ${names}`;
    }),
    'from starkware.cairo.common.serialize import serialize_word as out',
    ...(structs.length ? [`from starkware.cairo.common.cairo_builtins import ${structs.join(', ')}`] : []),
    functions,
    `func main{${used.map(([, parameter]) => parameter).join(', ')}}() {`,
    '    alloc_locals;',
    body,
    '    return ();',
    '}',
    '',
  ].join('\n');
}

const compiledTests = new Map<string, unknown>();

/** Runs a test program; `{ 'test.a': () => 5n }` gives `nondet %{ test.a %}` its value. */
export function runTest(program: TestProgram, replaced?: ReplacedHints): ProgramResult {
  const source = testSource(program).replaceAll('; ', ';\n');
  const json = compiledTests.get(source) ?? compileJson(source);
  compiledTests.set(source, json);
  return runJson(json, replaced);
}

/** What a test program writes to its output. */
export function outputOf(program: TestProgram, replaced?: ReplacedHints): bigint[] {
  return runTest(program, replaced).output;
}

/** Whether a run ends well; a program that does not compile is an error. */
export function succeeds(program: TestProgram, replaced?: ReplacedHints): boolean {
  try {
    runTest(program, replaced);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('ZERO_')) throw error;
    return false;
  }
}

/** Statements that make the named inputs local variables. */
export function inputs(...names: string[]): string {
  return names.map((name) => `    local ${name} = nondet %{ test.${name} %};`).join('\n');
}

/** Hints that give {@link inputs} their values. */
export function giving(values: Readonly<Record<string, bigint>>): ReplacedHints {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`test.${name}`, () => value]));
}
