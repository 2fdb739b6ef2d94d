import type { Definition } from './definition.ts';

/** A name that was found: `rest` is what follows it where it is no scope, as in `variable.member`. */
export interface FoundName {
  readonly definition: Definition;
  readonly fullName: string;
  readonly rest: readonly string[];
}

/** Why a name was not found; `missing` is the part that nobody defined, where that is the reason. */
export interface NameProblem {
  readonly problem: string;
  readonly missing?: string;
}

/** What came of looking a name up. */
export type NameLookup = FoundName | NameProblem;

interface Scope {
  readonly fullName: string;
  readonly scopes: Map<string, Scope>;
  readonly definitions: Map<string, Definition>;
}

/** Something {@link IdentifierTable.define} replaced. */
interface Change {
  scope: Scope;
  name: string;
  before: Definition | undefined;
}

function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

/** All names of a program by their full dotted names, and the scopes these form. */
export class IdentifierTable {
  readonly #root: Scope = { fullName: '', scopes: new Map(), definitions: new Map() };
  /** The parts of names looked up before. */
  readonly #paths = new Map<string, readonly string[]>();
  #changes: Change[] | undefined;

  /** Gives `fullName` a definition, in place of one it may have. */
  define(fullName: string, definition: Definition): void {
    const path = fullName.split('.');
    const name = path.pop()!;
    let scope = this.#root;
    for (const part of path) {
      let inner = scope.scopes.get(part);
      if (inner === undefined) {
        inner = { fullName: join(scope.fullName, part), scopes: new Map(), definitions: new Map() };
        scope.scopes.set(part, inner);
      }
      scope = inner;
    }
    this.#changes?.push({ scope, name, before: scope.definitions.get(name) });
    scope.definitions.set(name, definition);
  }

  /** Starts to remember what changes, so that {@link undo} can take it back. */
  startTrial(): void {
    this.#changes = [];
  }

  /** Ends a trial; with `keep` false everything defined since its start is forgotten. */
  endTrial(keep: boolean): void {
    if (!keep)
      for (const { scope, name, before } of this.#changes!.reverse())
        if (before === undefined) scope.definitions.delete(name);
        else scope.definitions.set(name, before);
    this.#changes = undefined;
  }

  /** The definition of exactly this name; aliases are not followed. */
  get(fullName: string): Definition | undefined {
    const found = this.#find(fullName);
    return 'problem' in found || found.rest.length > 0 ? undefined : found.definition;
  }

  /** Whether this is the name of a scope that holds something, aliases followed. */
  hasScope(fullName: string): boolean {
    const visited = new Set<string>();
    for (let name = fullName; !visited.has(name); ) {
      visited.add(name);
      let scope: Scope | undefined = this.#root;
      let definition: Definition | undefined;
      const path = name.split('.');
      let at = 0;
      for (; at < path.length; at++) {
        const inner: Scope | undefined = scope.scopes.get(path[at]!);
        if (inner === undefined) {
          definition = scope.definitions.get(path[at]!);
          break;
        }
        scope = inner;
      }
      if (at === path.length) return true;
      if (definition?.kind !== 'alias') return false;
      name = [definition.destination, ...path.slice(at + 1)].join('.');
    }
    return false;
  }

  /** Finds a full name, aliases followed. */
  resolve(fullName: string): NameLookup {
    const visited = [fullName];
    let found = this.#find(fullName);
    while (!('problem' in found) && found.definition.kind === 'alias') {
      const name = [found.definition.destination, ...found.rest].join('.');
      if (visited.includes(name))
        return { problem: `Cyclic aliasing detected: ${[...visited, name].join(' -> ')}` };
      visited.push(name);
      found = this.#find(name);
      if ('problem' in found && found.missing !== undefined)
        return { problem: `Alias resolution failed: ${visited.join(' -> ')}. ${found.problem}` };
    }
    return found;
  }

  /** Finds a name as seen from inside `scopes`, the last of which is searched first. */
  search(scopes: readonly string[], name: string): NameLookup {
    const dot = name.indexOf('.');
    const first = dot < 0 ? name : name.slice(0, dot);
    for (let i = scopes.length - 1; i >= 0; i--) {
      const found = this.resolve(join(scopes[i]!, name));
      if (!('problem' in found) || found.missing === undefined) return found;
      // What is missing inside a known first part is not looked for further out.
      const wanted = join(scopes[i]!, first);
      if (wanted !== found.missing && !wanted.startsWith(`${found.missing}.`)) return found;
    }
    return unknown(first);
  }

  /** Names of the scopes and definitions directly inside a scope. */
  scopeContents(fullName: string): { scopes: string[]; definitions: Definition[] } {
    let scope: Scope | undefined = this.#root;
    for (const part of fullName.split('.')) scope = scope?.scopes.get(part);
    return {
      scopes: [...(scope?.scopes.keys() ?? [])],
      definitions: [...(scope?.definitions.values() ?? [])],
    };
  }

  /** All definitions whose names do not lie in one of `excluded`. */
  *entries(excluded: ReadonlySet<string>): Generator<[string, Definition]> {
    const pending = [this.#root];
    for (let scope = pending.pop(); scope !== undefined; scope = pending.pop()) {
      for (const [name, definition] of scope.definitions) {
        const fullName = join(scope.fullName, name);
        if (!excluded.has(fullName)) yield [fullName, definition];
      }
      for (const inner of scope.scopes.values()) if (!excluded.has(inner.fullName)) pending.push(inner);
    }
  }

  /** Finds a full name without following aliases. */
  #find(fullName: string): NameLookup {
    let scope = this.#root;
    let path = this.#paths.get(fullName);
    if (path === undefined) this.#paths.set(fullName, (path = fullName.split('.')));
    for (let i = 0; ; i++) {
      const name = path[i]!;
      const inner = scope.scopes.get(name);
      if (inner !== undefined && i < path.length - 1) {
        scope = inner;
        continue;
      }
      const partName = join(scope.fullName, name);
      const definition = scope.definitions.get(name);
      if (definition !== undefined) return { definition, fullName: partName, rest: path.slice(i + 1) };
      if (inner === undefined) return unknown(partName);
      return { problem: `Expected '${partName}' to be an identifier, found a scope name.` };
    }
  }
}

function unknown(name: string): NameProblem {
  return { problem: `Unknown identifier '${name}'.`, missing: name };
}
