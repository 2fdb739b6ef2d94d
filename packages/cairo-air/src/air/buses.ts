import type { AirBuilder, BusHandle } from '@cairn/stark';
import { GROUP_COUNT, LIMB_COUNT, PAIR_COUNT, upTo } from './valueForm.ts';

/** Fields of a decoded instruction after pc; offsets are signed, flags bits. */
export const INSTRUCTION_FIELDS = [
  'offDst',
  'offOp0',
  'offOp1',
  'dstFp',
  'op0Fp',
  'imm',
  'op1Fp',
  'op1Ap',
  'arithmetic',
  'product',
  'jumpAbs',
  'jumpRel',
  'jnz',
  'apAdd',
  'apOne',
  'call',
  'frame',
  'assertEq',
  'readsOp0',
] as const;

/** What instructions of layouts with Blake2s have besides: is it one, and does it end the hash. */
export const BLAKE_FIELDS = ['blake', 'finalize'] as const;

/** The buses that join the tables. Every use must be matched by a yield of the same tuple. */
export interface CairoBuses {
  /** The value under an address. */
  readonly memory: BusHandle;
  /** A value as a signed integer of 27 bits. */
  readonly signed: BusHandle;
  /** A value as ten groups of 27 bits. */
  readonly groups: BusHandle;
  /** A value as 28 limbs. */
  readonly limbs: BusHandle;
  /** The instruction at a pc, decoded. */
  readonly instruction: BusHandle;
  /** a + b = c (kind 0) or a·b = c (kind 1) of values. */
  readonly operation: BusHandle;
}

/** The bus of values as 14 pairs of limbs, for modules that need it. */
export function declarePairsBus(a: AirBuilder): BusHandle {
  return a.bus('pairs', ['id', ...upTo(PAIR_COUNT).map((i) => `pair${i}`)]);
}

/** Declares the buses of the core. */
export function declareBuses(a: AirBuilder, hasBlake: boolean): CairoBuses {
  return {
    memory: a.bus('memory', ['address', 'id']),
    signed: a.bus('signed', ['id', 'value']),
    groups: a.bus('groups', ['id', ...upTo(GROUP_COUNT).map((i) => `group${i}`)]),
    limbs: a.bus('limbs', ['id', ...upTo(LIMB_COUNT).map((i) => `limb${i}`)]),
    instruction: a.bus('instruction', ['pc', ...INSTRUCTION_FIELDS, ...(hasBlake ? BLAKE_FIELDS : [])]),
    operation: a.bus('operation', ['kind', 'a', 'b', 'c']),
  };
}
