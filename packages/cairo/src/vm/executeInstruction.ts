import { CairnError } from '@cairn/primitives';
import { type Instruction, instructionSize } from '../casm/instruction.ts';
import type { VmErrorCode } from '../errors.ts';
import { executeBlake } from './blakeInstruction.ts';
import { divideFelts } from './divideFelts.ts';
import type { Machine } from './machine.ts';
import { expectedPointer } from './memory.ts';
import { addQm31, divideQm31, multiplyQm31, subtractQm31 } from './qm31.ts';
import {
  EMPTY,
  EXECUTION_SEGMENT,
  isFelt,
  isPointer,
  OFFSET_BOUND,
  pointerWord,
  type Word,
  wordOffset,
  wordSegment,
} from './word.ts';

interface Operands {
  dstAddress: Word;
  op0Address: Word;
  op1Address: Word;
  dst: Word;
  op0: Word;
  op1: Word;
  /** EMPTY for `jnz`. */
  res: Word;
}

/**
 * One instruction by the general rules of the machine: unknown operands are deduced (builtin cells first, then
 * from the instruction), written, checked against the opcode's assertion, marked accessed; then the registers
 * move. @throws CairnError; pc, ap and fp are then those before the instruction.
 */
export function executeInstruction(machine: Machine, instruction: Instruction): void {
  const operands = computeOperands(machine, instruction);
  const { memory } = machine;
  checkAssertion(machine, instruction, operands);
  machine.trace?.push(machine.code.segment, machine.pc, machine.ap, machine.fp);
  memory.markAccessed(operands.dstAddress, 1);
  memory.markAccessed(operands.op0Address, 1);
  memory.markAccessed(operands.op1Address, 1);
  memory.markAccessed(machine.pcWord, 1);
  if (instruction.extension === 'blake' || instruction.extension === 'blakeFinalize') {
    executeBlake(
      memory,
      operands,
      pointerWord(EXECUTION_SEGMENT, machine.ap),
      instruction.extension === 'blakeFinalize',
    );
    machine.blakeCount++;
  }
  updateRegisters(machine, instruction, operands);
}

function computeOperands(machine: Machine, i: Instruction): Operands {
  const { memory } = machine;
  const dstAddress = stackAddress(machine, i.dstRegister, i.offDst);
  let dst = memory.read(dstAddress);
  const op0Address = stackAddress(machine, i.op0Register, i.offOp0);
  let op0 = memory.read(op0Address);
  const op1Address = addressOfOp1(machine, i, op0);
  let op1 = memory.read(op1Address);
  let res = EMPTY;

  const isOp0Unknown = Number.isNaN(op0);
  if (isOp0Unknown) {
    op0 = deduceOp0(machine, i, dst, op1);
    if (Number.isNaN(op0)) throw notDeducible(machine, 'op0', op0Address);
    if (i.opcode === 'assertEq') res = dst;
  }
  const isOp1Unknown = Number.isNaN(op1);
  if (isOp1Unknown) {
    op1 = deduceCell(machine, op1Address);
    if (Number.isNaN(op1)) {
      op1 = deduceOp1(machine, i, dst, op0);
      if (Number.isNaN(op1)) throw notDeducible(machine, 'op1', op1Address);
      if (Number.isNaN(res)) res = dst;
    }
  }
  if (Number.isNaN(res)) res = computeResult(machine, i, op0, op1);
  const isDstUnknown = Number.isNaN(dst);
  if (isDstUnknown) {
    if (i.opcode === 'assertEq') dst = res;
    else if (i.opcode === 'call') dst = pointerWord(EXECUTION_SEGMENT, machine.fp);
    else throw notDeducible(machine, 'dst', dstAddress);
  }
  if (isOp0Unknown) memory.set(op0Address, op0);
  if (isOp1Unknown) memory.set(op1Address, op1);
  if (isDstUnknown) memory.set(dstAddress, dst);
  return { dstAddress, op0Address, op1Address, dst, op0, op1, res };
}

function stackAddress(machine: Machine, register: 'AP' | 'FP', offset: number): Word {
  const at = (register === 'AP' ? machine.ap : machine.fp) + offset;
  if (at < 0 || at >= OFFSET_BOUND)
    throw new CairnError<VmErrorCode>(
      'POINTER_ARITHMETIC',
      `operand outside the execution segment: got offset ${at}`,
    );
  return pointerWord(EXECUTION_SEGMENT, at);
}

function addressOfOp1(machine: Machine, i: Instruction, op0: Word): Word {
  switch (i.op1Source) {
    case 'ap':
      return stackAddress(machine, 'AP', i.offOp1);
    case 'fp':
      return stackAddress(machine, 'FP', i.offOp1);
    case 'imm':
      if (i.offOp1 !== 1)
        throw new CairnError<VmErrorCode>(
          'OPERAND_NOT_DEDUCIBLE',
          `immediate offset: got ${i.offOp1}, expected 1`,
        );
      return machine.memory.add(machine.pcWord, 1);
    case 'op0':
      if (Number.isNaN(op0))
        throw new CairnError<VmErrorCode>('OPERAND_NOT_DEDUCIBLE', 'op0 is unknown but op1 lies behind it');
      if (!isPointer(op0)) throw expectedPointer(machine.memory, op0);
      return machine.memory.add(op0, i.offOp1);
  }
}

function deduceCell(machine: Machine, address: Word): Word {
  return machine.deductions[wordSegment(address)]?.(machine.memory, wordOffset(address)) ?? EMPTY;
}

