import { CairnError } from '@cairn/primitives';
import type { CasmErrorCode } from '../errors.ts';

/** A register that cells are addressed from. */
export type Register = 'AP' | 'FP';

/** The cell `[register + offset]`, offset in [−2^15, 2^15). */
export interface CellRef {
  register: Register;
  offset: number;
}

/** An integer as the CASM JSON spells it: lower-case `0x` hex, `-0x…` when negative. */
export type HexInteger = string;

/** Right side of a sum or product: a cell or a constant. */
export type DerefOrImmediate = { Deref: CellRef } | { Immediate: HexInteger };

/** Input of a hint: a cell, a cell behind a pointer cell plus offset, a constant, or cell `op` (cell | constant). */
export type ResOperand =
  | { Deref: CellRef }
  | { DoubleDeref: [CellRef, number] }
  | { Immediate: HexInteger }
  | { BinOp: { op: 'Add' | 'Mul'; a: CellRef; b: DerefOrImmediate } };

/** What a hint's field holds: `cell` an output cell, `operand` an input, `integer` a constant. */
export type HintFieldKind = 'cell' | 'operand' | 'integer';

/**
 * Every hint of compiled classes with its fields in the order of the file format: 30 core, 7 deprecated,
 * 2 of Starknet, 4 external (of wrappers around executables).
 *
 * @see cairo-lang-casm 2.20, hints
 */
export const HINT_FIELDS = {
  AllocSegment: { dst: 'cell' },
  TestLessThan: { lhs: 'operand', rhs: 'operand', dst: 'cell' },
  TestLessThanOrEqual: { lhs: 'operand', rhs: 'operand', dst: 'cell' },
  TestLessThanOrEqualAddress: { lhs: 'operand', rhs: 'operand', dst: 'cell' },
  WideMul128: { lhs: 'operand', rhs: 'operand', high: 'cell', low: 'cell' },
  DivMod: { lhs: 'operand', rhs: 'operand', quotient: 'cell', remainder: 'cell' },
  Uint256DivMod: {
    dividend0: 'operand',
    dividend1: 'operand',
    divisor0: 'operand',
    divisor1: 'operand',
    quotient0: 'cell',
    quotient1: 'cell',
    remainder0: 'cell',
    remainder1: 'cell',
  },
  Uint512DivModByUint256: {
    dividend0: 'operand',
    dividend1: 'operand',
    dividend2: 'operand',
    dividend3: 'operand',
    divisor0: 'operand',
    divisor1: 'operand',
    quotient0: 'cell',
    quotient1: 'cell',
    quotient2: 'cell',
    quotient3: 'cell',
    remainder0: 'cell',
    remainder1: 'cell',
  },
  SquareRoot: { value: 'operand', dst: 'cell' },
  Uint256SquareRoot: {
    value_low: 'operand',
    value_high: 'operand',
    sqrt0: 'cell',
    sqrt1: 'cell',
    remainder_low: 'cell',
    remainder_high: 'cell',
    sqrt_mul_2_minus_remainder_ge_u128: 'cell',
  },
  LinearSplit: { value: 'operand', scalar: 'operand', max_x: 'operand', x: 'cell', y: 'cell' },
  AllocFelt252Dict: { segment_arena_ptr: 'operand' },
  Felt252DictEntryInit: { dict_ptr: 'operand', key: 'operand' },
  Felt252DictEntryUpdate: { dict_ptr: 'operand', value: 'operand' },
  GetSegmentArenaIndex: { dict_end_ptr: 'operand', dict_index: 'cell' },
  InitSquashData: {
    dict_accesses: 'operand',
    ptr_diff: 'operand',
    n_accesses: 'operand',
    big_keys: 'cell',
    first_key: 'cell',
  },
  GetCurrentAccessIndex: { range_check_ptr: 'operand' },
  ShouldSkipSquashLoop: { should_skip_loop: 'cell' },
  GetCurrentAccessDelta: { index_delta_minus1: 'cell' },
  ShouldContinueSquashLoop: { should_continue: 'cell' },
  GetNextDictKey: { next_key: 'cell' },
  AssertLeFindSmallArcs: { range_check_ptr: 'operand', a: 'operand', b: 'operand' },
  AssertLeIsFirstArcExcluded: { skip_exclude_a_flag: 'cell' },
  AssertLeIsSecondArcExcluded: { skip_exclude_b_minus_a: 'cell' },
  RandomEcPoint: { x: 'cell', y: 'cell' },
  FieldSqrt: { val: 'operand', sqrt: 'cell' },
  DebugPrint: { start: 'operand', end: 'operand' },
  AllocConstantSize: { size: 'operand', dst: 'cell' },
  U256InvModN: {
    b0: 'operand',
    b1: 'operand',
    n0: 'operand',
    n1: 'operand',
    g0_or_no_inv: 'cell',
    g1_option: 'cell',
    s_or_r0: 'cell',
    s_or_r1: 'cell',
    t_or_k0: 'cell',
    t_or_k1: 'cell',
  },
  EvalCircuit: {
    n_add_mods: 'operand',
    add_mod_builtin: 'operand',
    n_mul_mods: 'operand',
    mul_mod_builtin: 'operand',
  },
  AssertCurrentAccessIndicesIsEmpty: {},
  AssertAllAccessesUsed: { n_used_accesses: 'cell' },
  AssertAllKeysUsed: {},
  AssertLeAssertThirdArcExcluded: {},
  AssertLtAssertValidInput: { a: 'operand', b: 'operand' },
  Felt252DictRead: { dict_ptr: 'operand', key: 'operand', value_dst: 'cell' },
  Felt252DictWrite: { dict_ptr: 'operand', key: 'operand', value: 'operand' },
  SystemCall: { system: 'operand' },
  Cheatcode: {
    selector: 'integer',
    input_start: 'operand',
    input_end: 'operand',
    output_start: 'cell',
    output_end: 'cell',
  },
  AddRelocationRule: { src: 'operand', dst: 'operand' },
  WriteRunParam: { index: 'operand', dst: 'cell' },
  AddMarker: { start: 'operand', end: 'operand' },
  AddTrace: { flag: 'operand' },
} as const satisfies Record<string, Record<string, HintFieldKind>>;

