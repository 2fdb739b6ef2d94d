import { CairnError, type Felt } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import type { Builtin } from '../builtins/builtin.ts';
import type { Machine } from '../machine.ts';
import type { Memory } from '../memory.ts';
import { offsetBy, type Relocatable, type VmValue } from '../relocatable.ts';
import type { DictManager } from './dictManager.ts';
import type { HintSite, ProgramSymbols } from './programSymbols.ts';
import {
  addValues,
  asAddress,
  asFelt,
  asSigned,
  evaluateReference,
  modPrime,
  type Reference,
  readCell,
} from './reference.ts';

const EXECUTION_SEGMENT = 1;

/** State of a run that its hints share. */
export interface HintRunState {
  /** Variables of hints, one map per scope, innermost last. */
  scopes: Map<string, unknown>[];
  dicts: DictManager;
  builtins: readonly Builtin[];
}

/** A value with its place and type, as `ids.a.b` walks through them. */
interface Place {
  /** Where the value lies; undefined for computed values. */
  address: Relocatable | undefined;
  value: (() => VmValue) | undefined;
  type: string;
}

/** What one hint may look at and change: the program's variables, memory, and its own variables. */
export class HintContext {
  readonly machine: Machine;
  readonly memory: Memory;
  readonly #site: HintSite;
  readonly #symbols: ProgramSymbols;

  constructor(machine: Machine, site: HintSite, symbols: ProgramSymbols) {
    this.machine = machine;
    this.memory = machine.memory;
    this.#site = site;
    this.#symbols = symbols;
  }

  get state(): HintRunState {
    return this.machine.hintState as HintRunState;
  }

  /** Variables of the innermost scope. */
  get vars(): Map<string, unknown> {
    return this.state.scopes.at(-1)!;
  }

  /** A variable of the innermost scope. @throws CairnError `HINT_FAILED` when no hint has set it. */
  local<T>(name: string): T {
    if (!this.vars.has(name)) throw this.fail(`hint variable ${name} is not set`);
    return this.vars.get(name) as T;
  }

  /** Value of `ids.PATH`, or of a constant of that name. */
  get(path: string): VmValue {
    const constant = this.#site.variables.has(path.split('.')[0]!)
      ? undefined
      : this.#symbols.constant(path, this.#site.scopes);
    if (constant !== undefined) return constant;
    const place = this.#place(path);
    return place.address ? readCell(this.memory, place.address) : place.value!();
  }

  felt(path: string): Felt {
    return asFelt(this.get(path));
  }

  /** The felt as a small count. */
  count(path: string): number {
    return Number(this.felt(path));
  }

  signed(path: string): bigint {
    return asSigned(this.felt(path));
  }

  pointer(path: string): Relocatable {
    return asAddress(this.get(path));
  }

  /** Where `ids.PATH` lies: of a struct its start, of a pointer to one where it points. */
  address(path: string): Relocatable {
    const place = this.#place(path);
    if (place.type.endsWith('*') && this.#symbols.isStruct(place.type.slice(0, -1)))
      return this.pointer(path);
    return place.address ?? asAddress(place.value!());
  }

  set(path: string, value: VmValue | number | boolean): void {
    const place = this.#place(path);
    if (!place.address) throw this.fail(`ids.${path} is computed and cannot be set`);
    this.memory.write(place.address, toValue(value));
  }

  /** `memory[ap] = value` */
  setAp(value: VmValue | number | boolean): void {
    this.memory.write(this.#register('ap'), toValue(value));
  }

  /** Writes values one after the other. */
  writeAll(start: Relocatable, values: readonly (VmValue | number)[]): void {
    for (const [i, value] of values.entries()) this.memory.write(offsetBy(start, i), toValue(value));
  }

  readAll(start: Relocatable, count: number): VmValue[] {
    return Array.from({ length: count }, (_, i) => readCell(this.memory, offsetBy(start, i)));
  }

  /** A 256-bit integer in a struct of two 128-bit halves. */
  uint256(path: string, low = 'low', high = 'high'): bigint {
    return this.felt(`${path}.${low}`) + (this.felt(`${path}.${high}`) << 128n);
  }

  setUint256(path: string, value: bigint): void {
    this.set(`${path}.low`, value & ((1n << 128n) - 1n));
    this.set(`${path}.high`, value >> 128n);
  }

  enterScope(variables: Iterable<[string, unknown]> = []): void {
    this.state.scopes.push(new Map(variables));
  }

  exitScope(): void {
    if (this.state.scopes.length === 1) throw this.fail('there is no scope to leave');
    this.state.scopes.pop();
  }

  assert(condition: boolean, message: string): void {
    if (!condition) throw this.fail(message);
  }

  fail(message: string): CairnError<VmErrorCode> {
    return new CairnError('HINT_FAILED', message);
  }

  #register(register: 'ap' | 'fp', delta = 0): Relocatable {
    return { segment: EXECUTION_SEGMENT, offset: this.machine[register] - delta };
  }

  #place(path: string): Place {
    const [root, ...members] = path.split('.') as [string, ...string[]];
    const variable = this.#site.variables.get(root);
    if (!variable) throw this.fail(`the hint knows no variable ${root}`);
    const frame = { ap: this.#register('ap', variable.apDelta), fp: this.#register('fp') };
    let place = this.#rootPlace(this.#symbols.reference(variable.referenceId), frame);
    for (const name of members) place = this.#member(place, name);
    return place;
  }

  /** `[cast(address, T*)]` lies at the address and has type T; `cast(value, T)` is a value of type T. */
  #rootPlace(reference: Reference, frame: { ap: Relocatable; fp: Relocatable }): Place {
    const evaluate = (r: Reference): VmValue => evaluateReference(r, frame, this.memory);
    if (reference.kind === 'deref' && reference.address.kind === 'cast') {
      const { value, type } = reference.address;
      return { address: asAddress(evaluate(value)), value: undefined, type: type.slice(0, -1) };
    }
    if (reference.kind === 'cast') {
      const { value, type } = reference;
      return { address: undefined, value: () => evaluate(value), type };
    }
    return { address: undefined, value: () => evaluate(reference), type: 'felt' };
  }

  #member(place: Place, name: string): Place {
    const isPointer = place.type.endsWith('*');
    const { offset, type } = this.#symbols.member(isPointer ? place.type.slice(0, -1) : place.type, name);
    const base = isPointer
      ? asAddress(place.address ? readCell(this.memory, place.address) : place.value!())
      : place.address;
    if (!base) throw this.fail(`${name} is a member of a computed value`);
    return { address: offsetBy(base, offset), value: undefined, type };
  }
}

function toValue(value: VmValue | number | boolean): VmValue {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return modPrime(BigInt(value));
  return typeof value === 'bigint' ? modPrime(value) : value;
}

/** Difference of two addresses of one segment, or of two felts, canonical. */
export function difference(left: VmValue, right: VmValue): Felt {
  return asFelt(addValues(left, right, -1n));
}
