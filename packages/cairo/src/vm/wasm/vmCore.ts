import { VM_CORE_WASM_BASE64 } from '../../generated/vmCore.ts';
import type { PreparedProgram } from '../preparedProgram.ts';
import type { CellViews } from './cellWords.ts';
import { ARENA_ADDRESS, PROGRAMS_ADDRESS } from './layout.ts';
import { type ProgramImage, programBytes, writeProgram } from './programImage.ts';

/** What the WebAssembly instance offers; see packages/cairo/assembly for each function. */
export interface VmCoreExports {
  readonly memory: WebAssembly.Memory;
  readonly resultAddress: WebAssembly.Global;
  readonly quotientAddress: WebAssembly.Global;
  readonly remainderAddress: WebAssembly.Global;
  allocate(bytes: bigint): number;
  arenaEnd(): number;
  openRun(maxCells: number): number;
  closeRun(context: number): void;
  newSegment(context: number): number;
  grow(context: number, segment: number, cells: number): number;
  attach(context: number, segment: number, base: number, size: number, cells: number, records: number): void;
  prepareRecords(context: number, segment: number): number;
  countAccessed(context: number, segment: number): number;
  countPresent(context: number, segment: number): number;
  isBitwiseSound(context: number, segment: number): number;
  markAccessed(context: number, segment: number, from: number, to: number): void;
  run(context: number, pc: number, ap: number, fp: number, limit: number, skipsHints: number): number;
  addCells(a: number, b: number): number;
  subtractCells(a: number, b: number): number;
  multiplyCells(a: number, b: number): void;
  divide(a: number, b: number): void;
}

/** A run that used more than this leaves its core to the garbage collector instead of clearing it. */
const MAX_KEPT_BYTES = 192 * 2 ** 20;
/** Behind runs that hold more than this, nested runs get a core of their own. */
const MAX_SHARED_BYTES = 64 * 2 ** 20;

let compiled: WebAssembly.Module | undefined;

/**
 * One instance of the WebAssembly core. Its memory holds programs, kept between runs, and behind them the open
 * runs as a stack: a run opened later ends earlier.
 */
export class VmCore implements CellViews {
  readonly exports: VmCoreExports;
  words32!: Uint32Array;
  words64!: BigUint64Array;
  #images = new WeakMap<PreparedProgram, ProgramImage>();
  #programsEnd = PROGRAMS_ADDRESS;
  #openRuns = 0;
  #isRetired = false;

  constructor() {
    compiled ??= new WebAssembly.Module(
      Uint8Array.from(atob(VM_CORE_WASM_BASE64), (character) => character.charCodeAt(0)),
    );
    this.exports = new WebAssembly.Instance(compiled).exports as unknown as VmCoreExports;
    this.refresh();
  }

  /** Views the memory again if it has grown. */
  refresh(): void {
    if (this.words32 !== undefined && this.words32.length !== 0) return;
    const { buffer } = this.exports.memory;
    this.words32 = new Uint32Array(buffer);
    this.words64 = new BigUint64Array(buffer);
  }

  /** True when a run may be opened behind those that are open. */
  get hasRoom(): boolean {
    return !this.#isRetired && this.exports.arenaEnd() - ARENA_ADDRESS <= MAX_SHARED_BYTES;
  }

  get isIdle(): boolean {
    return this.#openRuns === 0;
  }

  /** True when the core must not be used again once it is idle. */
  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** Context of a new run; 0 when memory is out. */
  openRun(maxCells: number): number {
    const context = this.exports.openRun(maxCells);
    this.refresh();
    if (context !== 0) this.#openRuns++;
    return context;
  }

  closeRun(context: number): void {
    this.#openRuns--;
    if (this.exports.arenaEnd() - context > MAX_KEPT_BYTES) this.#isRetired = true;
    else if (!this.#isRetired) this.exports.closeRun(context);
  }

  /** `bytes` of zeros that last as long as the run opened last; 0 when memory is out. */
  allocate(bytes: number): number {
    const address = this.exports.allocate(BigInt(bytes));
    this.refresh();
    return address;
  }

  /** The program's cells and records; undefined when memory is out. */
  image(program: PreparedProgram): ProgramImage | undefined {
    const known = this.#images.get(program);
    if (known !== undefined) return known;
    const bytes = programBytes(program);
    if (this.#programsEnd + bytes > ARENA_ADDRESS && this.#openRuns <= 1) {
      // Nobody but the run that asks is open, and it has no program yet.
      this.words32.fill(0, PROGRAMS_ADDRESS >> 2, this.#programsEnd >> 2);
      this.#programsEnd = PROGRAMS_ADDRESS;
      this.#images = new WeakMap();
    }
    if (this.#programsEnd + bytes > ARENA_ADDRESS) {
      const address = this.allocate(bytes);
      return address === 0 ? undefined : writeProgram(this, program, address);
    }
    const image = writeProgram(this, program, this.#programsEnd);
    this.#programsEnd += bytes;
    this.#images.set(program, image);
    return image;
  }
}

const cores: VmCore[] = [];

/** The core for a run that starts now. */
export function coreForRun(): VmCore {
  let core = cores.at(-1);
  if (core === undefined || !core.hasRoom) cores.push((core = new VmCore()));
  return core;
}

/** Lets go of cores that are idle and of no further use. */
export function releaseCores(): void {
  for (;;) {
    const core = cores.at(-1);
    if (core === undefined || !core.isIdle || (cores.length === 1 && !core.isRetired)) return;
    cores.pop();
  }
}
