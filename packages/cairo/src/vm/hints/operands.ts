import { CairnError, type Felt, feltMod } from '@cairn/primitives';
import { type CellRef, parseHexInteger, type ResOperand } from '../../casm/hint.ts';
import type { VmErrorCode } from '../../errors.ts';
import type { Machine } from '../machine.ts';
import { expectedPointer } from '../memory.ts';
import { EXECUTION_SEGMENT, isFelt, isPointer, OFFSET_BOUND, pointerWord, type Word } from '../word.ts';

/** Reads something from the machine's current state. */
export type Reader = (machine: Machine) => Word;

/** Gives the word of a constant; the program's list of big felts takes those that are no small words. */
export type Literal = (value: Felt) => Word;

/** Address of `[register + offset]`. */
export function cellAddress(cell: CellRef): Reader {
  const { offset } = cell;
  return cell.register === 'AP' ? (m) => stackCell(m.ap + offset) : (m) => stackCell(m.fp + offset);
}

function stackCell(at: number): Word {
  if (at < 0 || at >= OFFSET_BOUND)
    throw new CairnError<VmErrorCode>('POINTER_ARITHMETIC', `hint cell outside the execution segment: ${at}`);
  return pointerWord(EXECUTION_SEGMENT, at);
}

/** Value of an operand: felt or pointer. Readers throw `UNKNOWN_CELL` and arithmetic errors. */
export function valueReader(operand: ResOperand, literal: Literal): Reader {
  if ('Deref' in operand) return cellReader(operand.Deref);
  if ('Immediate' in operand) return constantReader(operand.Immediate, literal);
  if ('DoubleDeref' in operand) {
    const pointer = pointerReader(operand.DoubleDeref[0]);
    const offset = operand.DoubleDeref[1];
    return (m) => m.memory.readKnown(m.memory.add(pointer(m), offset));
  }
  const { op, a, b } = operand.BinOp;
  const left = cellReader(a);
  const right = 'Deref' in b ? feltOnly(cellReader(b.Deref)) : constantReader(b.Immediate, literal);
  return op === 'Add' ? (m) => m.memory.add(left(m), right(m)) : (m) => m.memory.multiply(left(m), right(m));
}

/** Value of an operand that must be a felt. Readers throw `EXPECTED_FELT` for a pointer. */
export function feltReader(operand: ResOperand, literal: Literal): Reader {
  return 'Immediate' in operand ? valueReader(operand, literal) : feltOnly(valueReader(operand, literal));
}

/** {@link feltReader} as a bigint. */
export function bigReader(operand: ResOperand, literal: Literal): (machine: Machine) => bigint {
  const read = valueReader(operand, literal);
  return (m) => m.memory.toFelt(read(m));
}

/** Address that an operand of the form cell or cell + constant holds. @throws CairnError `INVALID_HINT` for other forms. */
export function addressReader(operand: ResOperand, literal: Literal): Reader {
  if ('Deref' in operand) return pointerReader(operand.Deref);
  if ('BinOp' in operand && operand.BinOp.op === 'Add' && 'Immediate' in operand.BinOp.b) {
    const pointer = pointerReader(operand.BinOp.a);
    const offset = constantReader(operand.BinOp.b.Immediate, literal);
    return (m) => m.memory.add(pointer(m), offset(m));
  }
  throw new CairnError('INVALID_HINT', 'a hint needs an address: expected a cell or a cell plus a constant');
}

function cellReader(cell: CellRef): Reader {
  const address = cellAddress(cell);
  return (m) => m.memory.readKnown(address(m));
}

function pointerReader(cell: CellRef): Reader {
  const read = cellReader(cell);
  return (m) => {
    const word = read(m);
    if (!isPointer(word)) throw expectedPointer(m.memory, word);
    return word;
  };
}

function constantReader(text: string, literal: Literal): Reader {
  const word = literal(feltMod(parseHexInteger(text)));
  return () => word;
}

function feltOnly(read: Reader): Reader {
  return (m) => {
    const word = read(m);
    if (isFelt(word)) return word;
    throw new CairnError<VmErrorCode>('EXPECTED_FELT', `expected a felt: got ${m.memory.show(word)}`);
  };
}
