import { feltMod, invariant } from '@cairn/primitives';
import type { AssertOperand, CasmInstruction } from './casmInstruction.ts';
import { isOffset } from './cellExpression.ts';
import type { Register } from './hint.ts';
import { encodeInstruction, type Instruction } from './instruction.ts';

/** Everything of an instruction word except its three offsets. */
type Shape = Omit<Instruction, 'offDst' | 'offOp0' | 'offOp1'>;

const shapeWords = new Map<string, bigint>();

/** The flag bits of a shape; offsets are added by the caller. */
function shapeWord(shape: Shape): bigint {
  const key = `${shape.dstRegister}${shape.op0Register}${shape.op1Source}${shape.res}${shape.pcUpdate}${shape.apUpdate}${shape.opcode}${shape.extension}`;
  let word = shapeWords.get(key);
  if (word === undefined) {
    // Biased by 2^15, the offset -2^15 is spelled by zero bits.
    word = encodeInstruction({ ...shape, offDst: -0x8000, offOp0: -0x8000, offOp1: -0x8000 });
    shapeWords.set(key, word);
  }
  return word;
}

function withOffsets(word: bigint, dst: number, op0: number, op1: number): bigint {
  invariant(isOffset(dst) && isOffset(op0) && isOffset(op1), `offset beyond 16 bits: ${dst} ${op0} ${op1}`);
  return word + BigInt(dst + 0x8000 + (op0 + 0x8000) * 0x10000 + (op1 + 0x8000) * 0x100000000);
}

const registerSource = (register: Register) => (register === 'AP' ? 'ap' : 'fp');

const PLAIN = { pcUpdate: 'regular', apUpdate: 'regular', opcode: 'nop', extension: 'stone' } as const;

const CALL_WORD = encodeInstruction({
  ...PLAIN,
  offDst: 0,
  offOp0: 1,
  offOp1: 1,
  dstRegister: 'AP',
  op0Register: 'AP',
  op1Source: 'imm',
  res: 'op1',
  pcUpdate: 'jumpRel',
  apUpdate: 'add2',
  opcode: 'call',
});

/** The word of `ret`. */
export const RET_WORD = encodeInstruction({
  ...PLAIN,
  offDst: -2,
  offOp0: -1,
  offOp1: -1,
  dstRegister: 'FP',
  op0Register: 'FP',
  op1Source: 'fp',
  res: 'op1',
  pcUpdate: 'jump',
  opcode: 'ret',
});

/** Appends the words of one instruction: the instruction word and its constant, if any, as a felt. */
export function assembleInstruction({ body, incAp }: CasmInstruction, words: bigint[]): void {
  const apUpdate = incAp ? 'add1' : 'regular';
  switch (body.kind) {
    case 'assertEq':
    case 'qm31AssertEq':
      assembleAssert(body.dst.register, body.dst.offset, body.res, apUpdate, body.kind, words);
      return;
    case 'addAp': {
      const shape = { ...PLAIN, dstRegister: 'FP', op0Register: 'FP', op1Source: 'imm', res: 'op1' } as const;
      words.push(
        withOffsets(shapeWord({ ...shape, apUpdate: 'add' }), -1, -1, 1),
        feltMod(BigInt(body.amount)),
      );
      return;
    }
    case 'call':
      words.push(CALL_WORD, feltMod(BigInt(body.target)));
      return;
    case 'jump': {
      const shape = { ...PLAIN, dstRegister: 'FP', op0Register: 'FP', op1Source: 'imm', res: 'op1' } as const;
      const word = shapeWord({ ...shape, pcUpdate: 'jumpRel', apUpdate });
      words.push(withOffsets(word, -1, -1, 1), feltMod(BigInt(body.target)));
      return;
    }
    case 'jumpBy': {
      const op1Source = registerSource(body.cell.register);
      const shape = { ...PLAIN, dstRegister: 'FP', op0Register: 'FP', op1Source, res: 'op1' } as const;
      const word = shapeWord({ ...shape, pcUpdate: 'jumpRel', apUpdate });
      words.push(withOffsets(word, -1, -1, body.cell.offset));
      return;
    }
    case 'jnz': {
      const word = shapeWord({
        ...PLAIN,
        dstRegister: body.condition.register,
        op0Register: 'FP',
        op1Source: 'imm',
        res: 'unconstrained',
        pcUpdate: 'jnz',
        apUpdate,
      });
      words.push(withOffsets(word, body.condition.offset, -1, 1), feltMod(BigInt(body.target)));
      return;
    }
    case 'ret':
      words.push(RET_WORD);
      return;
    case 'blake2s': {
      const word = shapeWord({
        ...PLAIN,
        dstRegister: body.byteCount.register,
        op0Register: body.state.register,
        op1Source: registerSource(body.message.register),
        res: 'op1',
        apUpdate,
        extension: body.finalize ? 'blakeFinalize' : 'blake',
      });
      words.push(withOffsets(word, body.byteCount.offset, body.state.offset, body.message.offset));
      return;
    }
  }
}

function assembleAssert(
  dstRegister: Register,
  dst: number,
  res: AssertOperand,
  apUpdate: 'add1' | 'regular',
  kind: 'assertEq' | 'qm31AssertEq',
  words: bigint[],
): void {
  const shape = {
    ...PLAIN,
    dstRegister,
    apUpdate,
    opcode: 'assertEq',
    extension: kind === 'assertEq' ? 'stone' : 'qm31',
  } as const;
  switch (res.kind) {
    case 'deref': {
      const { register, offset } = res.cell;
      const word = shapeWord({
        ...shape,
        op0Register: 'FP',
        op1Source: registerSource(register),
        res: 'op1',
      });
      words.push(withOffsets(word, dst, -1, offset));
      return;
    }
    case 'doubleDeref': {
      const word = shapeWord({ ...shape, op0Register: res.cell.register, op1Source: 'op0', res: 'op1' });
      words.push(withOffsets(word, dst, res.cell.offset, res.offset));
      return;
    }
    case 'immediate':
      words.push(
        withOffsets(shapeWord({ ...shape, op0Register: 'FP', op1Source: 'imm', res: 'op1' }), dst, -1, 1),
        feltMod(res.value),
      );
      return;
    case 'binOp': {
      const logic = res.op === '+' ? 'add' : 'mul';
      const op0Register = res.a.register;
      if (res.b.kind === 'immediate') {
        const word = shapeWord({ ...shape, op0Register, op1Source: 'imm', res: logic });
        words.push(withOffsets(word, dst, res.a.offset, 1), feltMod(res.b.value));
      } else {
        const { register, offset } = res.b.cell;
        const word = shapeWord({ ...shape, op0Register, op1Source: registerSource(register), res: logic });
        words.push(withOffsets(word, dst, res.a.offset, offset));
      }
    }
  }
}
