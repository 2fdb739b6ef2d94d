export type { ProverBackend, ProverSession, ProverTask } from './backend.ts';
export { checkTrace, describeFault, type TraceFault } from './checkTrace.ts';
export { makeVerifyingKey } from './makeVerifyingKey.ts';
export { type ProveOptions, type ProverHooks, type ProvingStep, prove } from './prove.ts';
export { referenceBackend } from './reference/referenceBackend.ts';
export { generateTrace, type TableInput, type TableTrace, type Trace, type TraceInput } from './trace.ts';
export { InlinePool, type KernelCall, type Pool, type ThreadSetup, workerProgram } from './wasm/pool.ts';
export { WasmBackend, type WasmBackendOptions } from './wasm/wasmBackend.ts';
