import { POWER_SLOT, type ProgramOperand, type ProgramOperation, SUM_SLOT } from './program.ts';

function operandsOf(operation: ProgramOperation): readonly ProgramOperand[] {
  return operation.op === 'join' ? operation.parts : [operation.a, operation.b];
}

function mapSlots(
  operation: ProgramOperation,
  slotOf: (value: number) => number,
  target: number,
): ProgramOperation {
  const mapped = (operand: ProgramOperand): ProgramOperand =>
    operand.kind === 'slot' ? { kind: 'slot', slot: slotOf(operand.slot) } : operand;
  if (operation.op !== 'join') {
    return { op: operation.op, target, a: mapped(operation.a), b: mapped(operation.b) };
  }
  const [p0, p1, p2, p3] = operation.parts;
  return { op: 'join', target, parts: [mapped(p0), mapped(p1), mapped(p2), mapped(p3)] };
}

/**
 * Gives the values of a program slots: each is written once under a number of its own, except for the sum and the power,
 * which keep theirs; a slot is free again after the last use of its value.
 */
export function allocateSlots(operations: readonly ProgramOperation[]): {
  operations: ProgramOperation[];
  slotCount: number;
} {
  const lastUse = new Map<number, number>();
  operations.forEach((operation, i) => {
    for (const operand of operandsOf(operation)) if (operand.kind === 'slot') lastUse.set(operand.slot, i);
  });
  const slots = new Map<number, number>([
    [SUM_SLOT, SUM_SLOT],
    [POWER_SLOT, POWER_SLOT],
  ]);
  const free: number[] = [];
  let slotCount = slots.size;
  const allocated = operations.map((operation, i) => {
    const used = operandsOf(operation).flatMap((operand) => (operand.kind === 'slot' ? [operand.slot] : []));
    for (const value of new Set(used)) {
      if (value !== SUM_SLOT && value !== POWER_SLOT && lastUse.get(value) === i)
        free.push(slots.get(value)!);
    }
    const isFixed = operation.target === SUM_SLOT || operation.target === POWER_SLOT;
    const target = isFixed ? operation.target : (free.pop() ?? slotCount++);
    const mapped = mapSlots(operation, (value) => slots.get(value)!, target);
    slots.set(operation.target, target);
    return mapped;
  });
  return { operations: allocated, slotCount };
}
