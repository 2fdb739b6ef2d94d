import { availableParallelism } from 'node:os';
import { C96, DEV, PROVEN96, type Profile } from '@cairn/stark';
import { NodePool } from '@cairn/stark/nodePool';
import { WasmBackend } from '@cairn/stark/prover';
import { InvalidArgumentError } from 'commander';

/** Profiles by name. */
const PROFILES: Readonly<Record<string, Profile>> = { dev: DEV, c96: C96, proven96: PROVEN96 };

/** Reads the name of a profile on the command line. */
export function profileNamed(name: string): Profile {
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (profile !== undefined) return profile;
  throw new InvalidArgumentError(`expected one of ${Object.keys(PROFILES).join(', ')}`);
}

/** Does work with a prover on all cores, and ends its threads. */
export async function withProver<T>(work: (backend: WasmBackend) => Promise<T>): Promise<T> {
  const pool = new NodePool(availableParallelism());
  try {
    return await work(new WasmBackend({ pool }));
  } finally {
    await pool.close();
  }
}
