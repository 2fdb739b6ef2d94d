import { innerBlocks } from '../ast/innerBlocks.ts';
import type { Block, StatementOf, ZeroModule } from '../ast/statement.ts';
import { parseFile } from '../parser/parseStatement.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { REGISTERS_MODULE, REGISTERS_SOURCE } from './registersModule.ts';

/** A module's text, and its name in messages. */
export interface ModuleSource {
  path: string;
  source: string;
}

/** Finds a module by its dotted name; undefined when there is none. */
export type ReadModule = (moduleName: string) => ModuleSource | undefined;

/** What a program is made of. */
export interface ProgramSources {
  /** Code that stands before everything else, in the main scope. */
  start: ModuleSource | undefined;
  main: ModuleSource;
  readModule: ReadModule;
}

/** The scope of a program's main file. */
export const MAIN_SCOPE = '__main__';

/**
 * All modules of a program, each after those it imports.
 * @throws CairnError `ZERO_MODULE_NOT_FOUND`, `ZERO_IMPORT_CYCLE`, `ZERO_DIRECTIVE`, and those of parsing
 */
export function loadModules({ start, main, readModule }: ProgramSources): ZeroModule[] {
  const loader = new Loader(readModule);
  if (start !== undefined) loader.loadRoot(start);
  loader.load(REGISTERS_MODULE, undefined);
  loader.loadRoot(main);
  return loader.modules;
}

class Loader {
  readonly modules: ZeroModule[] = [];
  readonly #read: ReadModule;
  readonly #languages = new Map<string, string | undefined>();
  /** The modules being loaded, each imported by the one before. */
  readonly #importers: string[] = [];

  constructor(read: ReadModule) {
    this.#read = read;
  }

  loadRoot({ path, source }: ModuleSource): void {
    this.modules.push({ name: MAIN_SCOPE, body: this.#loadBody(path, path, source).body });
  }

  /** Loads a module unless it is loaded; returns the language it declares. */
  load(name: string, span: SourceSpan | undefined): string | undefined {
    if (this.#languages.has(name)) return this.#languages.get(name);
    if (this.#importers.includes(name)) {
      const cycle = [...this.#importers.slice(this.#importers.indexOf(name)), name];
      const problem = `Found circular imports dependency:\n${cycle.join(' imports\n')}`;
      throw zeroError('ZERO_IMPORT_CYCLE', problem, span);
    }
    const builtin = name === REGISTERS_MODULE ? { path: name, source: REGISTERS_SOURCE } : undefined;
    const found = this.#read(name) ?? builtin;
    if (found === undefined)
      throw zeroError('ZERO_MODULE_NOT_FOUND', `Could not find module '${name}'.`, span);
    const { body, language } = this.#loadBody(name, found.path, found.source);
    this.modules.push({ name, body });
    this.#languages.set(name, language);
    return language;
  }

  #loadBody(name: string, path: string, source: string): { body: Block; language: string | undefined } {
    const body = parseFile(path, source);
    const language = declaredLanguage(body);
    if (this.#importers.length === MAX_IMPORT_DEPTH)
      throw zeroError(
        'ZERO_TOO_COMPLEX',
        `More than ${MAX_IMPORT_DEPTH} modules import each other in a row.`,
        undefined,
      );
    this.#importers.push(name);
    for (const { module } of importsOf(body)) {
      const imported = this.load(module.name, module.span);
      if (imported !== undefined && imported !== language) {
        const problem = `A module with %lang ${imported} can only be imported where the same is declared.`;
        throw zeroError('ZERO_DIRECTIVE', problem, module.span);
      }
    }
    this.#importers.pop();
    return { body, language };
  }
}

const MAX_IMPORT_DEPTH = 200;

function importsOf(block: Block): StatementOf<'import'>[] {
  return block.flatMap((statement) =>
    statement.kind === 'import' ? [statement] : innerBlocks(statement).flatMap(importsOf),
  );
}

function declaredLanguage(body: Block): string | undefined {
  const declared = body.filter((statement) => statement.kind === 'language');
  if (declared.length > 1)
    throw zeroError('ZERO_DIRECTIVE', 'Found two %lang directives.', declared[1]!.span);
  return declared[0]?.name;
}
