import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import { compileSierraClass } from '../sierra/compileSierraClass.ts';
import type { GenericArg, SierraProgram } from '../sierra/program.ts';
import { parseSierraClass } from '../sierra/sierraClass.ts';
import { type BenchResult, median } from './benchResult.ts';

/** The vectors beside the repository, seen from dist/bench and src/bench alike. */
const VECTORS = new URL('../../../../../shared/vectors/sierra-casm/', import.meta.url);
/**
 * Classes among the vectors, and how often their program is repeated: none of them has the 64,171 words of
 * account_ready_040, so the large one is the largest of them three times over.
 */
const CLASSES = {
  small: ['hello_starknet__s1.9.3_c2.20.0', 1],
  medium: ['integer_types_test_IntegerTypesStorage__s1.7.0_c2.11.4', 1],
  large: ['erc20__s1.7.0_c2.10.1', 3],
} as const;

/** What is measured instead of the vectors' largest class. */
export interface LargeClass {
  name: string;
  /** The Sierra class as its JSON says it. */
  json: unknown;
}

/**
 * Seconds from a Sierra class's JSON to its CASM, medians, the first compilation left out; rows small, medium and
 * large, the words of the result in the name. @throws CairnError `INVALID_PROGRAM` where the vectors are absent.
 */
export async function runCompileBench(options: {
  smoke: boolean;
  largeClass?: LargeClass;
}): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const size of ['small', 'medium', 'large'] as const) {
    const { largeClass } = options;
    const isGiven = size === 'large' && largeClass !== undefined;
    const [name, copies] = isGiven ? [largeClass.name, 1] : CLASSES[size];
    const json = isGiven ? largeClass.json : await readClass(name);
    const compile = () => {
      const parsed = parseSierraClass(json);
      return compileSierraClass({ ...parsed, program: repeated(parsed.program, copies) }).bytecode.length;
    };
    const words = compile();
    const seconds: number[] = [];
    for (let round = 0; round < (options.smoke ? 1 : 7); round++) {
      const start = performance.now();
      compile();
      seconds.push((performance.now() - start) / 1000);
    }
    results.push({
      name: `compile/${size} (${words.toLocaleString('en')} words, ${copies} × ${name})`,
      value: median(seconds),
      unit: 's',
    });
  }
  return results;
}

/** A program with its functions, and the libfuncs that name them, `copies` times over. */
function repeated(program: SierraProgram, copies: number): SierraProgram {
  const { types, libfuncs, statements, functions } = program;
  const all = { types, libfuncs: [...libfuncs], statements: [...statements], functions: [...functions] };
  for (let copy = 1; copy < copies; copy++) {
    const shift = (arg: GenericArg): GenericArg =>
      arg.kind === 'function' ? { ...arg, id: arg.id + copy * functions.length } : arg;
    const ids = libfuncs.map(({ name, args }, id) =>
      args.some(({ kind }) => kind === 'function')
        ? all.libfuncs.push({ name, args: args.map(shift) }) - 1
        : id,
    );
    const moved = copy * statements.length;
    for (const statement of statements)
      all.statements.push(
        statement.kind === 'return'
          ? statement
          : {
              ...statement,
              libfunc: ids[statement.libfunc]!,
              branches: statement.branches.map(({ target, results }) => ({
                target: target === undefined ? undefined : target + moved,
                results,
              })),
            },
      );
    all.functions.push(...functions.map((fn) => ({ ...fn, entryPoint: fn.entryPoint + moved })));
  }
  return all;
}

async function readClass(name: string): Promise<unknown> {
  const url = new URL(`${name}.sierra.json`, VECTORS);
  try {
    return (await import(url.href, { with: { type: 'json' } })).default;
  } catch (error) {
    throw new CairnError<VmErrorCode>('INVALID_PROGRAM', `no class to compile at ${url.pathname}`, {
      fix: 'fetch the vectors into ../shared/vectors beside the repository',
      cause: error,
    });
  }
}
