import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';
import type { WordReader } from './wordReader.ts';

/** Changes of one contract as the output tells them. */
export interface ContractUpdate {
  address: ContractAddress;
  /** Absent when unchanged; `previous` is known in the full form only. */
  nonce?: { previous?: Felt; value: Felt };
  classHash?: { previous?: ClassHash; value: ClassHash };
  storage: { key: Felt; previous?: Felt; value: Felt }[];
}

/** Changes of the state as the output tells them: contracts by address, classes by hash. */
export interface OutputStateDiff {
  contracts: ContractUpdate[];
  classes: { classHash: ClassHash; previous?: Felt; compiledClassHash: Felt }[];
}

/** Reads the short form: new values only. */
export function readStateDiff(reader: WordReader): OutputStateDiff {
  const contracts = reader.list(() => {
    const address = reader.next();
    const counts = reader.next();
    const countBits = counts & 2n ? 8n : 64n;
    const cellCount = reader.asCount((counts >> 2n) & ((1n << countBits) - 1n));
    const nonce = counts >> (2n + countBits);
    const classHash = counts & 1n ? { classHash: { value: reader.next() } } : {};
    const storage = Array.from({ length: cellCount }, () => ({ key: reader.next(), value: reader.next() }));
    return { address, ...(nonce === 0n ? {} : { nonce: { value: nonce } }), ...classHash, storage };
  });
  const classes = reader.list(() => ({ classHash: reader.next(), compiledClassHash: reader.next() }));
  return { contracts, classes };
}

/** Reads the full form: values before and after. */
export function readFullStateDiff(reader: WordReader): OutputStateDiff {
  const contracts = reader.list(() => {
    const address = reader.next();
    const nonce = { previous: reader.next(), value: reader.next() };
    const classHash = { previous: reader.next(), value: reader.next() };
    const storage = reader.list(() => ({
      key: reader.next(),
      previous: reader.next(),
      value: reader.next(),
    }));
    return {
      address,
      ...(nonce.previous === nonce.value ? {} : { nonce }),
      ...(classHash.previous === classHash.value ? {} : { classHash }),
      storage,
    };
  });
  const classes = reader.list(() => ({
    classHash: reader.next(),
    previous: reader.next(),
    compiledClassHash: reader.next(),
  }));
  return { contracts, classes };
}

/** The short form of changes, as the OS compresses it. */
export function stateDiffWords({ contracts, classes }: OutputStateDiff): Felt[] {
  return [
    BigInt(contracts.length),
    ...contracts.flatMap(({ address, nonce, classHash, storage }) => {
      const count = BigInt(storage.length);
      const isSmall = count < 256n;
      const counted = isSmall
        ? (((nonce?.value ?? 0n) << 8n) + count) * 2n + 1n
        : (((nonce?.value ?? 0n) << 64n) + count) * 2n;
      return [
        address,
        counted * 2n + (classHash ? 1n : 0n),
        ...(classHash ? [classHash.value] : []),
        ...storage.flatMap(({ key, value }) => [key, value]),
      ];
    }),
    BigInt(classes.length),
    ...classes.flatMap(({ classHash, compiledClassHash }) => [classHash, compiledClassHash]),
  ];
}
