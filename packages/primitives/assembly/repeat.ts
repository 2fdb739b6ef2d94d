// Kernels repeated inside WebAssembly, for benchmarks that must not count the call from JavaScript.

import { blake2sCompressBlock } from './blake2sKernels';
import { feltMul, feltSqr } from './feltKernels';
import { keccakF1600, keccakF1600Pair } from './keccakKernels';
import { FELT, SCRATCH } from './layout';

const OTHER: usize = SCRATCH + 1024;

/** Runs a kernel `count` times on what lies in SCRATCH: 0 felt product, 1 square, 2 Keccak, 3 Keccak pair, 4 Blake2s. */
export function repeatKernel(kernel: i32, count: i32): void {
  switch (kernel) {
    case 0:
      for (let i = 0; i < count; i++) feltMul(SCRATCH, SCRATCH, SCRATCH + FELT);
      break;
    case 1:
      for (let i = 0; i < count; i++) feltSqr(SCRATCH, SCRATCH);
      break;
    case 2:
      for (let i = 0; i < count; i++) keccakF1600(SCRATCH);
      break;
    case 3:
      for (let i = 0; i < count; i++) keccakF1600Pair(SCRATCH);
      break;
    case 4:
      for (let i = 0; i < count; i++) blake2sCompressBlock(SCRATCH, OTHER, 64, 0);
      break;
  }
}
