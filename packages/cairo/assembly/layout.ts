// Memory map of the VM's instance and the shapes shared with the host (src/vm/wasm/layout.ts).

/** Programs kept between runs lie from here to ARENA; statics of the modules below. */
export const PROGRAMS: usize = 0x10000;
/** Contexts, segment tables and cells of the runs, one run behind the other. Zero wherever nothing is allocated. */
export const ARENA: usize = 0x3010000;

/** log2 of the bytes of a cell: four 64-bit words, the top one with tags. */
export const CELL_SHIFT: i32 = 5;
/** Tags of a cell's top word; a felt leaves its four high bits free. */
export const PRESENT: u64 = 0x8000000000000000;
export const POINTER: u64 = 0x4000000000000000;
export const ACCESSED: u64 = 0x2000000000000000;
/** Bits of the top word that make up the value. */
export const FELT_BITS: u64 = 0x0fffffffffffffff;

/** A pointer's low word is segment·2^28 + offset. */
export const OFFSET_BITS: u64 = 28;
export const OFFSET_BOUND: i32 = 1 << 28;
/** Segment numbers from here on are temporary: their cells are the host's. */
export const FIRST_TEMPORARY: i32 = (1 << 24) - (1 << 20);
export const EXECUTION_SEGMENT: i32 = 1;

// Fields of a run's context.
export const TABLE: usize = 0;
export const SEGMENT_COUNT: usize = 4;
export const TABLE_ROWS: usize = 8;
export const MAX_CELLS: usize = 12;
/** Cells reserved so far; a block that moved counts twice. */
export const USED_CELLS: usize = 16;
/** Segment whose block was reserved last. */
export const LAST_GROWN: usize = 20;
export const CODE_SEGMENT: usize = 24;
/** Offset in the code segment that ends the run, or −1. */
export const END_PC: usize = 28;
export const TRACE: usize = 32;
export const PC: usize = 36;
export const AP: usize = 40;
export const FP: usize = 44;
export const STEPS: usize = 48;
/** Index of the hint to run, when the run stops for hints. */
export const HINT_INDEX: usize = 52;
/** Pointer word to jump to, when the run stops for another code segment. */
export const JUMP_TARGET: usize = 56;
export const CONTEXT_BYTES: usize = 64;

// Fields of a segment's row.
export const ROW_SHIFT: i32 = 5;
export const BASE: usize = 0;
export const CAPACITY: usize = 4;
export const SIZE: usize = 8;
/** Exclusive bound of the values as a power of two: 128, 96, or 0 for none. */
export const VALUE_BITS: usize = 12;
/** 1 when the host must see every write. */
export const WATCHED: usize = 16;
/** Cells per builtin instance, or 0; then the input cells among them; then 1 for the bitwise builtin. */
export const INSTANCE_CELLS: usize = 20;
export const INPUT_CELLS: usize = 22;
export const IS_BITWISE: usize = 23;
export const RECORDS: usize = 24;
export const RECORD_COUNT: usize = 28;

// Records of instructions: kind, flags, three operand offsets, jump distance, address of the hints.
export const RECORD_SHIFT: i32 = 4;
export const STEP: usize = 8;
export const HINTS: usize = 12;
export const KIND_UNDECODED: u32 = 0;
/** Left to the host. */
export const KIND_GENERIC: u32 = 1;
export const KIND_ASSERT: u32 = 2;
export const KIND_ADD: u32 = 3;
export const KIND_MULTIPLY: u32 = 4;
export const KIND_DOUBLE_DEREF: u32 = 5;
export const KIND_JUMP: u32 = 6;
export const KIND_JUMP_NOT_ZERO: u32 = 7;
export const KIND_CALL: u32 = 8;
export const KIND_RETURN: u32 = 9;
export const KIND_ADVANCE_AP: u32 = 10;
export const KIND_JUMP_BY_CELL: u32 = 11;
export const FLAG_DST_FP: u64 = 0x100;
export const FLAG_OP0_FP: u64 = 0x200;
export const FLAG_OP1_FP: u64 = 0x400;
export const FLAG_IMMEDIATE: u64 = 0x800;
export const FLAG_AP_PLUS_1: u64 = 0x1000;
export const FLAG_HINTED: u64 = 0x2000;

// Why a run stops.
export const STOP_END: i32 = 0;
export const STOP_LIMIT: i32 = 1;
export const STOP_HINT: i32 = 2;
/** The instruction at pc must go by the general rules. */
export const STOP_GENERAL: i32 = 3;
export const STOP_JUMP: i32 = 4;
