import { apCell, type BinOp, type CellExpression, fpCell, type Immediate } from './cellExpression.ts';
import type { CasmHint, CellRef } from './hint.ts';

/** Right side of an assertion: a cell, a double dereference, a constant, a sum or a product. */
export type AssertOperand = Exclude<CellExpression, BinOp> | (BinOp & { readonly op: '+' | '*' });

/** What an instruction does; jump targets are relative to the instruction, in words. */
export type InstructionBody =
  | { readonly kind: 'assertEq' | 'qm31AssertEq'; readonly dst: CellRef; readonly res: AssertOperand }
  | { readonly kind: 'addAp'; readonly amount: number }
  | { readonly kind: 'call' | 'jump'; target: number }
  | { readonly kind: 'jumpBy'; readonly cell: CellRef }
  | { readonly kind: 'jnz'; readonly condition: CellRef; target: number }
  | { readonly kind: 'ret' }
  | {
      readonly kind: 'blake2s';
      readonly state: CellRef;
      readonly byteCount: CellRef;
      readonly message: CellRef;
      readonly finalize: boolean;
    };

/** One CASM instruction with the hints that run before it. `incAp` is the `ap++` suffix. */
export interface CasmInstruction {
  body: InstructionBody;
  incAp: boolean;
  hints: readonly CasmHint[];
}

const NO_HINTS: readonly CasmHint[] = [];

/** An instruction without hints. */
export function instruction(body: InstructionBody, incAp = false): CasmInstruction {
  return { body, incAp, hints: NO_HINTS };
}

/** `call rel target` with the target to be relocated. */
export function callInstruction(): CasmInstruction {
  return instruction({ kind: 'call', target: 0 });
}

/** `[ap] = [ap - depth] + value, ap++`. */
export function pushSum(depth: number, value: number): CasmInstruction {
  const b: Immediate = { kind: 'immediate', value: BigInt(value) };
  return instruction(
    { kind: 'assertEq', dst: apCell(0), res: { kind: 'binOp', op: '+', a: apCell(-depth), b } },
    true,
  );
}

/** Words the instruction takes: 2 when it carries a constant, else 1. */
export function wordCount({ body }: CasmInstruction): 1 | 2 {
  switch (body.kind) {
    case 'assertEq':
    case 'qm31AssertEq':
      return body.res.kind === 'immediate' || (body.res.kind === 'binOp' && body.res.b.kind === 'immediate')
        ? 2
        : 1;
    case 'addAp':
    case 'call':
    case 'jump':
    case 'jnz':
      return 2;
    default:
      return 1;
  }
}

/**
 * The assertion that `dst` equals `value`. Differences and quotients are turned around:
 * `dst = a - b` is written `a = dst + b`.
 */
export function assertEqual(dst: CellRef, value: CellExpression, incAp: boolean): CasmInstruction {
  if (value.kind !== 'binOp') return instruction({ kind: 'assertEq', dst, res: value }, incAp);
  return instruction({ kind: 'assertEq', ...turnAround(dst, value) }, incAp);
}

/** `dst = expression` rewritten so that only sums and products remain. */
export function turnAround(
  dst: CellRef,
  { op, a, b }: BinOp,
): { dst: CellRef; res: BinOp & { op: '+' | '*' } } {
  if (op === '+' || op === '*') return { dst, res: { kind: 'binOp', op, a, b } };
  return { dst: a, res: { kind: 'binOp', op: op === '-' ? '+' : '*', a: dst, b } };
}

/** An assertion that no memory satisfies. */
export function failInstruction(): CasmInstruction {
  const cell = fpCell(-1);
  return instruction({
    kind: 'assertEq',
    dst: cell,
    res: { kind: 'binOp', op: '+', a: cell, b: { kind: 'immediate', value: 1n } },
  });
}
