import {
  type ClassHash,
  type ContractAddress,
  type Felt,
  poseidonMany,
  shortString,
} from '@cairn/primitives';

/** Everything a block changed in the state. */
export interface StateDiff {
  /** Address → key → new value. */
  storage: Map<ContractAddress, Map<Felt, Felt>>;
  nonces: Map<ContractAddress, Felt>;
  deployedContracts: Map<ContractAddress, ClassHash>;
  replacedClasses: Map<ContractAddress, ClassHash>;
  /** Sierra class hash → compiled class hash. */
  declaredClasses: Map<ClassHash, Felt>;
  /** Classes whose compiled class hash moved to the Blake form in this block. */
  migratedCompiledClasses: Map<ClassHash, Felt>;
  /** Cairo 0 classes. */
  deprecatedDeclaredClasses: ClassHash[];
}

export function emptyStateDiff(): StateDiff {
  return {
    storage: new Map(),
    nonces: new Map(),
    deployedContracts: new Map(),
    replacedClasses: new Map(),
    declaredClasses: new Map(),
    migratedCompiledClasses: new Map(),
    deprecatedDeclaredClasses: [],
  };
}

const PREFIX = shortString('STARKNET_STATE_DIFF0');

/** Number of changes, as counted in the block header. */
export function stateDiffLength(diff: StateDiff): number {
  let storageCount = 0;
  for (const entries of diff.storage.values()) storageCount += entries.size;
  return (
    storageCount +
    diff.nonces.size +
    diff.deployedContracts.size +
    diff.replacedClasses.size +
    diff.declaredClasses.size +
    diff.migratedCompiledClasses.size +
    diff.deprecatedDeclaredClasses.length
  );
}

/** Poseidon commitment to a state diff. @see Starknet docs, "state diff commitment" (0.13.2 and later) */
export function stateDiffCommitment(diff: StateDiff): Felt {
  const out: Felt[] = [PREFIX];
  pushPairs(out, [...diff.deployedContracts, ...diff.replacedClasses]);
  pushPairs(out, [...diff.declaredClasses, ...diff.migratedCompiledClasses]);
  const deprecated = [...diff.deprecatedDeclaredClasses].sort(compare);
  out.push(BigInt(deprecated.length), ...deprecated);
  // One data availability mode, L1.
  out.push(1n, 0n);
  const contracts = [...diff.storage]
    .filter(([, entries]) => entries.size > 0)
    .sort(([a], [b]) => compare(a, b));
  out.push(BigInt(contracts.length));
  for (const [address, entries] of contracts) {
    out.push(address);
    pushPairs(out, [...entries]);
  }
  pushPairs(out, [...diff.nonces]);
  return poseidonMany(out);
}

function pushPairs(out: Felt[], pairs: [Felt, Felt][]): void {
  pairs.sort(([a], [b]) => compare(a, b));
  out.push(BigInt(pairs.length));
  for (const [key, value] of pairs) out.push(key, value);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
