import type { Instruction } from '../casm/instruction.ts';

/** Kinds of steps that are proven by a table each. */
export const OPCODE_NAMES = [
  'generic',
  'add_ap',
  'add',
  'add_small',
  'assert_eq',
  'assert_eq_double_deref',
  'assert_eq_imm',
  'call_abs',
  'call_rel_imm',
  'jnz_not_taken',
  'jnz_taken',
  'jump_rel_imm',
  'jump_rel',
  'jump_double_deref',
  'jump_abs',
  'mul_small',
  'mul',
  'ret',
  'blake_compress',
  'qm_31_add_mul',
] as const;

export type OpcodeName = (typeof OPCODE_NAMES)[number];

/** Values of a step's operands that decide between tables, as felts; op0 and op1 only for sums and products. */
export interface StepValues {
  isDstZero(): boolean;
  /** True when dst, op0 and op1 are all felts in [−2^27, 2^27). */
  isSmallSum(): boolean;
  /** True when op0 and op1 are felts below 2^36. */
  isSmallProduct(): boolean;
}

/** The table a step belongs to; `generic` takes every form without a table of its own. @see stwo-cairo, adapter */
export function opcodeName(i: Instruction, values: StepValues): OpcodeName {
  if (i.extension === 'qm31') return 'qm_31_add_mul';
  if (i.extension !== 'stone') return 'blake_compress';
  const keepsAp = i.apUpdate === 'regular';
  const isPlain = keepsAp || i.apUpdate === 'add1';
  const isImmediate = i.op1Source === 'imm';
  switch (i.opcode) {
    case 'ret':
      return i.op0Register === 'FP' && i.offOp0 === -1 && keepsAp ? 'ret' : 'generic';
    case 'call':
      if (i.res !== 'op1' || i.op1Source === 'op0') return 'generic';
      if (i.pcUpdate === 'jump' && !isImmediate) return 'call_abs';
      return i.pcUpdate === 'jumpRel' && isImmediate ? 'call_rel_imm' : 'generic';
    case 'assertEq':
      if (i.pcUpdate !== 'regular' || !isPlain) return 'generic';
      if (i.res === 'op1') {
        if (isImmediate) return 'assert_eq_imm';
        return i.op1Source === 'op0' ? 'assert_eq_double_deref' : 'assert_eq';
      }
      if (i.op1Source === 'op0') return 'generic';
      if (i.res === 'add') return values.isSmallSum() ? 'add_small' : 'add';
      return values.isSmallProduct() ? 'mul_small' : 'mul';
    case 'nop':
      if (i.pcUpdate === 'jnz') {
        if (!isImmediate || !isPlain) return 'generic';
        return values.isDstZero() ? 'jnz_not_taken' : 'jnz_taken';
      }
      if (i.res !== 'op1') return 'generic';
      if (i.pcUpdate === 'regular')
        return i.apUpdate === 'add' && i.op1Source !== 'op0' ? 'add_ap' : 'generic';
      if (!isPlain) return 'generic';
      if (i.pcUpdate === 'jump') {
        if (isImmediate) return 'generic';
        return i.op1Source === 'op0' ? 'jump_double_deref' : 'jump_abs';
      }
      if (isImmediate) return 'jump_rel_imm';
      return i.op1Source === 'op0' ? 'generic' : 'jump_rel';
  }
}
