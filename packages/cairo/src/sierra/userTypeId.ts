import { starknetKeccak } from '@cairn/primitives';
import type { GenericArg } from './program.ts';

const ids = new Map<string, GenericArg>();

/** The generic argument that names a user type: starknet keccak of its path. */
export function userType(path: string): GenericArg {
  let arg = ids.get(path);
  if (arg === undefined) {
    arg = { kind: 'userType', id: starknetKeccak(new TextEncoder().encode(path)) };
    ids.set(path, arg);
  }
  return arg;
}
