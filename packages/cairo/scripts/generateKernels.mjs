// Compiles the VM core of packages/cairo/assembly: `node packages/cairo/scripts/generateKernels.mjs`.

import { writeKernels } from '../../../scripts/writeKernels.mjs';
import { multiplyKernelText } from './multiplyKernel.mjs';

const INITIAL_PAGES = 0x311; // up to 1 MiB behind ARENA, see assembly/layout.ts
const MAXIMUM_PAGES = 0x10000;

await writeKernels({
  name: 'cairo',
  output: 'vmCore.ts',
  constant: 'VM_CORE_WASM_BASE64',
  description: "The VM core's WebAssembly module, base64.",
  modules: { 'multiplyKernel.ts': multiplyKernelText() },
  flags: ['--enable=bulk-memory', `--initialMemory=${INITIAL_PAGES}`, `--maximumMemory=${MAXIMUM_PAGES}`],
});
