import {
  type CasmClass,
  compileZero,
  parseCairoProgram,
  readProgramJson,
  writeZeroProgram,
} from '@cairn/cairo';
import { PRIME, selectorFromName } from '@cairn/primitives';
import { libraryModule } from '../library.ts';

/** A function of a contract in Cairo Zero, so in any code: arguments and results are those of entry points. */
export interface RawFunction {
  /** Builtins by name; their pointers are the variables `NAME_ptr`. */
  builtins?: readonly string[];
  /** Statements; a label `syscall` stands behind each request written at syscall_ptr. */
  body: string;
  /** What is returned in place of the honest results. */
  results?: Partial<Record<Result, string>>;
}

type Result = 'gas' | 'syscall_ptr' | 'failure_flag' | 'start' | 'end' | `${string}_ptr`;

const SYSTEM_CALL = { SystemCall: { system: { Deref: { register: 'FP', offset: -3 } } } };

/** A class of such functions, by name. */
export function rawClass(functions: Readonly<Record<string, RawFunction>>): CasmClass {
  const source = [
    ...Object.entries(functions).map(functionSource),
    'func main() {',
    '    return ();',
    '}',
    '',
  ].join('\n');
  const compiled = compileZero({
    main: { path: 'raw.cairo', source },
    readModule: libraryModule,
    dropUnusedFunctions: false,
  });
  const json = readProgramJson(writeZeroProgram(compiled)) as {
    identifiers: Record<string, { pc?: number }>;
  };
  const place = (name: string): number | undefined => json.identifiers[`__main__.${name}`]?.pc;
  const entryPoints = Object.entries(functions)
    .map(([name, { builtins = [] }]) => ({
      selector: selectorFromName(name),
      offset: place(name)!,
      builtins: [...builtins],
    }))
    .sort((a, b) => (a.selector < b.selector ? -1 : 1));
  const syscalls = Object.keys(functions).flatMap((name) => place(`${name}.syscall`) ?? []);
  return {
    prime: PRIME,
    compilerVersion: '',
    bytecode: parseCairoProgram(json).data,
    hints: syscalls.sort((a, b) => a - b).map((offset) => [offset, [SYSTEM_CALL as never]]),
    entryPointsByType: { EXTERNAL: entryPoints, L1_HANDLER: [], CONSTRUCTOR: [] },
  };
}

function functionSource([name, { builtins = [], body, results = {} }]: [string, RawFunction]): string {
  const pointers = builtins.map((builtin) => `${builtin}_ptr`);
  const honest: Record<string, string> = {
    ...Object.fromEntries(pointers.map((pointer) => [pointer, pointer])),
    gas: 'gas',
    syscall_ptr: 'syscall_ptr',
    failure_flag: '0',
    start: 'calldata_start',
    end: 'calldata_start',
  };
  const returned = { ...honest, ...results };
  const types = Object.keys(honest).map((result) => `${result}: felt`);
  return [
    `func ${name}(${[...pointers, 'gas', 'syscall_ptr', 'calldata_start', 'calldata_end'].join(', ')}) -> (`,
    `    ${types.join(', ')}`,
    ') {',
    '    alloc_locals;',
    body,
    `    return (${Object.keys(honest)
      .map((result) => `${result}=${(returned as Record<string, string>)[result]}`)
      .join(', ')});`,
    '}',
  ].join('\n');
}
