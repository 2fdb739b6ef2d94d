import { KERNELS_WASM_BASE64 } from '../../generated/kernels.ts';
import type { ProverBackend, ProverSession, ProverTask } from '../backend.ts';
import { Arena } from './arena.ts';
import { InlinePool, type Pool } from './pool.ts';
import { type AirKernels, compileAir } from './tableKernels.ts';
import { TwiddleStore } from './twiddleStore.ts';
import { WasmSession } from './wasmSession.ts';

/** What a backend of WebAssembly kernels can be made with. */
export interface WasmBackendOptions {
  /** Threads; by default the caller's alone. The backend sets the pool up for itself and does not close it. */
  readonly pool?: Pool;
  /** The most memory that kernels may use; by default 4 GiB, the limit. */
  readonly memoryBudgetBytes?: number;
  /** Of trees with more leaves, digests of leaves are not kept but made anew where they are opened; by default 2^22. */
  readonly maxKeptLeaves?: number;
}

let kernelModule: WebAssembly.Module | undefined;

/** The module of the fixed kernels, compiled once. */
export function kernelsModule(): WebAssembly.Module {
  kernelModule ??= new WebAssembly.Module(
    Uint8Array.from(atob(KERNELS_WASM_BASE64), (character) => character.charCodeAt(0)),
  );
  return kernelModule;
}

/**
 * The backend for real proofs: SIMD kernels over shared memory, with the constraints of the AIR compiled to WebAssembly.
 * Keeps its memory, twiddles and compiled AIRs from proof to proof; carries out one proof at a time.
 */
export class WasmBackend implements ProverBackend {
  readonly name = 'wasm';
  readonly #pool: Pool;
  readonly #arena: Arena;
  readonly #twiddles: TwiddleStore;
  readonly #maxKeptLeaves: number;
  readonly #compiled = new WeakMap<ProverTask['air'], AirKernels>();

  constructor(options: WasmBackendOptions = {}) {
    this.#pool = options.pool ?? new InlinePool();
    this.#arena = new Arena(options.memoryBudgetBytes ?? 2 ** 32);
    this.#twiddles = new TwiddleStore(this.#arena);
    this.#maxKeptLeaves = options.maxKeptLeaves ?? 2 ** 22;
  }

  /** The most memory the kernels ever used, in bytes. */
  get peakBytes(): number {
    return this.#arena.peakBytes;
  }

  async open(task: ProverTask): Promise<ProverSession> {
    let kernels = this.#compiled.get(task.air);
    if (kernels === undefined) {
      kernels = compileAir(task.air);
      this.#compiled.set(task.air, kernels);
    }
    await this.#pool.setUp({ memory: this.#arena.memory, modules: [kernelsModule(), kernels.module] });
    const context = { task, arena: this.#arena, twiddles: this.#twiddles, pool: this.#pool };
    return new WasmSession(context, kernels, this.#maxKeptLeaves);
  }
}
