import { CairnError } from '@cairn/primitives';
import { constCells } from './constCells.ts';
import { refuse } from './errors.ts';
import type { ConcreteLibfunc, LibfuncContext } from './libfunc.ts';
import { specializeLibfunc } from './libfuncTable.ts';
import { branchTarget, type Invocation, type SierraFunction, type SierraProgram } from './program.ts';
import { buildTypeRegistry, type TypeRegistry } from './typeRegistry.ts';

/** A program whose declarations are specialised and whose statements have the shape of their libfuncs. */
export interface ProgramRegistry {
  readonly program: SierraProgram;
  readonly types: TypeRegistry;
  readonly libfuncs: readonly ConcreteLibfunc[];
}

/**
 * Specialises all declarations and checks the shape of functions and statements: counts of arguments, branches and
 * results, targets, and that branches lead forward to their own branch_align.
 *
 * @throws CairnError with the declaration or statement in its message.
 */
export function buildProgramRegistry(program: SierraProgram): ProgramRegistry {
  const types = buildTypeRegistry(program.types);
  const context: LibfuncContext = {
    types,
    fn: (id) => {
      const found = program.functions[id];
      if (found === undefined) throw refuse('INVALID_FUNCTION', `function ${id} is not declared`);
      return found;
    },
    constCells: (type) => constCells(types, type),
  };
  const libfuncs = program.libfuncs.map(({ name, args }, id) => {
    try {
      return specializeLibfunc(context, name, args);
    } catch (cause) {
      throw inLibfunc(id, name, cause);
    }
  });
  program.functions.forEach((declaration, id) => {
    checkFunction(types, declaration, id, program.statements.length);
  });
  checkStatements(program, libfuncs);
  return { program, types, libfuncs };
}

/** Adds the libfunc to an error of its definition. */
function inLibfunc(id: number, name: string, cause: unknown): Error {
  if (cause instanceof CairnError && cause.code === 'INTERNAL') return cause;
  const what = cause instanceof Error ? cause.message : String(cause);
  return refuse('INVALID_LIBFUNC', `libfunc ${id} (${name}): ${what}`, { libfunc: id });
}

function checkFunction(types: TypeRegistry, fn: SierraFunction, id: number, statementCount: number): void {
  for (const type of [...fn.paramTypes, ...fn.returnTypes])
    if (!types.info(type).storable)
      throw refuse('INVALID_FUNCTION', `function ${id}: type ${type} is not storable`, { function: id });
  if (fn.entryPoint >= statementCount)
    throw refuse('INVALID_FUNCTION', `function ${id}: no statement ${fn.entryPoint}`, { function: id });
}

function checkStatements({ statements }: SierraProgram, libfuncs: readonly ConcreteLibfunc[]): void {
  /** Statement that branches to each statement. */
  const branchedFrom = new Map<number, number>();
  statements.forEach((statement, index) => {
    if (statement.kind === 'return') return;
    const fault = (what: string) =>
      refuse('INVALID_STATEMENT', `statement ${index}: ${what}`, { statement: index });
    const libfunc = libfuncs[statement.libfunc];
    if (libfunc === undefined) throw fault(`libfunc ${statement.libfunc} is not declared`);
    checkShape(statement, libfunc, fault);
    const isBranching = libfunc.branches.length > 1;
    statement.branches.forEach((branch, i) => {
      const previous = branchedFrom.get(index);
      if (libfunc.branches[i]!.stack !== 'branchAlign' && previous !== undefined)
        throw fault(`statement ${previous} branches to it, but it is no branch_align`);
      const target = branchTarget(index, branch);
      if (target >= statements.length) throw fault(`branch ${i} leaves the program`);
      if (!isBranching) return;
      if (target < index) throw fault(`branch ${i} leads backwards`);
      if (branchedFrom.has(target)) throw fault(`branch ${i} leads where another branch leads`);
      branchedFrom.set(target, index);
    });
  });
}

function checkShape(
  { args, branches }: Invocation,
  libfunc: ConcreteLibfunc,
  fault: (what: string) => Error,
): void {
  if (args.length !== libfunc.params.length)
    throw fault(`got ${args.length} arguments, expected ${libfunc.params.length}`);
  if (branches.length !== libfunc.branches.length)
    throw fault(`got ${branches.length} branches, expected ${libfunc.branches.length}`);
  branches.forEach(({ results, target }, i) => {
    const { outputs } = libfunc.branches[i]!;
    if (results.length !== outputs.length)
      throw fault(`branch ${i} has ${results.length} results, expected ${outputs.length}`);
    if ((libfunc.fallthrough === i) !== (target === undefined))
      throw fault(`branch ${i} ${target === undefined ? 'falls through' : 'does not fall through'}`);
  });
}
