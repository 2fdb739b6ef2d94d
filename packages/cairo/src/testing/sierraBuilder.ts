import { PRIME } from '@cairn/primitives';
import { constCells } from '../sierra/constCells.ts';
import type { ConcreteLibfunc, LibfuncContext } from '../sierra/libfunc.ts';
import { specializeLibfunc } from '../sierra/libfuncTable.ts';
import {
  type Branch,
  type GenericArg,
  longId,
  type SierraFunction,
  type SierraProgram,
  type Statement,
  type TypeDeclaration,
  type TypeId,
  typeArg,
  valueArg,
} from '../sierra/program.ts';
import { buildTypeRegistry, type ConcreteType, type TypeRegistry } from '../sierra/typeRegistry.ts';
import { userType } from '../sierra/userTypeId.ts';

/** A variable of a function under construction. */
export interface Variable {
  readonly id: number;
  readonly type: TypeId;
}

/** Types that only builtins and the like have: they are returned beside the result. */
const IMPLICITS = [
  ...[
    'RangeCheck',
    'Pedersen',
    'Bitwise',
    'EcOp',
    'Poseidon',
    'SegmentArena',
    'RangeCheck96',
    'AddMod',
    'MulMod',
  ],
  ...['GasBuiltin', 'System'],
];

/** Declares types and libfuncs as they are asked for. */
export class SierraBuilder {
  readonly typeDeclarations: TypeDeclaration[] = [];
  readonly functions: SierraFunction[] = [];
  readonly statements: Statement[] = [];
  readonly #libfuncs = new Map<string, number>();
  readonly #declared: { name: string; args: readonly GenericArg[]; concrete: ConcreteLibfunc }[] = [];
  #registry: TypeRegistry = buildTypeRegistry([]);
  readonly #context: LibfuncContext;

  constructor() {
    const find = (name: string, args: readonly GenericArg[] = []) => this.findType(name, args);
    this.#context = {
      types: {
        find,
        info: (id: TypeId) => this.#registry.info(id),
        size: (id: TypeId) => this.#registry.size(id),
      } as unknown as TypeRegistry,
      fn: (id) => this.functions[id]!,
      constCells: (type) => constCells(this.#registry, type),
    };
  }

  get program(): SierraProgram {
    const { typeDeclarations: types, functions, statements } = this;
    return {
      types,
      functions,
      statements,
      libfuncs: this.#declared.map(({ name, args }) => ({ name, args })),
    };
  }

  info(type: TypeId): ConcreteType {
    return this.#registry.info(type);
  }

  isImplicit(type: TypeId): boolean {
    return IMPLICITS.includes(this.info(type).name);
  }

  findType(name: string, args: readonly GenericArg[]): TypeId {
    const key = longId(name, args);
    const known = this.typeDeclarations.findIndex((type) => longId(type.name, type.args) === key);
    if (known !== -1) return known;
    this.#registry = buildTypeRegistry([...this.typeDeclarations, { name, args, declared: undefined }]);
    return this.typeDeclarations.push({ name, args, declared: undefined }) - 1;
  }

  /** The type spelled like `Array<felt252>`, `BoundedInt<0, 5>`, `Struct<user@Tuple, u8>`. */
  type(text: string): TypeId {
    const { name, args } = this.#parse(text);
    return this.findType(name, args);
  }

