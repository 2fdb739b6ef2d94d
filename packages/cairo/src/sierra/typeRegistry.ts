import type { CircuitInfo } from './circuitInfo.ts';
import { refuse } from './errors.ts';
import { specializeType, type TypeShape } from './genericTypes.ts';
import { type GenericArg, longId, type TypeDeclaration, type TypeFlags, type TypeId } from './program.ts';
import type { TypeContext, TypeInfo } from './typeContext.ts';

/** A declared type with all that follows from its definition. */
export interface ConcreteType extends TypeInfo {
  /** Cells of a value; undefined for types without values. */
  readonly size: number | undefined;
  readonly parts: readonly TypeId[];
  readonly circuit: CircuitInfo | undefined;
}

/** The declared types of a program by id and by spelling. */
export class TypeRegistry implements TypeContext {
  readonly types: readonly ConcreteType[];
  readonly #ids: ReadonlyMap<string, TypeId>;

  constructor(types: readonly ConcreteType[], ids: ReadonlyMap<string, TypeId>) {
    this.types = types;
    this.#ids = ids;
  }

  info(id: TypeId): ConcreteType {
    const type = this.types[id];
    if (type === undefined) throw missing(id);
    return type;
  }

  /** Id of `name<args>`. @throws CairnError `INVALID_TYPE` when it is not declared. */
  find(name: string, args: readonly GenericArg[] = []): TypeId {
    const id = this.#ids.get(longId(name, args));
    if (id === undefined) throw refuse('INVALID_TYPE', `type ${longId(name, args)} was not declared`);
    return id;
  }

  /** Cells of a value. @throws CairnError `INVALID_TYPE` for a type without values. */
  size(id: TypeId): number {
    const { size, name } = this.info(id);
    if (size === undefined) throw refuse('INVALID_TYPE', `type ${id} (${name}) has no values`);
    return size;
  }
}

/**
 * Specialises every declared type; claimed flags must be the true ones, spellings unique. Flags of later
 * declarations are visible when claimed, sizes only of earlier ones.
 *
 * @throws CairnError `INVALID_TYPE` naming the declaration.
 */
export function buildTypeRegistry(declarations: readonly TypeDeclaration[]): TypeRegistry {
  const shapes: TypeShape[] = [];
  const context: TypeContext = {
    info(id) {
      const declaration = declarations[id];
      const flags = declaration?.declared ?? shapes[id]?.flags;
      if (declaration === undefined || flags === undefined) throw missing(id);
      return { name: declaration.name, args: declaration.args, ...flags };
    },
  };
  const ids = new Map<string, TypeId>();
  declarations.forEach(({ name, args, declared }, id) => {
    const shape = naming(id, name, () => specializeType(context, name, args));
    if (declared !== undefined && !sameFlags(declared, shape.flags))
      throw refuse('INVALID_TYPE', `type ${id} (${name}): flags are not the declared ones`, { type: id });
    shapes.push(shape);
    const key = longId(name, args);
    if (ids.has(key)) throw refuse('INVALID_TYPE', `type ${id} (${name}) was already declared`, { type: id });
    ids.set(key, id);
  });

  const sizes: (number | undefined)[] = [];
  const types = shapes.map(({ flags, size, parts, circuit }, id): ConcreteType => {
    const { name, args } = declarations[id]!;
    const sizeOf = (part: TypeId) => {
      const partSize = sizes[part];
      if (partSize === undefined) throw refuse('INVALID_TYPE', `its part ${part} has no size yet`);
      return partSize;
    };
    sizes[id] = naming(id, name, () => (typeof size === 'function' ? size(sizeOf) : size));
    return { name, args, ...flags, size: sizes[id], parts: parts ?? [], circuit };
  });
  return new TypeRegistry(types, ids);
}

function sameFlags(a: TypeFlags, b: TypeFlags): boolean {
  return (
    a.storable === b.storable &&
    a.droppable === b.droppable &&
    a.duplicatable === b.duplicatable &&
    a.zeroSized === b.zeroSized
  );
}

function missing(id: TypeId): Error {
  return refuse('INVALID_TYPE', `type ${id} is not declared`, { type: id });
}

/** Adds the declaration to the error of `build`. */
function naming<T>(id: TypeId, name: string, build: () => T): T {
  try {
    return build();
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw refuse('INVALID_TYPE', `type ${id} (${name}): ${what}`, { type: id });
  }
}
