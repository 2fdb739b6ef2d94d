import { checkMain } from './checkMain.ts';
import type { CompiledZeroProgram } from './compiledProgram.ts';
import { assembleProgram } from './emit/assembleProgram.ts';
import { emitStatement } from './emit/emitStatement.ts';
import { Emitter } from './emit/emitter.ts';
import { IdentifierTable } from './names/identifierTable.ts';
import { NameResolver } from './names/nameResolver.ts';
import { collectBuiltins } from './passes/collectBuiltins.ts';
import { collectIdentifiers } from './passes/collectIdentifiers.ts';
import { collectTypes } from './passes/collectTypes.ts';
import { loadModules, type ModuleSource, type ReadModule } from './passes/loadModules.ts';
import { lowerConditions } from './passes/lowerConditions.ts';
import { reachableFunctions } from './passes/reachableFunctions.ts';
import { zeroError } from './zeroError.ts';

/** What to compile. */
export interface ZeroCompilation {
  main: ModuleSource;
  /** Finds imported modules by dotted name, such as `starkware.cairo.common.alloc`. */
  readModule: ReadModule;
  /** Begin with code that calls `main` and then loops for ever, for programs that are proven by themselves. */
  proofMode?: boolean;
  /** Leave out functions that the main file does not reach. Default true. */
  dropUnusedFunctions?: boolean;
}

/** `__start__` makes room for the arguments of `main`; `__end__` is where a proof's run rests. */
const START: ModuleSource = {
  path: '<start>',
  source: [
    '__start__:',
    'ap += main.Args.SIZE + main.ImplicitArgs.SIZE;',
    'call main;',
    '',
    '__end__:',
    'jmp rel 0;',
  ].join('\n'),
};

/**
 * Compiles a Cairo Zero program (the language of Cairo 0.14) to the same machine code, hints and names as the
 * official compiler 0.14.0.1.
 * @throws CairnError with a {@link ZeroErrorCode}; where the fault lies in a file, with place and excerpt
 */
export function compileZero(compilation: ZeroCompilation): CompiledZeroProgram {
  try {
    return compile(compilation);
  } catch (error) {
    // The stack of the engine is spent.
    if (!(error instanceof RangeError)) throw error;
    throw zeroError('ZERO_TOO_COMPLEX', 'The program is nested too deep.', undefined);
  }
}

function compile(compilation: ZeroCompilation): CompiledZeroProgram {
  const { main, readModule, proofMode = false, dropUnusedFunctions = true } = compilation;
  let ifCount = 0;
  const modules = loadModules({ start: proofMode ? START : undefined, main, readModule }).map(
    ({ name, body }) => ({ name, body: lowerConditions(body, () => ifCount++) }),
  );
  const names = new NameResolver(new IdentifierTable());
  for (const module of modules) collectIdentifiers(module, names.table);
  const builtins = collectBuiltins(modules);
  for (const module of modules) collectTypes(module, names);
  const needed = dropUnusedFunctions ? reachableFunctions(modules, names) : undefined;
  const isNeeded = (fullName: string) => needed?.has(fullName) ?? true;
  const emitter = new Emitter(names, (it, statement) => emitStatement(it, statement, isNeeded));
  for (const { name, body } of modules) {
    if (names.table.get(name) !== undefined)
      throw zeroError('ZERO_REDEFINITION', `Module '${name}' has the name of something else.`, undefined);
    emitter.flow.stop();
    emitter.areDirectivesAllowed = true;
    names.within(name, () => emitter.runBlock(body));
  }
  const program = assembleProgram(emitter, builtins);
  checkMain(program);
  return program;
}
