import { encodeInstruction, type Instruction } from '../casm/instruction.ts';

/** An instruction that does nothing: what hand-made programs start from. */
export const PLAIN: Instruction = {
  offDst: -1,
  offOp0: -1,
  offOp1: -1,
  dstRegister: 'FP',
  op0Register: 'FP',
  op1Source: 'fp',
  res: 'op1',
  pcUpdate: 'regular',
  apUpdate: 'regular',
  opcode: 'nop',
  extension: 'stone',
};

/** `[ap] = …; ap++` */
export const PUSH = { opcode: 'assertEq', dstRegister: 'AP', offDst: 0, apUpdate: 'add1' } as const;
export const IMMEDIATE = { op1Source: 'imm', offOp1: 1 } as const;
/** `call rel` by an immediate. */
export const CALL = {
  dstRegister: 'AP',
  offDst: 0,
  op0Register: 'AP',
  offOp0: 1,
  opcode: 'call',
  apUpdate: 'add2',
  pcUpdate: 'jumpRel',
  ...IMMEDIATE,
} as const;
export const RET = 0x208b7fff7fff7ffen;

/** The word of {@link PLAIN} with other fields. */
export function word(fields: Partial<Instruction>): bigint {
  return encodeInstruction({ ...PLAIN, ...fields });
}

/** `[ap] = value; ap++` */
export function push(value: bigint): bigint[] {
  return [word({ ...PUSH, ...IMMEDIATE }), value];
}

/** `[ap] = [fp + offset]; ap++` */
export function copy(offset: number): bigint[] {
  return [word({ ...PUSH, op1Source: 'fp', offOp1: offset })];
}
