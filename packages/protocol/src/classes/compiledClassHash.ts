import { blakeMany, CairnError, type Felt, feltAdd, poseidonMany, shortString } from '@cairn/primitives';
import type { EntryPointType } from './sierraClass.ts';

/** Segment lengths of a bytecode: a number is one leaf, a list a node of the hash tree. */
export type SegmentLengths = number | readonly SegmentLengths[];

/** The parts of a CASM class that its hash covers. */
export interface HashedCasm {
  bytecode: readonly Felt[];
  /** Absent for Sierra before 1.5: the bytecode is then one leaf. */
  bytecodeSegmentLengths?: SegmentLengths | undefined;
  entryPointsByType: Record<
    EntryPointType,
    readonly { selector: Felt; offset: number; builtins: readonly string[] }[]
  >;
}

/** `blake2s` is what declares carry from 0.14.1 (SNIP-34); `poseidon` is the form before. */
export type CompiledClassHashForm = 'blake2s' | 'poseidon';

const COMPILED_CLASS_V1 = shortString('COMPILED_CLASS_V1');

/**
 * Compiled class hash in either form.
 * @throws CairnError `INVALID_SEGMENT_LENGTHS` when the segments do not add up to the bytecode.
 * @see SNIP-34
 */
export function compiledClassHash(casm: HashedCasm, form: CompiledClassHashForm): Felt {
  const hashMany = form === 'blake2s' ? blakeMany : poseidonMany;
  const entryPoints = (type: EntryPointType): Felt =>
    hashMany(
      casm.entryPointsByType[type].flatMap((e) => [
        e.selector,
        BigInt(e.offset),
        hashMany(e.builtins.map(shortString)),
      ]),
    );
  return hashMany([
    COMPILED_CLASS_V1,
    entryPoints('EXTERNAL'),
    entryPoints('L1_HANDLER'),
    entryPoints('CONSTRUCTOR'),
    bytecodeHash(casm, hashMany),
  ]);
}

function bytecodeHash(casm: HashedCasm, hashMany: (felts: readonly Felt[]) => Felt): Felt {
  let offset = 0;
  const hashSegment = (lengths: SegmentLengths): { length: number; hash: Felt } => {
    if (typeof lengths === 'number') {
      const words = casm.bytecode.slice(offset, offset + lengths);
      offset += lengths;
      return { length: lengths, hash: hashMany(words) };
    }
    const children = lengths.map(hashSegment);
    return {
      length: children.reduce((sum, child) => sum + child.length, 0),
      hash: feltAdd(1n, hashMany(children.flatMap((child) => [BigInt(child.length), child.hash]))),
    };
  };
  const { hash } = hashSegment(casm.bytecodeSegmentLengths ?? casm.bytecode.length);
  if (offset !== casm.bytecode.length) {
    throw new CairnError(
      'INVALID_SEGMENT_LENGTHS',
      `segments do not cover the bytecode: got ${offset} words, expected ${casm.bytecode.length}`,
    );
  }
  return hash;
}