  /** Index and definition of the libfunc spelled like `store_temp<felt252>`. */
  libfunc(text: string | { name: string; args: readonly GenericArg[] }): {
    id: number;
    concrete: ConcreteLibfunc;
  } {
    const { name, args } = typeof text === 'string' ? this.#parse(text) : text;
    const key = longId(name, args);
    let id = this.#libfuncs.get(key);
    if (id === undefined) {
      const concrete = specializeLibfunc(this.#context, name, args);
      id = this.#declared.push({ name, args, concrete }) - 1;
      this.#libfuncs.set(key, id);
    }
    return { id, concrete: this.#declared[id]!.concrete };
  }

  /** Adds a function whose results are those of its `ret` calls; {@link FunctionBuilder.ret} says how. */
  addFunction(
    params: readonly (string | TypeId)[],
    write: (f: FunctionBuilder, ...vars: Variable[]) => void,
  ): number {
    const paramTypes = params.map((param) => (typeof param === 'string' ? this.type(param) : param));
    const probe = new FunctionBuilder(this, undefined);
    const before = this.statements.length;
    write(probe, ...probe.declare(paramTypes));
    this.statements.length = before;
    const builder = new FunctionBuilder(this, probe.payloads);
    const variables = builder.declare(paramTypes);
    write(builder, ...variables);
    return (
      this.functions.push({
        paramTypes,
        returnTypes: builder.returnTypes!,
        params: variables.map(({ id }) => id),
        entryPoint: before,
      }) - 1
    );
  }

  #parse(text: string): { name: string; args: GenericArg[] } {
    const open = text.indexOf('<');
    if (open === -1) return { name: text.trim(), args: [] };
    const parts: string[] = [];
    let depth = 0;
    let part = '';
    for (const character of text.slice(open + 1, text.lastIndexOf('>'))) {
      if (character === '<') depth++;
      if (character === '>') depth--;
      if (character === ',' && depth === 0) {
        parts.push(part);
        part = '';
      } else part += character;
    }
    if (part.trim() !== '') parts.push(part);
    return { name: text.slice(0, open).trim(), args: parts.map((arg) => this.#argument(arg.trim())) };
  }

  #argument(text: string): GenericArg {
    if (/^-?\d/.test(text)) return valueArg(BigInt(text));
    if (text.startsWith('user@')) return userType(text.slice('user@'.length));
    if (text.startsWith('fn@')) return { kind: 'function', id: Number(text.slice('fn@'.length)) };
    if (text.startsWith('lib@')) return { kind: 'libfunc', id: this.libfunc(text.slice('lib@'.length)).id };
    return typeArg(this.type(text));
  }
}

/** Writes the statements of one function. */
export class FunctionBuilder {
  /** Types returned beside implicits, by the order of `ret`. */
  readonly payloads: TypeId[][] = [];
  returnTypes: TypeId[] | undefined;
  readonly #builder: SierraBuilder;
  readonly #known: TypeId[][] | undefined;
  #nextVariable = 0;

  /** `known` are the payloads of all returns; undefined in the first pass, which finds them. */
  constructor(builder: SierraBuilder, known: TypeId[][] | undefined) {
    this.#builder = builder;
    this.#known = known;
  }

  declare(types: readonly TypeId[]): Variable[] {
    return types.map((type) => ({ id: this.#nextVariable++, type }));
  }

  /** A libfunc with one branch. */
  call(libfunc: Parameters<SierraBuilder['libfunc']>[0], ...args: Variable[]): Variable[] {
    const { id, concrete } = this.#builder.libfunc(libfunc);
    const [results] = this.#results(libfunc, concrete, args);
    this.#builder.statements.push({
      kind: 'invocation',
      libfunc: id,
      args: args.map((variable) => variable.id),
      branches: [
        {
          // A jump leads to the statement behind it.
          target: concrete.fallthrough === undefined ? this.#builder.statements.length + 1 : undefined,
          results: results!.map((variable) => variable.id),
        },
      ],
    });
    return results!;
  }

  /** A libfunc with several branches, each with its own code up to a `ret`. */
  branch(libfunc: string, args: Variable[], ...ways: ((...results: Variable[]) => void)[]): void {
    const { statements } = this.#builder;
    const { id, concrete } = this.#builder.libfunc(libfunc);
    const results = this.#results(libfunc, concrete, args);
    if (ways.length !== results.length) throw new Error(`${libfunc} has ${results.length} branches`);
    const targets: (number | undefined)[] = results.map(() => undefined);
    const at = statements.push({ kind: 'return', args: [] }) - 1;
    const first = concrete.fallthrough;
    const order = results.map((_, i) => i).sort((a, b) => (a === first ? -1 : b === first ? 1 : a - b));
    for (const i of order) {
      if (i !== first) targets[i] = statements.length;
      this.call('branch_align');
      ways[i]!(...results[i]!);
    }
    statements[at] = {
      kind: 'invocation',
      libfunc: id,
      args: args.map((variable) => variable.id),
      branches: results.map(
        (list, i): Branch => ({ target: targets[i], results: list.map((variable) => variable.id) }),
      ),
    };
  }

  /** A copy of a variable; the second one goes on for the first. */
  dup(variable: Variable): [Variable, Variable] {
    const [first, second] = this.call({ name: 'dup', args: [typeArg(variable.type)] }, variable);
    return [first!, second!];
  }

  store(...variables: Variable[]): Variable[] {
    return variables.map(
      (variable) => this.call({ name: 'store_temp', args: [typeArg(variable.type)] }, variable)[0]!,
    );
  }

  drop(...variables: Variable[]): void {
    for (const variable of variables) this.call({ name: 'drop', args: [typeArg(variable.type)] }, variable);
  }

  constant(type: string, value: bigint | number): Variable {
    return this.store(...this.call(`const_as_immediate<Const<${type}, ${value}>>`))[0]!;
  }

  /**
   * Returns: the implicits in a fixed order, then the rest as it is when the function returns in one place, or as
   * variant i of an enum at the i-th `ret`.
   */
  ret(...variables: Variable[]): void {
    const builder = this.#builder;
    const order = (variable: Variable) => IMPLICITS.indexOf(builder.info(variable.type).name);
    const implicits = variables
      .filter(({ type }) => builder.isImplicit(type))
      .sort((a, b) => order(a) - order(b));
    let payload = variables.filter(({ type }) => !builder.isImplicit(type));
    const index = this.payloads.push(payload.map(({ type }) => type)) - 1;
    if (this.#known !== undefined && this.#known.length > 1) {
      const tuples = this.#known.map((types) =>
        builder.findType('Struct', [userType('Tuple'), ...types.map(typeArg)]),
      );
      const result = builder.findType('Enum', [userType('Result'), ...tuples.map(typeArg)]);
      const [tuple] = this.call({ name: 'struct_construct', args: [typeArg(tuples[index]!)] }, ...payload);
      payload = this.call({ name: 'enum_init', args: [typeArg(result), valueArg(index)] }, tuple!);
    }
    const results = this.store(...implicits, ...payload);
    this.returnTypes = results.map(({ type }) => type);
    builder.statements.push({ kind: 'return', args: results.map(({ id }) => id) });
  }

  #results(
    libfunc: Parameters<SierraBuilder['libfunc']>[0],
    concrete: ConcreteLibfunc,
    args: readonly Variable[],
  ): Variable[][] {
    const expected = concrete.params.map((type) => this.#builder.info(type).name);
    const given = args.map(({ type }) => this.#builder.info(type).name);
    if (expected.join() !== given.join())
      throw new Error(`${JSON.stringify(libfunc)} takes (${expected}), got (${given})`);
    return concrete.branches.map(({ outputs }) => this.declare(outputs.map(({ type }) => type)));
  }
}

/** One function that does no more than `libfunc`, a return for each branch. */
export function probe(libfunc: string): { builder: SierraBuilder; function: number } {
  const builder = new SierraBuilder();
  const { concrete } = builder.libfunc(libfunc);
  const fn = builder.addFunction(concrete.params, (f, ...args) => {
    if (concrete.branches.length === 1) f.ret(...f.call(libfunc, ...args));
    else
      f.branch(
        libfunc,
        args,
        ...concrete.branches.map(
          () =>
            (...results: Variable[]) =>
              f.ret(...results),
        ),
      );
  });
  return { builder, function: fn };
}

/** Felt of a signed integer. */
export const signed = (value: bigint): bigint => (value < 0n ? PRIME + value : value);
