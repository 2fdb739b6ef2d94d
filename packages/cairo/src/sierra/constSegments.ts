import { VALUE_SIZE } from './circuitInfo.ts';
import { constCells } from './constCells.ts';
import { refuse, require } from './errors.ts';
import type { TypeId } from './program.ts';
import type { ProgramRegistry } from './programRegistry.ts';

/** Constants behind the code, each segment preceded by one `ret`. */
export interface ConstSegment {
  readonly values: bigint[];
  /** Position of each constant in `values`. */
  readonly positions: Map<TypeId, number>;
}

export interface ConstSegments {
  readonly segments: readonly ConstSegment[];
  /** Word offset of each segment's `ret` from the end of the code. */
  readonly offsets: readonly number[];
  /** Words of all segments. */
  readonly wordCount: number;
  /** Segment of each circuit's gate offsets. */
  readonly circuits: ReadonlyMap<TypeId, number>;
}

/**
 * Segments of the boxed constants and circuit descriptors of all declared libfuncs.
 * @param maxWordCount words left for constants
 * @throws CairnError `INVALID_CONST` when segment numbers do not run from 0, `BYTECODE_TOO_LONG`.
 */
export function buildConstSegments(
  { libfuncs, types }: ProgramRegistry,
  maxWordCount: number,
): ConstSegments {
  const segments = new Map<number, ConstSegment>();
  let valueCount = 0;
  const add = (segmentId: number, type: TypeId, values: readonly bigint[]): void => {
    let segment = segments.get(segmentId);
    if (segment === undefined) {
      segment = { values: [], positions: new Map() };
      segments.set(segmentId, segment);
    }
    segment.positions.set(type, segment.values.length);
    for (const value of values) segment.values.push(value);
    valueCount += values.length;
    if (valueCount + segments.size > maxWordCount)
      throw refuse('BYTECODE_TOO_LONG', 'the constants do not fit the bytecode limit');
  };
  for (const { constBox } of libfuncs)
    if (constBox) add(constBox.segment, constBox.type, constCells(types, constBox.type));
  [...segments.keys()].forEach((id, i) => {
    require(id === i, 'INVALID_CONST', `const segment ${id} follows ${i - 1}: numbers must run from 0`);
  });
  const circuits = new Map<TypeId, number>();
  for (const { circuitDescriptor: type } of libfuncs) {
    if (type === undefined) continue;
    const { addOffsets, mulOffsets } = types.info(type).circuit!;
    const values = [...addOffsets, ...mulOffsets].flatMap(({ lhs, rhs, output }) =>
      [lhs, rhs, output].map((position) => BigInt(position * VALUE_SIZE)),
    );
    const id = segments.size;
    add(id, type, values);
    circuits.set(type, id);
  }
  const list = [...segments.values()];
  const offsets: number[] = [];
  let wordCount = 0;
  for (const { values } of list) {
    offsets.push(wordCount);
    wordCount += 1 + values.length;
  }
  return { segments: list, offsets, wordCount, circuits };
}
