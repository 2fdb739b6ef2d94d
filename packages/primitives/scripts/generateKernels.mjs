// Compiles the kernels of packages/primitives/assembly, together with the unrolled modules printed by the scripts beside
// this one: `node packages/primitives/scripts/generateKernels.mjs`.

import { writeKernels } from '../../../scripts/writeKernels.mjs';
import { blake2sKernelsText } from './blake2sKernels.mjs';
import { feltConstantsText } from './feltConstants.mjs';
import { feltKernelsText } from './feltKernels.mjs';
import { feltLaneKernelsText } from './feltLaneKernels.mjs';
import { keccakKernelsText } from './keccakKernels.mjs';
import { poseidonKernelsText } from './poseidonKernels.mjs';

const PAGE_COUNT = 30; // up to the end of GENERATOR_TABLE, see assembly/layout.ts

await writeKernels({
  name: 'primitives',
  output: 'kernels.ts',
  constant: 'KERNELS_WASM_BASE64',
  description: "The kernels' WebAssembly module, base64.",
  modules: {
    'feltConstants.ts': feltConstantsText(),
    'feltKernels.ts': feltKernelsText(),
    'feltLaneKernels.ts': feltLaneKernelsText(),
    'keccakKernels.ts': keccakKernelsText(),
    'blake2sKernels.ts': blake2sKernelsText(),
    'poseidonKernels.ts': poseidonKernelsText(),
  },
  flags: ['--enable=simd,bulk-memory', `--initialMemory=${PAGE_COUNT}`, `--maximumMemory=${PAGE_COUNT}`],
});