/** Name of a hint. */
export type HintName = keyof typeof HINT_FIELDS;

type FieldValue<K> = K extends 'cell' ? CellRef : K extends 'operand' ? ResOperand : HexInteger;

/** Operands of the hint `N`. */
export type HintOperands<N extends HintName> = {
  [F in keyof (typeof HINT_FIELDS)[N]]: FieldValue<(typeof HINT_FIELDS)[N][F]>;
};

/** A hint as the CASM JSON spells it: `{Name: operands}`, or the bare name when it has no operands. */
export type CasmHint = {
  [N in HintName]: keyof (typeof HINT_FIELDS)[N] extends never ? N : { [K in N]: HintOperands<N> };
}[HintName];

/** The hint's name. */
export function hintName(hint: CasmHint): HintName {
  return typeof hint === 'string' ? hint : (Object.keys(hint)[0] as HintName);
}

/**
 * One hint from CASM JSON, rebuilt field by field in the order of {@link HINT_FIELDS}.
 * @throws CairnError `INVALID_HINT` for an unknown name, a missing or malformed operand.
 */
export function parseHint(json: unknown): CasmHint {
  if (typeof json === 'string') {
    const fields = fieldsOf(json);
    if (!fields || Object.keys(fields).length !== 0)
      throw invalid('hint', json, 'a hint name without operands');
    return json as CasmHint;
  }
  const names = Object.keys(object(json, 'hint'));
  const name = names[0];
  const fields = name === undefined ? undefined : fieldsOf(name);
  if (names.length !== 1 || name === undefined || !fields) throw invalid('hint', json, 'one known hint name');
  const body = object((json as Record<string, unknown>)[name], name);
  const operands: Record<string, unknown> = {};
  for (const [field, kind] of Object.entries(fields)) {
    const where = `${name}.${field}`;
    operands[field] =
      kind === 'cell'
        ? parseCell(body[field], where)
        : kind === 'operand'
          ? parseOperand(body[field], where)
          : hexInteger(body[field], where);
  }
  return { [name]: operands } as CasmHint;
}

/** Value of a {@link HexInteger}; may be negative or above the prime. @throws CairnError `INVALID_HINT`. */
export function parseHexInteger(text: HexInteger): bigint {
  const value = hexInteger(text, 'integer');
  return value.startsWith('-') ? -BigInt(value.slice(1)) : BigInt(value);
}

/** `value` as a {@link HexInteger}. */
export function formatHexInteger(value: bigint): HexInteger {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

function fieldsOf(name: string): Record<string, HintFieldKind> | undefined {
  return Object.hasOwn(HINT_FIELDS, name) ? HINT_FIELDS[name as HintName] : undefined;
}

function parseOperand(json: unknown, where: string): ResOperand {
  const operand = object(json, where);
  if ('Deref' in operand) return { Deref: parseCell(operand.Deref, where) };
  if ('Immediate' in operand) return { Immediate: hexInteger(operand.Immediate, where) };
  if ('DoubleDeref' in operand) {
    const pair = operand.DoubleDeref;
    if (!Array.isArray(pair) || pair.length !== 2) throw invalid(where, json, 'a cell and an offset');
    return { DoubleDeref: [parseCell(pair[0], where), offset(pair[1], where)] };
  }
  const { op, a, b } = object(operand.BinOp, where);
  if (op !== 'Add' && op !== 'Mul') throw invalid(where, json, 'the operation Add or Mul');
  const right = object(b, where);
  return {
    BinOp: {
      op,
      a: parseCell(a, where),
      b:
        'Deref' in right
          ? { Deref: parseCell(right.Deref, where) }
          : { Immediate: hexInteger(right.Immediate, where) },
    },
  };
}

function parseCell(json: unknown, where: string): CellRef {
  const cell = object(json, where);
  if (cell.register !== 'AP' && cell.register !== 'FP') throw invalid(where, json, 'register AP or FP');
  return { register: cell.register, offset: offset(cell.offset, where) };
}

function offset(json: unknown, where: string): number {
  if (!Number.isInteger(json) || (json as number) < -0x8000 || (json as number) > 0x7fff)
    throw invalid(where, json, 'an offset of 16 bits');
  return json as number;
}

function hexInteger(json: unknown, where: string): HexInteger {
  if (typeof json !== 'string' || !/^-?0x[0-9a-fA-F]+$/.test(json))
    throw invalid(where, json, 'a 0x integer');
  return json;
}

function object(json: unknown, where: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalid(where, json, 'an object');
  return json as Record<string, unknown>;
}

function invalid(where: string, got: unknown, expected: string): CairnError<CasmErrorCode> {
  const text = JSON.stringify(got)?.slice(0, 80);
  return new CairnError('INVALID_HINT', `invalid hint at ${where}: got ${text}, expected ${expected}`);
}
