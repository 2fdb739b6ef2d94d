// Kernels repeated inside WebAssembly, for benchmarks that must not count the call from JavaScript.

import { feltMul, feltSqr } from './feltKernels';
import { keccakF1600, keccakF1600Pair } from './keccakKernels';
import { FELT, SCRATCH } from './layout';

/** Runs a kernel `count` times on what lies in SCRATCH: 0 felt product, 1 square, 2 Keccak, 3 Keccak pair. */
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
  }
}
