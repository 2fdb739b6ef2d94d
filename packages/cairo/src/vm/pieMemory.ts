import { CairnError, PRIME } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import type { Relocatable, VmValue } from './relocatable.ts';

/** A memory cell of a PIE. */
export interface PieCell {
  address: Relocatable;
  value: VmValue;
}

const CELL_BYTES = 40;
const ADDRESS_BYTES = 8;
const ADDRESS_MARK = 2n ** 63n;
const POINTER_MARK = 2n ** 255n;
const OFFSET_BITS = 47n;
const OFFSET_MASK = (1n << OFFSET_BITS) - 1n;

/** Exclusive bound of the segments that addresses in a PIE can name. */
export const PIE_SEGMENT_BOUND = 2 ** 16;

/** `memory.bin` of a PIE: for each cell its address, 2^63 + segment·2^47 + offset, and its value, pointers as 2^255 + the same. */
export function encodePieMemory(cells: readonly PieCell[]): Uint8Array {
  const bytes = new Uint8Array(cells.length * CELL_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, { address, value }] of cells.entries()) {
    const at = i * CELL_BYTES;
    view.setBigUint64(at, ADDRESS_MARK + packed(address), true);
    const number = typeof value === 'bigint' ? value : POINTER_MARK + packed(value);
    for (let word = 0; word < 4; word++)
      view.setBigUint64(at + ADDRESS_BYTES + 8 * word, BigInt.asUintN(64, number >> BigInt(64 * word)), true);
  }
  return bytes;
}

/** The cells of a `memory.bin`. @throws CairnError `INVALID_PIE` for what is no address or no value. */
export function decodePieMemory(bytes: Uint8Array): PieCell[] {
  if (bytes.length % CELL_BYTES !== 0) throw invalidPie(`memory.bin has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cells: PieCell[] = [];
  for (let at = 0; at < bytes.length; at += CELL_BYTES) {
    let number = 0n;
    for (let word = 3; word >= 0; word--)
      number = (number << 64n) | view.getBigUint64(at + ADDRESS_BYTES + 8 * word, true);
    if (number >= PRIME && number < POINTER_MARK) throw invalidPie(`${number} is no felt`);
    const value = number >= POINTER_MARK ? unpacked(number - POINTER_MARK) : number;
    const address = view.getBigUint64(at, true);
    if (address < ADDRESS_MARK) throw invalidPie('a memory address without its mark');
    cells.push({ address: unpacked(address - ADDRESS_MARK), value });
  }
  return cells;
}

function packed({ segment, offset }: Relocatable): bigint {
  return (BigInt(segment) << OFFSET_BITS) + BigInt(offset);
}

function unpacked(address: bigint): Relocatable {
  if (address >> OFFSET_BITS >= BigInt(PIE_SEGMENT_BOUND))
    throw invalidPie('an address outside the segments');
  return { segment: Number(address >> OFFSET_BITS), offset: Number(address & OFFSET_MASK) };
}

/** The error for what no PIE has. */
export function invalidPie(what: string): CairnError<VmErrorCode> {
  return new CairnError('INVALID_PIE', `not a valid Cairo PIE: ${what}`);
}
