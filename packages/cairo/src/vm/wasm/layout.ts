/**
 * The memory map shared with the WebAssembly core. Addresses and fields are bytes.
 * @see packages/cairo/assembly/layout.ts
 */
export const PROGRAMS_ADDRESS = 0x10000;
export const ARENA_ADDRESS = 0x3010000;
export const CELL_BYTES = 32;
export const RECORD_BYTES = 16;
export const TRACE_ENTRY_BYTES = 12;

/** Fields of a run's context. */
export const CONTEXT = {
  table: 0,
  segmentCount: 4,
  codeSegment: 24,
  endPc: 28,
  trace: 32,
  pc: 36,
  ap: 40,
  fp: 44,
  steps: 48,
  hintIndex: 52,
  jumpTarget: 56,
} as const;

/** Fields of a segment's row; `instance` holds cells, input cells and whether it is the bitwise builtin. */
export const ROW_BYTES = 32;
export const ROW = { base: 0, capacity: 4, size: 8, valueBits: 12, watched: 16, instance: 20 } as const;

/** Tags in the upper half of a cell's top word. */
export const TAG = { present: 0x80000000, pointer: 0x40000000, accessed: 0x20000000 } as const;
/** The felt's part of that half. */
export const TOP_FELT_BITS = 0x0fffffff;

/** Fields of an instruction record, and the flag of instructions with hints in its first word. */
export const RECORD = { head: 0, hints: 12 } as const;
export const HINTED_FLAG = 0x2000;

/** Why a run stopped. */
export const STOP = { end: 0, limit: 1, hint: 2, general: 3, jump: 4 } as const;

/** Hints the core runs itself, their lists and their operands. @see packages/cairo/assembly/hints.ts */
export const HINT_LIST = { count: 0, first: 8, hintBytes: 96 } as const;
export const HINT = { operands: 4, operandBytes: 24, targets: 76, targetBytes: 8 } as const;
export const OPERAND = {
  form: 0,
  register: 4,
  offset: 8,
  secondRegister: 12,
  secondOffset: 16,
  constant: 20,
};
