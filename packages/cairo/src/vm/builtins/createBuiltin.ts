import type { Memory } from '../memory.ts';
import type { Builtin, BuiltinName } from './builtin.ts';
import { ecdsaBuiltin, ecOpBuiltin } from './curveBuiltins.ts';
import { keccakBuiltin, pedersenBuiltin, poseidonBuiltin } from './hashBuiltins.ts';
import { bitwiseBuiltin, outputBuiltin, rangeCheckBuiltin, segmentArenaBuiltin } from './integerBuiltins.ts';
import { modularBuiltin } from './modularBuiltins.ts';

const CREATE: Record<BuiltinName, (memory: Memory) => Builtin> = {
  output: outputBuiltin,
  pedersen: pedersenBuiltin,
  range_check: (memory) => rangeCheckBuiltin(memory, 'range_check'),
  ecdsa: ecdsaBuiltin,
  bitwise: bitwiseBuiltin,
  ec_op: ecOpBuiltin,
  keccak: keccakBuiltin,
  poseidon: poseidonBuiltin,
  segment_arena: segmentArenaBuiltin,
  range_check96: (memory) => rangeCheckBuiltin(memory, 'range_check96'),
  add_mod: (memory) => modularBuiltin(memory, 'add_mod'),
  mul_mod: (memory) => modularBuiltin(memory, 'mul_mod'),
};

export function isBuiltinName(name: string): name is BuiltinName {
  return Object.hasOwn(CREATE, name);
}

/** Adds the builtin's segments to the memory and returns its rules. */
export function createBuiltin(memory: Memory, name: BuiltinName): Builtin {
  return CREATE[name](memory);
}
