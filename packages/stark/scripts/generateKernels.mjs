// Compiles the kernels of packages/stark/assembly, together with the unrolled modules printed by the scripts beside this
// one: `node packages/stark/scripts/generateKernels.mjs`.

import { writeKernels } from '../../../scripts/writeKernels.mjs';
import { keccakKernelsText } from '../../primitives/scripts/keccakKernels.mjs';
import { blakeLanesText } from './blakeLanes.mjs';
import { fftKernelsText } from './fftKernels.mjs';
import { secureKernelsText } from './secureKernels.mjs';

// The permutation of @cairn/primitives, with a second buffer of the instance's own: the memory is shared between threads.
const keccakKernels = keccakKernelsText().replace(
  /const keccakF1600PairBuffer = memory\.data\(400, 16\);/,
  `let keccakF1600PairBuffer: usize = 0;
/** Gives this instance 400 bytes to alternate with. */
export function setPairBuffer(address: usize): void {
  keccakF1600PairBuffer = address;
}
`,
);
if (!keccakKernels.includes('setPairBuffer')) throw new Error('the buffer of the Keccak kernel has moved');

await writeKernels({
  name: 'stark',
  output: 'kernels.ts',
  constant: 'KERNELS_WASM_BASE64',
  description: "The kernels' WebAssembly module, base64.",
  modules: {
    'keccakKernels.ts': keccakKernels,
    'blakeLanes.ts': blakeLanesText(),
    'fftKernels.ts': fftKernelsText(),
    'secureKernels.ts': secureKernelsText(),
  },
  flags: [
    '--enable=simd,bulk-memory,threads',
    '--importMemory',
    '--sharedMemory',
    '--initialMemory=2',
    '--maximumMemory=65536',
  ],
});
