import { CairnError } from '@cairn/primitives';
import type { CasmErrorCode } from '../errors.ts';
import type { Register } from './hint.ts';

/** Where the second operand is read: behind op0, the word after the instruction, or from a register. */
export type Op1Source = 'op0' | 'imm' | 'fp' | 'ap';
/** How the result follows from the operands; `unconstrained` belongs to `jnz`. */
export type ResLogic = 'op1' | 'add' | 'mul' | 'unconstrained';
/** What happens to pc. */
export type PcUpdate = 'regular' | 'jump' | 'jumpRel' | 'jnz';
/** What happens to ap; `add2` belongs to `call`. */
export type ApUpdate = 'regular' | 'add' | 'add1' | 'add2';
/** What the instruction asserts; `call` sets fp = ap + 2, `ret` sets fp = dst. */
export type Opcode = 'nop' | 'call' | 'ret' | 'assertEq';
/** Instruction family: `stone` the original Cairo machine, the others of Stwo. */
export type OpcodeExtension = 'stone' | 'blake' | 'blakeFinalize' | 'qm31';

/** One decoded instruction word; offsets in [−2^15, 2^15). */
export interface Instruction {
  offDst: number;
  offOp0: number;
  offOp1: number;
  dstRegister: Register;
  op0Register: Register;
  op1Source: Op1Source;
  res: ResLogic;
  pcUpdate: PcUpdate;
  apUpdate: ApUpdate;
  opcode: Opcode;
  extension: OpcodeExtension;
}

const FIRST_FLAG_BIT = 48n;
const FIRST_EXTENSION_BIT = 63n;

/** Position of each flag field above bit 48, its width and the meaning of its values. */
const FLAGS = {
  dstRegister: { bit: 0, width: 1, values: { 0: 'AP', 1: 'FP' } },
  op0Register: { bit: 1, width: 1, values: { 0: 'AP', 1: 'FP' } },
  op1Source: { bit: 2, width: 3, values: { 0: 'op0', 1: 'imm', 2: 'fp', 4: 'ap' } },
  res: { bit: 5, width: 2, values: { 0: 'op1', 1: 'add', 2: 'mul' } },
  pcUpdate: { bit: 7, width: 3, values: { 0: 'regular', 1: 'jump', 2: 'jumpRel', 4: 'jnz' } },
  apUpdate: { bit: 10, width: 2, values: { 0: 'regular', 1: 'add', 2: 'add1' } },
  opcode: { bit: 12, width: 3, values: { 0: 'nop', 1: 'call', 2: 'ret', 4: 'assertEq' } },
} as const satisfies Record<string, { bit: number; width: number; values: Record<number, string> }>;

const EXTENSIONS: readonly OpcodeExtension[] = ['stone', 'blake', 'blakeFinalize', 'qm31'];

type FlagName = keyof typeof FLAGS;
type FlagValue<N extends FlagName> = (typeof FLAGS)[N]['values'][keyof (typeof FLAGS)[N]['values']];

/** Words an instruction takes: 2 with an immediate, else 1. */
export function instructionSize(instruction: Pick<Instruction, 'op1Source'>): 1 | 2 {
  return instruction.op1Source === 'imm' ? 2 : 1;
}

/**
 * The instruction a word spells.
 * @throws CairnError `INVALID_INSTRUCTION` when a flag field or a combination is outside the machine.
 * @see Cairo whitepaper, section 4.4; opcode extensions from bit 63
 */
export function decodeInstruction(word: bigint): Instruction {
  const low = Number(word & 0xffffffffn);
  const flags = Number((word >> FIRST_FLAG_BIT) & 0x7fffn);
  const extension = EXTENSIONS[Number(word >> FIRST_EXTENSION_BIT)];
  if (word < 0n || extension === undefined) throw invalid(word, 'opcode extension');
  const pcUpdate = flag('pcUpdate', flags, word);
  const res = flag('res', flags, word);
  const opcode = flag('opcode', flags, word);
  const apUpdate = flag('apUpdate', flags, word);
  if (pcUpdate === 'jnz' && res !== 'op1') throw invalid(word, 'res of jnz');
  if (opcode === 'call' && apUpdate !== 'regular') throw invalid(word, 'apUpdate of call');
  const instruction: Instruction = {
    offDst: (low & 0xffff) - 0x8000,
    offOp0: (low >>> 16) - 0x8000,
    offOp1: Number((word >> 32n) & 0xffffn) - 0x8000,
    dstRegister: flag('dstRegister', flags, word),
    op0Register: flag('op0Register', flags, word),
    op1Source: flag('op1Source', flags, word),
    res: pcUpdate === 'jnz' ? 'unconstrained' : res,
    pcUpdate,
    apUpdate: opcode === 'call' ? 'add2' : apUpdate,
    opcode,
    extension,
  };
  checkCombination(instruction, word);
  return instruction;
}

