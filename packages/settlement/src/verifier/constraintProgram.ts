import { invariant } from '@cairn/primitives';
import { type Air, type ProgramOperand, type ProgramOperation, tablePrograms } from '@cairn/stark';
import { FIXED_SLOTS, SLOT } from './callBlock.ts';

const slot = (index: number): ProgramOperand => ({ kind: 'slot', slot: index });

/**
 * The statement's own fractions ±1/d as one fraction: n/d of all so far becomes (n·d' ± d)/(d·d'). The denominator is 0
 * exactly when one of them is.
 */
function publicProgram(air: Air): ProgramOperation[] {
  const [n, d, own, term] = [
    slot(SLOT.publicNumerator),
    slot(SLOT.publicDenominator),
    FIXED_SLOTS,
    FIXED_SLOTS + 1,
  ];
  return air.publicEntries.flatMap((entry): ProgramOperation[] => [
    {
      op: 'sub',
      target: own,
      a: { kind: 'constant', value: air.buses[entry.bus]!.id },
      b: { kind: 'lookupPoint' },
    },
    ...entry.tuple.flatMap((value, i): ProgramOperation[] => {
      const factor: ProgramOperand =
        'constant' in value
          ? { kind: 'constant', value: value.constant }
          : { kind: 'public', index: value.publicCell };
      if (factor.kind === 'constant' && factor.value === 0) return [];
      return [
        { op: 'mul', target: term, a: factor, b: { kind: 'alphaPower', power: i + 1 } },
        { op: 'add', target: own, a: slot(own), b: slot(term) },
      ];
    }),
    { op: 'mul', target: SLOT.publicNumerator, a: n, b: slot(own) },
    { op: entry.kind === 'use' ? 'add' : 'sub', target: SLOT.publicNumerator, a: n, b: d },
    { op: 'mul', target: SLOT.publicDenominator, a: d, b: slot(own) },
  ]);
}

/** Slots of the reference's programs: the sum of constraints so far, and the power of γ for the next one. */
const REFERENCE = { sum: 0, power: 1, count: 2 } as const;

function moveSlots(operation: ProgramOperation): ProgramOperation {
  const moved = (index: number) =>
    index === REFERENCE.sum ? SLOT.sum : index + FIXED_SLOTS - REFERENCE.count;
  const operand = (o: ProgramOperand): ProgramOperand => (o.kind === 'slot' ? slot(moved(o.slot)) : o);
  const target = moved(operation.target);
  if (operation.op !== 'join')
    return { op: operation.op, target, a: operand(operation.a), b: operand(operation.b) };
  const [p0, p1, p2, p3] = operation.parts;
  return { op: 'join', target, parts: [operand(p0), operand(p1), operand(p2), operand(p3)] };
}

const isSlot = (operand: ProgramOperand, index: number) => operand.kind === 'slot' && operand.slot === index;

/**
 * The reference adds constraint k as γ^k·value and goes on to the next power: two products. Here each multiplies the sum by
 * 1/γ (what contracts get as coefficient) and adds the value: the same sum, divided by the last power.
 */
function hornerSteps(operations: readonly ProgramOperation[]): ProgramOperation[] {
  const result: ProgramOperation[] = [];
  for (let i = 0; i < operations.length; i++) {
    const [term, sum, power] = operations.slice(i, i + 3);
    if (term?.op !== 'mul' || !isSlot(term.a, REFERENCE.power)) {
      result.push(moveSlots(operations[i]!));
      continue;
    }
    invariant(
      sum?.op === 'add' &&
        sum.target === REFERENCE.sum &&
        isSlot(sum.b, term.target) &&
        power?.op === 'mul' &&
        power.target === REFERENCE.power,
      'a constraint is not added as the contracts expect',
    );
    const total = slot(REFERENCE.sum);
    result.push(
      moveSlots({ op: 'mul', target: REFERENCE.sum, a: total, b: { kind: 'compositionCoefficient' } }),
      moveSlots({ op: 'add', target: REFERENCE.sum, a: total, b: term.b }),
    );
    i += 2;
  }
  return result;
}

/** Everything that constraint contracts compute: public fractions, then the constraints of all tables, over one set of slots. */
export function constraintProgram(air: Air): ProgramOperation[] {
  const hasLookups = air.tables.some((table) => table.batches.length > 0);
  return [
    ...(hasLookups ? publicProgram(air) : []),
    ...hornerSteps(tablePrograms(air).flatMap(({ operations }) => operations)),
  ];
}