function deduceOp0(machine: Machine, i: Instruction, dst: Word, op1: Word): Word {
  const { memory } = machine;
  if (i.opcode === 'call') return memory.add(machine.pcWord, instructionSize(i));
  if (i.opcode !== 'assertEq' || Number.isNaN(dst) || Number.isNaN(op1)) return EMPTY;
  if (i.res === 'add')
    return i.extension === 'qm31' ? subtractQm31(memory, dst, op1) : memory.subtract(dst, op1);
  if (i.res === 'mul' && isFelt(dst) && isFelt(op1) && op1 !== 0)
    return i.extension === 'qm31' ? divideQm31(memory, dst, op1) : divideFelts(memory, dst, op1);
  return EMPTY;
}

function deduceOp1(machine: Machine, i: Instruction, dst: Word, op0: Word): Word {
  const { memory } = machine;
  if (i.opcode !== 'assertEq' || Number.isNaN(dst)) return EMPTY;
  if (i.res === 'op1') return dst;
  if (i.res === 'add')
    return i.extension === 'qm31' ? subtractQm31(memory, dst, op0) : memory.subtract(dst, op0);
  if (i.res === 'mul' && isFelt(dst) && isFelt(op0) && op0 !== 0)
    return i.extension === 'qm31' ? divideQm31(memory, dst, op0) : divideFelts(memory, dst, op0);
  return EMPTY;
}

function computeResult(machine: Machine, i: Instruction, op0: Word, op1: Word): Word {
  const { memory } = machine;
  const isQm31 = i.extension === 'qm31';
  switch (i.res) {
    case 'op1':
      return op1;
    case 'add':
      return isQm31 ? addQm31(memory, op0, op1) : memory.add(op0, op1);
    case 'mul':
      return isQm31 ? multiplyQm31(memory, op0, op1) : memory.multiply(op0, op1);
    case 'unconstrained':
      return EMPTY;
  }
}

function checkAssertion(machine: Machine, i: Instruction, { dst, op0, res }: Operands): void {
  const { memory } = machine;
  if (i.opcode === 'assertEq') {
    if (Number.isNaN(res))
      throw new CairnError<VmErrorCode>('ASSERT_EQ_FAILED', 'assert_eq has no result to compare with');
    if (!memory.same(dst, res))
      throw new CairnError<VmErrorCode>(
        'ASSERT_EQ_FAILED',
        `assert_eq failed: got ${memory.show(dst)}, expected ${memory.show(res)}`,
      );
  } else if (i.opcode === 'call') {
    const returnPc = memory.add(machine.pcWord, instructionSize(i));
    const frame = pointerWord(EXECUTION_SEGMENT, machine.fp);
    if (op0 !== returnPc || dst !== frame)
      throw new CairnError<VmErrorCode>(
        'ASSERT_EQ_FAILED',
        `call cannot save its frame: cells hold ${memory.show(dst)} and ${memory.show(op0)}`,
      );
  }
}

function updateRegisters(machine: Machine, i: Instruction, { dst, op1, res }: Operands): void {
  const { memory } = machine;
  let fp = machine.fp;
  if (i.opcode === 'call') fp = machine.ap + 2;
  else if (i.opcode === 'ret') fp = isPointer(dst) ? wordOffset(dst) : asOffset(dst, 'fp');

  let ap = machine.ap;
  if (i.apUpdate === 'add1') ap += 1;
  else if (i.apUpdate === 'add2') ap += 2;
  else if (i.apUpdate === 'add') {
    if (Number.isNaN(res))
      throw new CairnError<VmErrorCode>('OPERAND_NOT_DEDUCIBLE', 'ap += res without a result');
    ap = wordOffset(memory.add(pointerWord(EXECUTION_SEGMENT, ap), res));
  }
  if (ap >= OFFSET_BOUND)
    throw new CairnError<VmErrorCode>('POINTER_ARITHMETIC', `ap is too large: got ${ap}`);

  const next = () => memory.add(machine.pcWord, instructionSize(i));
  let pc: Word;
  switch (i.pcUpdate) {
    case 'regular':
      pc = next();
      break;
    case 'jump':
      if (!isPointer(res))
        throw new CairnError<VmErrorCode>(
          'INVALID_JUMP',
          `jmp abs: got ${memory.show(res)}, expected a pointer`,
        );
      pc = res;
      break;
    case 'jumpRel':
      if (!isFelt(res))
        throw new CairnError<VmErrorCode>(
          'INVALID_JUMP',
          `jmp rel: got ${memory.show(res)}, expected a felt`,
        );
      pc = memory.add(machine.pcWord, res);
      break;
    case 'jnz':
      pc = dst === 0 ? next() : memory.add(machine.pcWord, op1);
      break;
  }
  machine.fp = fp;
  machine.ap = ap;
  machine.jump(pc);
}

function asOffset(word: Word, register: string): number {
  if (word >= 0 && word < OFFSET_BOUND) return word;
  throw new CairnError<VmErrorCode>('EXPECTED_INTEGER', `${register} cannot be set: got ${word}`);
}

function notDeducible(machine: Machine, operand: string, address: Word): CairnError<VmErrorCode> {
  return new CairnError(
    'OPERAND_NOT_DEDUCIBLE',
    `${operand} is unknown: cell ${machine.memory.show(address)} has no value and none follows`,
  );
}
