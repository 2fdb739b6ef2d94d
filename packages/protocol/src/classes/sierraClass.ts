import { type ClassHash, type Felt, poseidonMany, shortString, starknetKeccak } from '@cairn/primitives';

export type EntryPointType = 'CONSTRUCTOR' | 'EXTERNAL' | 'L1_HANDLER';

export interface SierraEntryPoint {
  selector: Felt;
  functionIndex: number;
}

/** A Sierra contract class as it is declared; `abi` is the exact text that was sent, for it is hashed. */
export interface SierraClass {
  sierraProgram: readonly Felt[];
  contractClassVersion: string;
  entryPointsByType: Record<EntryPointType, readonly SierraEntryPoint[]>;
  abi: string;
}

/** Class hash of a Sierra class. @see Starknet docs, "class hash" */
export function sierraClassHash(cls: SierraClass): ClassHash {
  return poseidonMany(sierraClassHashParts(cls));
}

/** The felts that the class hash is the Poseidon hash of. */
export function sierraClassHashParts(cls: SierraClass): Felt[] {
  const entryPoints = (type: EntryPointType): Felt =>
    poseidonMany(cls.entryPointsByType[type].flatMap((e) => [e.selector, BigInt(e.functionIndex)]));
  return [
    shortString(`CONTRACT_CLASS_V${cls.contractClassVersion}`),
    entryPoints('EXTERNAL'),
    entryPoints('L1_HANDLER'),
    entryPoints('CONSTRUCTOR'),
    starknetKeccak(new TextEncoder().encode(cls.abi)),
    poseidonMany(cls.sierraProgram),
  ];
}