/**
 * The word that {@link decodeInstruction} reads as `instruction`.
 * @throws CairnError `INVALID_INSTRUCTION` when no word means it.
 */
export function encodeInstruction(instruction: Instruction): bigint {
  const { opcode, pcUpdate, res, apUpdate } = instruction;
  const offsets = [instruction.offDst, instruction.offOp0, instruction.offOp1];
  if (offsets.some((x) => !Number.isInteger(x) || x < -0x8000 || x > 0x7fff))
    throw invalid(instruction, 'offset');
  if ((res === 'unconstrained') !== (pcUpdate === 'jnz')) throw invalid(instruction, 'res of jnz');
  if ((apUpdate === 'add2') !== (opcode === 'call')) throw invalid(instruction, 'apUpdate of call');
  checkCombination(instruction, instruction);
  const flags =
    flagBits('dstRegister', instruction.dstRegister) |
    flagBits('op0Register', instruction.op0Register) |
    flagBits('op1Source', instruction.op1Source) |
    (res === 'unconstrained' ? 0 : flagBits('res', res)) |
    flagBits('pcUpdate', pcUpdate) |
    (apUpdate === 'add2' ? 0 : flagBits('apUpdate', apUpdate)) |
    flagBits('opcode', opcode);
  const [dst, op0, op1] = offsets.map((x) => BigInt(x + 0x8000)) as [bigint, bigint, bigint];
  return (
    dst |
    (op0 << 16n) |
    (op1 << 32n) |
    (BigInt(flags) << FIRST_FLAG_BIT) |
    (BigInt(EXTENSIONS.indexOf(instruction.extension)) << FIRST_EXTENSION_BIT)
  );
}

/** Call, ret and the extensions exist only with fixed flags and offsets. */
function checkCombination(i: Instruction, source: unknown): void {
  if (i.opcode === 'call') {
    const fixed = i.offDst === 0 && i.offOp0 === 1 && i.dstRegister === 'AP' && i.op0Register === 'AP';
    if (!fixed) throw invalid(source, 'operands of call');
  }
  if (i.opcode === 'ret') {
    const fixed =
      i.offDst === -2 &&
      i.offOp1 === -1 &&
      i.dstRegister === 'FP' &&
      i.op1Source === 'fp' &&
      i.res === 'op1' &&
      i.pcUpdate === 'jump';
    if (!fixed) throw invalid(source, 'operands of ret');
  }
  if (i.extension === 'stone') return;
  const advances = i.pcUpdate === 'regular' && (i.apUpdate === 'regular' || i.apUpdate === 'add1');
  const fits =
    i.extension === 'qm31'
      ? i.opcode === 'assertEq' && (i.res === 'add' || i.res === 'mul') && i.op1Source !== 'op0'
      : i.opcode === 'nop' && i.res === 'op1' && (i.op1Source === 'fp' || i.op1Source === 'ap');
  if (!advances || !fits) throw invalid(source, `flags of ${i.extension}`);
}

function flag<N extends FlagName>(name: N, flags: number, word: bigint): FlagValue<N> {
  const { bit, width, values } = FLAGS[name];
  const value = (values as Record<number, string>)[(flags >> bit) & ((1 << width) - 1)];
  if (value === undefined) throw invalid(word, name);
  return value as FlagValue<N>;
}

function flagBits<N extends FlagName>(name: N, value: FlagValue<N>): number {
  const { bit, values } = FLAGS[name];
  for (const [bits, meaning] of Object.entries(values)) if (meaning === value) return Number(bits) << bit;
  throw invalid(value, name);
}

function invalid(source: unknown, part: string): CairnError<CasmErrorCode> {
  const text = typeof source === 'bigint' ? `0x${source.toString(16)}` : JSON.stringify(source);
  return new CairnError(
    'INVALID_INSTRUCTION',
    `invalid instruction: ${part} of ${text} is outside the machine`,
  );
}
