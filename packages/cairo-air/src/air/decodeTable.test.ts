import { decodeInstruction, type Instruction } from '@cairn/cairo';
import { BASE_FIELD, evaluateNodes } from '@cairn/stark';
import { describe, expect, it } from 'vitest';
import { cairoAir } from './cairoAir.ts';
import { FLAG_NAMES, OFFSET_PARTS } from './decodeTable.ts';

const { air } = cairoAir({ modules: [], ranges: 'narrow' });
const table = air.tables.find(({ name }) => name === 'instructions')!;

/** True when the table's constraints take a row with these offsets (biased) and flags. */
function accepts([dst, op0, op1]: readonly [number, number, number], flags: number): boolean {
  const cells = new Map<string, number>();
  const cut = [dst & 511, dst >> 9, op0 & 511, (op0 >> 9) & 3, op0 >> 11, op1 & 511, op1 >> 9];
  OFFSET_PARTS.forEach(({ name }, i) => {
    cells.set(name, cut[i]!);
  });
  FLAG_NAMES.forEach((name, i) => {
    cells.set(name, (flags >> i) & 1);
  });
  const values = evaluateNodes(table.nodes, BASE_FIELD, {
    column: (column) => cells.get(table.columns[column]!.name) ?? 0,
    publicValues: [],
    isFirst: 0,
    isLast: 0,
  });
  return table.constraints.every(({ node }) => values[node] === 0);
}

function decoded([dst, op0, op1]: readonly [number, number, number], flags: number): Instruction | undefined {
  const word = BigInt(dst) | (BigInt(op0) << 16n) | (BigInt(op1) << 32n) | (BigInt(flags) << 48n);
  try {
    return decodeInstruction(word);
  } catch {
    return undefined;
  }
}

const BIAS = 2 ** 15;

describe('the table of instructions', () => {
  it.each([
    ['of call', 0, 1, 1],
    ['of ret', -2, -1, -1],
    ['of others', 5, -6, 7],
  ])('takes all flags that the machine takes, with offsets %s', (_name, dst, op0, op1) => {
    const offsets = [BIAS + dst, BIAS + op0, BIAS + op1] as const;
    let instructions = 0;
    for (let flags = 0; flags < 2 ** 15; flags++) {
      const i = decoded(offsets, flags);
      // No assembler writes these; a jnz with assert_eq can not even be executed.
      const isOdd =
        (i?.apUpdate === 'add' && (i.opcode !== 'nop' || i.pcUpdate === 'jnz')) ||
        (i?.pcUpdate === 'jnz' && i.opcode === 'assertEq');
      const expected = i !== undefined && !isOdd;
      if (accepts(offsets, flags) !== expected) expect.fail(`flags ${flags}: expected ${expected}`);
      if (expected) instructions++;
    }
    expect(instructions).toBeGreaterThan(100);
  });
});
