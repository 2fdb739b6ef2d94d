import { type HintContext, offsetBy, type Relocatable, type VmValue } from '@cairn/cairo';
import { BLS_ORDER } from '../output/evaluate.ts';
import { digitsOf, fromDigits } from './integers.ts';
import type { LibraryHint } from './libraryHint.ts';
import type { OsRun } from './osRun.ts';

/** As in `evaluation.cairo`. */
const GROUP_LENGTH = 16;
const NUMBER_WORDS = 4;
const GROUP_HEAD_WORDS = 2 * NUMBER_WORDS;
const STEP_WORDS = 3 * NUMBER_WORDS;
const OPERANDS = 3;
const MIDDLE_LOW = (1n << 32n) - 1n;

/** Hints of `evaluation.cairo`. */
export function evaluationHints(run: OsRun): Readonly<Record<string, LibraryHint>> {
  return {
    'cairn.os.chunk_count': () => run.input.data.commitments.length,
    'cairn.os.commitments': (h) => h.memory.allocate(run.input.data.commitments.flat()),
    'cairn.os.write_point': (h) => h.writeAll(h.pointer('z_words'), wordsOf(h.felt('z'))),
    'cairn.os.group_count': (h) => Math.ceil(h.count('length') / GROUP_LENGTH),
    'cairn.os.evaluate_chunk': writeGroups,
    'cairn.os.split_middle': (h) => {
      const middle = h.felt('sum.d1');
      h.writeAll(h.pointer('range_check_ptr'), [middle & MIDDLE_LOW, middle >> 32n]);
    },
  };
}

function wordsOf(value: bigint): bigint[] {
  return digitsOf(value, 96, NUMBER_WORDS);
}

/** Writes the numbers of all circuits of a chunk, and the instances of the builtins behind the first of each. */
function writeGroups(h: HintContext): void {
  const [data, length] = [h.pointer('data'), h.count('length')];
  const z = fromDigits(h.readAll(h.pointer('z'), NUMBER_WORDS) as bigint[], 96);
  const coefficients = h.memory.readFelts(data, length).reverse();
  const groupCount = Math.ceil(length / GROUP_LENGTH);
  const steps = [...new Array<bigint>(groupCount * GROUP_LENGTH - length).fill(0n), ...coefficients];
  let group = h.pointer('range_check96_ptr');
  let sum = 0n;
  for (let i = 0; i < groupCount; i++) {
    const numbers: bigint[] = [];
    for (const coefficient of steps.slice(i * GROUP_LENGTH, (i + 1) * GROUP_LENGTH)) {
      const product = (sum * z) % BLS_ORDER;
      sum = (product + coefficient) % BLS_ORDER;
      numbers.push(coefficient, product, sum);
    }
    h.writeAll(offsetBy(group, GROUP_HEAD_WORDS), numbers.flatMap(wordsOf));
    for (const [builtin, offsets] of [
      ['mul_mod_ptr', 'mul_offsets'],
      ['add_mod_ptr', 'add_offsets'],
    ] as const)
      writeInstances(h, h.pointer(builtin), i, group, h.pointer(offsets));
    group = offsetBy(group, GROUP_HEAD_WORDS + GROUP_LENGTH * STEP_WORDS);
  }
}

/** The instances that the first one of a group announces. */
function writeInstances(
  h: HintContext,
  first: Relocatable,
  groupIndex: number,
  values: Relocatable,
  offsets: Relocatable,
): void {
  const cells: VmValue[] = [];
  for (let i = 1; i < GROUP_LENGTH; i++)
    cells.push(...wordsOf(BLS_ORDER), values, offsetBy(offsets, OPERANDS * i), BigInt(GROUP_LENGTH - i));
  const instanceCells = cells.length / (GROUP_LENGTH - 1);
  h.writeAll(offsetBy(first, instanceCells * (groupIndex * GROUP_LENGTH + 1)), cells);
}
