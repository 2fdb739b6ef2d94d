// Memory map of the kernels' instance. Statics of the modules lie below INPUT.

/** Where the host writes arguments and reads results: "cells" of four 64-bit words, little-endian, canonical. */
export const IO: usize = 0x10000;
/** Working arrays of batched algorithms. */
export const SCRATCH: usize = 0x20000;
/** Windows of the Pedersen points, see pedersen.ts. */
export const PEDERSEN_TABLE: usize = 0x60000;
/** Windows of the curve generator, see multiply.ts. */
export const GENERATOR_TABLE: usize = 0x160000;

/** Bytes of a cell. */
export const CELL: usize = 32;
/** Bytes of a felt in limbs. */
export const FELT: usize = 36;
/** Bytes of an affine point: x, y. */
export const AFFINE: usize = 72;
