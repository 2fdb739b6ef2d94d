import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import type { Machine } from './machine.ts';
import type { Memory } from './memory.ts';
import { EXECUTION_SEGMENT, isPointer, wordOffset, wordSegment } from './word.ts';

const TRACE_ENTRY_BYTES = 24;
const CELL_BYTES = 40;
const VALUE_BYTES = 32;

/** First flat address of each segment: 1 for the program, then one segment behind the other. `sizes`: its cells. */
export function relocationTable(sizes: Int32Array): number[] {
  const table: number[] = [];
  let address = 1;
  for (const size of sizes) {
    table.push(address);
    address += size;
  }
  return table;
}

/** What a finished run in flat memory is. By default every segment is as long as it was written, every step as run. */
export interface FlatRun {
  readonly segmentSizes?: Int32Array;
  /** Steps of the trace; the last one is repeated. */
  readonly stepCount?: number;
}

/**
 * The trace file: ap, fp, pc per step as u64, little-endian, in flat addresses.
 * @throws CairnError `RELOCATION` when the machine ran without trace.
 */
export function traceFile(machine: Machine, flat: FlatRun = {}): Uint8Array {
  const { trace } = machine;
  if (trace === undefined) throw new CairnError<VmErrorCode>('RELOCATION', 'the machine ran without trace');
  const { segmentSizes = machine.memory.sizes(), stepCount = trace.length } = flat;
  const table = relocationTable(segmentSizes);
  const stack = table[EXECUTION_SEGMENT]!;
  const bytes = new Uint8Array(stepCount * TRACE_ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < stepCount; i++) {
    const [pcSegment, pc, ap, fp] = trace.entry(Math.min(i, trace.length - 1));
    const at = i * TRACE_ENTRY_BYTES;
    view.setBigUint64(at, BigInt(stack + ap), true);
    view.setBigUint64(at + 8, BigInt(stack + fp), true);
    view.setBigUint64(at + 16, BigInt(table[pcSegment]! + pc), true);
  }
  return bytes;
}

/** The memory file: flat address as u64 and value in 32 bytes, little-endian, for each cell with a value. */
export function memoryFile(memory: Memory, flat: FlatRun = {}): Uint8Array {
  const table = relocationTable(flat.segmentSizes ?? memory.sizes());
  const parts: Uint8Array[] = [];
  for (let segment = 0; segment < memory.segmentCount; segment++) {
    for (let offset = 0; offset < memory.sizeOf(segment); offset++) {
      const word = memory.cell(segment, offset);
      if (Number.isNaN(word)) continue;
      const value = isPointer(word)
        ? BigInt(table[wordSegment(word)]! + wordOffset(word))
        : memory.toFelt(word);
      parts.push(cellRecord(table[segment]! + offset, value));
    }
  }
  const bytes = new Uint8Array(parts.length * CELL_BYTES);
  for (const [i, part] of parts.entries()) bytes.set(part, i * CELL_BYTES);
  return bytes;
}

function cellRecord(address: number, value: bigint): Uint8Array {
  const bytes = new Uint8Array(CELL_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(address), true);
  for (let i = 0; i < VALUE_BYTES; i += 8)
    view.setBigUint64(8 + i, BigInt.asUintN(64, value >> BigInt(8 * i)), true);
  return bytes;
}
