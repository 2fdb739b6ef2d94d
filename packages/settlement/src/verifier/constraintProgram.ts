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

function moveSlots(operation: ProgramOperation): ProgramOperation {
  const moved = (index: number) => (index < 2 ? index : index + FIXED_SLOTS - 2);
  const operand = (o: ProgramOperand): ProgramOperand => (o.kind === 'slot' ? slot(moved(o.slot)) : o);
  const target = moved(operation.target);
  if (operation.op !== 'join')
    return { op: operation.op, target, a: operand(operation.a), b: operand(operation.b) };
  const [p0, p1, p2, p3] = operation.parts;
  return { op: 'join', target, parts: [operand(p0), operand(p1), operand(p2), operand(p3)] };
}

/** Everything that constraint contracts compute: public fractions, then the constraints of all tables, over one set of slots. */
export function constraintProgram(air: Air): ProgramOperation[] {
  const hasLookups = air.tables.some((table) => table.batches.length > 0);
  return [
    ...(hasLookups ? publicProgram(air) : []),
    ...tablePrograms(air).flatMap(({ operations }) => operations.map(moveSlots)),
  ];
}
