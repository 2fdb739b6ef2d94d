import { CairnError, type ContractAddress, type Felt, formatFelt } from '@cairn/primitives';
import type { StateReader } from '@cairn/state';
import type { OsErrorCode } from '../errors.ts';
import type { OsContract, OsInput } from './osInput.ts';

/**
 * The state before the first block, as far as the input knows it: of each value what the first block that touches it
 * found. Its readers throw CairnError `MISSING_PROOF` for what no block's input holds.
 */
export function initialState({ blocks }: OsInput): StateReader {
  const contracts = new Map<ContractAddress, OsContract>();
  const cells = new Map<ContractAddress, Map<Felt, Felt>>();
  const classes = new Map<Felt, Felt>();
  for (const block of [...blocks].reverse()) {
    for (const contract of block.contracts) {
      contracts.set(contract.address, contract);
      const known = cells.get(contract.address) ?? new Map<Felt, Felt>();
      cells.set(contract.address, new Map([...known, ...contract.storage]));
    }
    for (const [hash, compiled] of block.classes) classes.set(hash, compiled);
  }
  const contract = (address: ContractAddress): OsContract =>
    contracts.get(address) ?? missing(`contract ${formatFelt(address)}`);
  return {
    classHashAt: (address) => contract(address).classHash,
    nonceAt: (address) => contract(address).nonce,
    storageAt: (address, key) =>
      cells.get(address)?.get(key) ?? missing(`key ${formatFelt(key)} of contract ${formatFelt(address)}`),
    compiledClassHash: (hash) => classes.get(hash) ?? missing(`class ${formatFelt(hash)}`),
  };
}

function missing(what: string): never {
  throw new CairnError<OsErrorCode>(
    'MISSING_PROOF',
    `the OS input does not hold ${what}, which a block touches`,
  );
}
