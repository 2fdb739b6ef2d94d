import { feltMod } from '@cairn/primitives';
import { type CasmHint, hintName, parseHexInteger, type ResOperand } from '../../casm/hint.ts';
import type { PreparedProgram } from '../preparedProgram.ts';
import { isBig, POINTER_BASE } from '../word.ts';
import { type CellViews, storeBig, storeSmall } from './cellWords.ts';
import { CELL_BYTES, HINT, HINT_LIST, HINTED_FLAG, OPERAND, RECORD, RECORD_BYTES } from './layout.ts';

/** Where a program lies in a core: its cells, one free cell behind them, and the records of its words. */
export interface ProgramImage {
  cells: number;
  records: number;
}

/** The hints the core runs: number, operand fields, target fields. */
const CORE_HINTS: Partial<Record<string, { number: number; operands: string[]; targets: string[] }>> = {
  AllocSegment: { number: 0, operands: [], targets: ['dst'] },
  TestLessThan: { number: 1, operands: ['lhs', 'rhs'], targets: ['dst'] },
  TestLessThanOrEqual: { number: 2, operands: ['lhs', 'rhs'], targets: ['dst'] },
  TestLessThanOrEqualAddress: { number: 2, operands: ['lhs', 'rhs'], targets: ['dst'] },
  DivMod: { number: 3, operands: ['lhs', 'rhs'], targets: ['quotient', 'remainder'] },
  LinearSplit: { number: 4, operands: ['value', 'scalar', 'max_x'], targets: ['x', 'y'] },
  WideMul128: { number: 5, operands: ['lhs', 'rhs'], targets: ['high', 'low'] },
};
/** Number of a hint that is left to the host. */
const HOST_HINT = 0xffffffff;
const FORM = { cell: 0, doubleDeref: 1, constant: 2, add: 3, multiply: 5 } as const;
const MAX_CONSTANTS = 3;
const ALIGNMENT = CELL_BYTES;

/** Bytes a program takes in a core. */
export function programBytes({ words, casmHints }: PreparedProgram): number {
  let bytes = (words.length + 1) * CELL_BYTES + words.length * RECORD_BYTES + ALIGNMENT;
  for (const [, hints] of casmHints) if (startsInCore(hints)) bytes += listBytes(hints);
  return bytes - (bytes % ALIGNMENT);
}

function listBytes(hints: readonly CasmHint[]): number {
  const bytes = HINT_LIST.first + hints.length * (HINT_LIST.hintBytes + MAX_CONSTANTS * CELL_BYTES);
  return bytes + ALIGNMENT - (bytes % ALIGNMENT);
}

function startsInCore(hints: readonly CasmHint[]): boolean {
  return hints[0] !== undefined && CORE_HINTS[hintName(hints[0])] !== undefined;
}

/** Writes a program to zeroed memory. */
export function writeProgram(views: CellViews, program: PreparedProgram, address: number): ProgramImage {
  const { words, bigs } = program;
  const { words32 } = views;
  for (let i = 0; i < words.length; i++) {
    const at = (address + i * CELL_BYTES) >> 2;
    const word = words[i]!;
    if (isBig(word)) storeBig(views, at, bigs[-word - POINTER_BASE]!, 0);
    else storeSmall(words32, at, word, 0);
  }
  const records = address + (words.length + 1) * CELL_BYTES;
  let free = records + words.length * RECORD_BYTES;
  free += ALIGNMENT - (free % ALIGNMENT);
  for (const offset of program.code.hints.keys()) {
    if (program.code.hints[offset] === undefined || offset >= words.length) continue;
    const record = (records + offset * RECORD_BYTES) >> 2;
    words32[record + (RECORD.head >> 2)] = HINTED_FLAG;
  }
  for (const [offset, hints] of program.casmHints) {
    if (offset >= words.length || !startsInCore(hints)) continue;
    words32[(records + offset * RECORD_BYTES + RECORD.hints) >> 2] = free;
    writeHints(views, hints, free);
    free += listBytes(hints);
  }
  return { cells: address, records };
}

function writeHints(views: CellViews, hints: readonly CasmHint[], list: number): void {
  const { words32 } = views;
  words32[(list + HINT_LIST.count) >> 2] = hints.length;
  let constant = list + HINT_LIST.first + hints.length * HINT_LIST.hintBytes;
  for (const [i, hint] of hints.entries()) {
    const at = list + HINT_LIST.first + i * HINT_LIST.hintBytes;
    const form = CORE_HINTS[hintName(hint)];
    words32[at >> 2] = form?.number ?? HOST_HINT;
    if (form === undefined) continue;
    const fields = (hint as unknown as Record<string, Record<string, unknown>>)[hintName(hint)]!;
    for (const [j, name] of form.operands.entries()) {
      writeOperand(views, fields[name] as ResOperand, at + HINT.operands + j * HINT.operandBytes, constant);
      constant += CELL_BYTES;
    }
    for (const [j, name] of form.targets.entries())
      writeCell(words32, fields[name] as Cell, at + HINT.targets + j * HINT.targetBytes);
  }
}

type Cell = Extract<ResOperand, { Deref: unknown }>['Deref'];

function writeCell(words32: Uint32Array, { register, offset }: Cell, address: number): void {
  words32[address >> 2] = register === 'FP' ? 1 : 0;
  words32[(address + 4) >> 2] = offset;
}

function writeOperand(views: CellViews, operand: ResOperand, address: number, constant: number): void {
  const { words32 } = views;
  const setForm = (form: number) => {
    words32[(address + OPERAND.form) >> 2] = form;
  };
  const setConstant = (text: string) => {
    words32[(address + OPERAND.constant) >> 2] = constant;
    storeBig(views, constant >> 2, feltMod(parseHexInteger(text)), 0);
  };
  if ('Deref' in operand) {
    setForm(FORM.cell);
    writeCell(words32, operand.Deref, address + OPERAND.register);
  } else if ('DoubleDeref' in operand) {
    setForm(FORM.doubleDeref);
    writeCell(words32, operand.DoubleDeref[0], address + OPERAND.register);
    words32[(address + OPERAND.secondRegister) >> 2] = operand.DoubleDeref[1];
  } else if ('Immediate' in operand) {
    setForm(FORM.constant);
    setConstant(operand.Immediate);
  } else {
    const { op, a, b } = operand.BinOp;
    const form = op === 'Add' ? FORM.add : FORM.multiply;
    writeCell(words32, a, address + OPERAND.register);
    if ('Deref' in b) {
      setForm(form);
      writeCell(words32, b.Deref, address + OPERAND.secondRegister);
    } else {
      setForm(form + 1);
      setConstant(b.Immediate);
    }
  }
}
