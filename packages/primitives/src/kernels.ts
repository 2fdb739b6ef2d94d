import { KERNELS_WASM_BASE64 } from './generated/kernels.ts';

/** What the WebAssembly instance offers; see packages/primitives/assembly/index.ts for each function. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly ioAddress: WebAssembly.Global;
  addPoints(): number;
  blake2sAbsorb(blockCount: number, blocksBefore: number, lastByteCount: number): void;
  blake2sAbsorbFelts(count: number, isFirst: boolean, isLast: boolean): void;
  blake2sCompress(byteCountLow: number, byteCountHigh: number, finalMask: number): void;
  cellsFromBytes(count: number): number;
  cellsToBytes(count: number): void;
  ecdsaCheck(): number;
  ecOp(): number;
  generatorPrepare(): void;
  hadesPermutation(): void;
  invert(): void;
  keccakAbsorb(blockCount: number, isFirst: boolean): void;
  keccakAbsorbPair(blockCount: number, isFirst: boolean): void;
  keccakPermute(): void;
  multiplyGenerator(): number;
  multiplyPoint(): number;
  orderInverse(): void;
  pedersen(): void;
  pedersenBatch(count: number): void;
  pedersenFold(count: number): void;
  pedersenPrepare(): void;
  poseidon(): void;
  poseidonAbsorb(pairCount: number, isFirst: boolean): void;
  poseidonBatch(count: number): void;
  poseidonLanesPrepare(): void;
  poseidonPrepare(): void;
  repeatKernel(kernel: number, count: number): void;
  squareRoot(): number;
}

/** Bytes of the exchange area, and the number of 32-byte cells in it. */
export const IO_BYTES = 0x10000;
export const IO_CELLS = IO_BYTES / 32;

let exports: KernelExports | undefined;
let words: BigUint64Array;
/** The exchange area as bytes and as 32-bit words; valid after the first call of {@link kernels}. */
export let ioBytes: Uint8Array;
export let ioWords32: Uint32Array;

/** The kernels, compiled on the first call (about 6 ms). */
export function kernels(): KernelExports {
  if (exports !== undefined) return exports;
  const bytes = Uint8Array.from(atob(KERNELS_WASM_BASE64), (character) => character.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const loaded = instance.exports as unknown as KernelExports;
  const io = loaded.ioAddress.value as number;
  words = new BigUint64Array(loaded.memory.buffer, io, IO_BYTES / 8);
  ioBytes = new Uint8Array(loaded.memory.buffer, io, IO_BYTES);
  ioWords32 = new Uint32Array(loaded.memory.buffer, io, IO_BYTES / 4);
  exports = loaded;
  return loaded;
}

/** Writes an integer in [0, 2^256) into a cell of the exchange area. */
export function writeInteger(cell: number, value: bigint): void {
  const at = 4 * cell;
  words[at] = value; // a typed array keeps the low 64 bits
  words[at + 1] = value >> 64n;
  words[at + 2] = value >> 128n;
  words[at + 3] = value >> 192n;
}

/** The integer in a cell. */
export function readCell(cell: number): bigint {
  const at = 4 * cell;
  return words[at]! | (words[at + 1]! << 64n) | (words[at + 2]! << 128n) | (words[at + 3]! << 192n);
}
