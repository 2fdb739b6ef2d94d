import { selectorFromName } from '@cairn/primitives';
import type { CasmEntryPoint, EntryPointType } from '../casm/casmClass.ts';
import { refuse } from './errors.ts';
import type { SierraProgram, TypeId } from './program.ts';
import type { TypeRegistry } from './typeRegistry.ts';

/** An entry point of a Sierra class: a selector and the function it runs. */
export interface SierraEntryPoint {
  readonly selector: bigint;
  readonly functionIndex: number;
}

export type SierraEntryPoints = Readonly<Record<EntryPointType, readonly SierraEntryPoint[]>>;

/** Types of builtins an entry point may take, in their order, and their names in compiled classes. */
export const BUILTINS: readonly (readonly [type: string, name: string])[] = [
  ['Pedersen', 'pedersen'],
  ['RangeCheck', 'range_check'],
  ['Bitwise', 'bitwise'],
  ['EcOp', 'ec_op'],
  ['Poseidon', 'poseidon'],
  ['SegmentArena', 'segment_arena'],
  ['RangeCheck96', 'range_check96'],
  ['AddMod', 'add_mod'],
  ['MulMod', 'mul_mod'],
];

/** A function may serve this many entry points. */
const MAX_FUNCTION_USES = 2;
const TYPES: readonly EntryPointType[] = ['CONSTRUCTOR', 'EXTERNAL', 'L1_HANDLER'];

function invalid(what: string): Error {
  return refuse('INVALID_ENTRY_POINT', `invalid entry point: ${what}`);
}

/**
 * Checks selectors: at most one constructor under its name, each kind strictly ascending, functions not reused.
 * @throws CairnError `INVALID_ENTRY_POINT`
 */
export function checkEntryPoints(entryPoints: SierraEntryPoints): void {
  const [first, ...others] = entryPoints.CONSTRUCTOR;
  if (others.length > 0 || (first && first.selector !== selectorFromName('constructor')))
    throw invalid('the constructor must be the only one and have its name as selector');
  const uses = new Map<number, number>();
  for (const type of TYPES)
    entryPoints[type].forEach(({ selector, functionIndex }, i) => {
      const previous = entryPoints[type][i - 1];
      if (previous && previous.selector >= selector) throw invalid(`${type} selectors do not ascend`);
      const count = (uses.get(functionIndex) ?? 0) + 1;
      if (count > MAX_FUNCTION_USES) throw invalid(`function ${functionIndex} serves more than two`);
      uses.set(functionIndex, count);
    });
}

/**
 * Builtins of the function behind an entry point: it takes them in order, then gas, system and a span of felts,
 * and returns them with a panic result.
 *
 * @throws CairnError `INVALID_ENTRY_POINT`
 */
export function entryPointBuiltins(
  { functions }: SierraProgram,
  types: TypeRegistry,
  functionIndex: number,
): string[] {
  const fn = functions[functionIndex];
  if (fn === undefined) throw invalid(`there is no function ${functionIndex}`);
  const { paramTypes, returnTypes } = fn;
  const inputs = paramTypes.slice(0, -1);
  const outputs = returnTypes.slice(0, -1);
  const fits =
    paramTypes.length > 0 &&
    outputs.length >= 2 &&
    inputs.length === outputs.length &&
    inputs.every((type, i) => type === outputs[i]) &&
    isFeltSpan(types, paramTypes.at(-1)!) &&
    isPanicResult(types, returnTypes.at(-1)!);
  if (!fits) throw invalid(`function ${functionIndex} does not have the signature of entry points`);
  const names = outputs.map((type) => types.info(type).name);
  if (names.at(-2) !== 'GasBuiltin' || names.at(-1) !== 'System')
    throw invalid(`function ${functionIndex} does not take gas and system last`);
  let next = 0;
  return names.slice(0, -2).map((name) => {
    const position = BUILTINS.findIndex(([type], i) => i >= next && type === name);
    if (position === -1) throw invalid(`function ${functionIndex}: ${name} is no builtin or out of order`);
    next = position + 1;
    return BUILTINS[position]![1];
  });
}

/** Word offsets and builtins of all entry points. */
export function compileEntryPoints(
  entryPoints: SierraEntryPoints,
  offsetOf: (functionIndex: number) => number,
  builtinsOf: (functionIndex: number) => string[],
): Record<EntryPointType, CasmEntryPoint[]> {
  const compile = (type: EntryPointType) =>
    entryPoints[type].map(({ selector, functionIndex }) => ({
      selector,
      offset: offsetOf(functionIndex),
      builtins: builtinsOf(functionIndex),
    }));
  return {
    EXTERNAL: compile('EXTERNAL'),
    L1_HANDLER: compile('L1_HANDLER'),
    CONSTRUCTOR: compile('CONSTRUCTOR'),
  };
}

/** The only member type of a struct, undefined for other types. */
function members(
  types: TypeRegistry,
  type: TypeId,
  kind: 'Struct' | 'Enum',
  count: number,
): readonly TypeId[] | undefined {
  const { name, parts } = types.info(type);
  return name === kind && parts.length === count ? parts : undefined;
}

function isFeltArray(types: TypeRegistry, type: TypeId): boolean {
  const { name, parts } = types.info(type);
  return name === 'Array' && types.info(parts[0]!).name === 'felt252';
}

function isFeltSpan(types: TypeRegistry, type: TypeId): boolean {
  const [snapshot] = members(types, type, 'Struct', 1) ?? [];
  if (snapshot === undefined) return false;
  const { name, parts } = types.info(snapshot);
  return name === 'Snapshot' && isFeltArray(types, parts[0]!);
}

/** `Result<(Span<felt252>,), Array<felt252> | (Panic, Array<felt252>)>`. */
function isPanicResult(types: TypeRegistry, type: TypeId): boolean {
  const [ok, err] = members(types, type, 'Enum', 2) ?? [];
  if (ok === undefined || err === undefined) return false;
  const [value] = members(types, ok, 'Struct', 1) ?? [];
  if (value === undefined || !isFeltSpan(types, value)) return false;
  if (isFeltArray(types, err)) return true;
  const [panic, data] = members(types, err, 'Struct', 2) ?? [];
  return panic !== undefined && members(types, panic, 'Struct', 0) !== undefined && isFeltArray(types, data!);
}
