import { decodeShortString, starknetKeccak } from '@cairn/primitives';
import { decompressProgram } from './decompressProgram.ts';
import { refuse } from './errors.ts';
import type {
  Branch,
  GenericArg,
  LibfuncDeclaration,
  SierraFunction,
  SierraProgram,
  Statement,
  TypeDeclaration,
} from './program.ts';
import { readSierraVersion, type SierraVersion } from './sierraVersion.ts';

/** A program with the versions its felts start with. */
export interface DecodedProgram {
  readonly sierraVersion: SierraVersion;
  readonly compilerVersion: SierraVersion;
  readonly program: SierraProgram;
}

/** Names too long for a short string; the felts carry their starknet keccak. */
const LONG_NAMES = [
  'storage_address_from_base_and_offset',
  'contract_address_try_from_felt252',
  'storage_base_address_from_felt252',
  'storage_address_try_from_felt252',
  'secp256k1_get_point_from_x_syscall',
  'secp256r1_get_point_from_x_syscall',
  'circuit_failure_guarantee_verify',
  'u96_limbs_less_than_guarantee_verify',
  'u96_single_limb_less_than_guarantee_verify',
];
let longNames: Map<bigint, string> | undefined;

const FALLTHROUGH = (1n << 64n) - 1n;
const U64_BOUND = 1n << 64n;

/**
 * The program of a class from its felts, each below the prime.
 * @throws CairnError `INVALID_SIERRA_CLASS` @see cairo-lang-starknet-classes, felt252_serde
 */
export function decodeProgram(felts: readonly bigint[]): DecodedProgram {
  const sierraVersion = readSierraVersion(felts, 0);
  const compilerVersion = readSierraVersion(felts, 3);
  const reader = new ProgramReader(decompressProgram(felts.slice(6)));
  const program = {
    types: reader.list(() => readType(reader)),
    libfuncs: reader.list((): LibfuncDeclaration => ({ name: reader.name(), args: reader.args() })),
    statements: reader.list(() => readStatement(reader)),
    functions: reader.list(() => readFunction(reader)),
  };
  return { sierraVersion, compilerVersion, program };
}

class ProgramReader {
  readonly #words: readonly bigint[];
  #position = 0;
  /** Ids beyond 2^53 keep their identity as negative numbers. */
  readonly #hugeIds = new Map<bigint, number>();

  constructor(words: readonly bigint[]) {
    this.#words = words;
  }

  word(): bigint {
    const word = this.#words[this.#position];
    if (word === undefined) throw malformed('it ends early', this.#position);
    this.#position++;
    return word;
  }

  u64(): bigint {
    const word = this.word();
    if (word >= U64_BOUND) throw malformed(`${word} is not below 2^64`, this.#position - 1);
    return word;
  }

  id(): number {
    const id = this.u64();
    if (id <= Number.MAX_SAFE_INTEGER) return Number(id);
    let stand = this.#hugeIds.get(id);
    if (stand === undefined) {
      stand = -1 - this.#hugeIds.size;
      this.#hugeIds.set(id, stand);
    }
    return stand;
  }

  count(value = this.u64()): number {
    if (value > this.#words.length - this.#position)
      throw malformed(`a list of ${value}`, this.#position - 1);
    return Number(value);
  }

  list<T>(read: () => T, count = this.count()): T[] {
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }

  ids(): number[] {
    return this.list(() => this.id());
  }

  args(count?: number): GenericArg[] {
    return this.list(() => this.#arg(), count);
  }

  name(): string {
    longNames ??= new Map(LONG_NAMES.map((name) => [starknetKeccak(new TextEncoder().encode(name)), name]));
    const felt = this.word();
    return longNames.get(felt) ?? decodeShortString(felt) ?? `0x${felt.toString(16)}`;
  }

  refuse(what: string): Error {
    return malformed(what, this.#position - 1);
  }

  #arg(): GenericArg {
    const tag = this.u64();
    switch (tag) {
      case 0n:
        return { kind: 'userType', id: this.word() };
      case 1n:
        return { kind: 'type', id: this.id() };
      case 2n:
        return { kind: 'value', value: this.word() };
      case 3n:
        return { kind: 'function', id: this.id() };
      case 4n:
        return { kind: 'libfunc', id: this.id() };
      case 5n:
        return { kind: 'value', value: -this.word() };
      default:
        throw this.refuse(`a generic argument with tag ${tag}`);
    }
  }
}

function readType(reader: ProgramReader): TypeDeclaration {
  const name = reader.name();
  const countAndFlags = reader.word();
  const flags = countAndFlags >> 128n;
  const count = countAndFlags & ((1n << 128n) - 1n);
  if (flags >= U64_BOUND || count >= U64_BOUND) throw reader.refuse('a type declaration');
  const args = reader.args(reader.count(count));
  const bit = (i: bigint) => ((flags >> i) & 1n) === 1n;
  const declared =
    flags === 0n
      ? undefined
      : { storable: bit(0n), droppable: bit(1n), duplicatable: bit(2n), zeroSized: bit(3n) };
  return { name, args, declared };
}

function readStatement(reader: ProgramReader): Statement {
  const kind = reader.u64();
  if (kind === 1n) return { kind: 'return', args: reader.ids() };
  if (kind !== 0n) throw reader.refuse(`a statement of kind ${kind}`);
  const libfunc = reader.id();
  const args = reader.ids();
  const branches = reader.list((): Branch => {
    const target = reader.u64();
    return { target: target === FALLTHROUGH ? undefined : Number(target), results: reader.ids() };
  });
  return { kind: 'invocation', libfunc, args, branches };
}

function readFunction(reader: ProgramReader): SierraFunction {
  const paramTypes = reader.ids();
  const returnTypes = reader.ids();
  const params = paramTypes.map(() => reader.id());
  return { paramTypes, returnTypes, params, entryPoint: Number(reader.u64()) };
}

function malformed(what: string, position: number) {
  return refuse('INVALID_SIERRA_CLASS', `invalid Sierra program at word ${position}: ${what}`, { position });
}
