import { constParts } from './constData.ts';
import { refuse } from './errors.ts';
import type { TypeId } from './program.ts';
import type { TypeRegistry } from './typeRegistry.ts';
import { variantSelector } from './variantSelector.ts';

/**
 * Cells of a value of a `Const` type.
 * @throws CairnError `INVALID_CONST`, `INVALID_TYPE`
 */
export function constCells(types: TypeRegistry, constType: TypeId): bigint[] {
  const cells: bigint[] = [];
  for (const stack = [constType]; stack.length > 0; ) {
    const { inner, data } = constParts(types, stack.pop()!);
    const { name, parts } = types.info(inner);
    const [first, second] = data;
    if (name === 'Struct' || name === 'NonZero') {
      if (name === 'NonZero' && data.length !== 1) throw mismatch(constType);
      for (const part of [...data].reverse()) {
        if (part.kind !== 'type') throw mismatch(constType);
        stack.push(part.id);
      }
    } else if (name === 'Enum') {
      if (data.length !== 2 || first?.kind !== 'value' || second?.kind !== 'type') throw mismatch(constType);
      const index = Number(first.value);
      const padding = types.size(inner) - 1 - types.size(parts[index]!);
      cells.push(BigInt(variantSelector(parts.length, index)), ...Array.from({ length: padding }, () => 0n));
      stack.push(second.id);
    } else {
      const count = name === 'EcPoint' ? 2 : 1;
      if (data.length !== count) throw mismatch(constType);
      for (const part of data) {
        if (part.kind !== 'value') throw mismatch(constType);
        cells.push(part.value);
      }
    }
  }
  return cells;
}

function mismatch(type: TypeId): Error {
  return refuse('INVALID_CONST', `the data of const type ${type} does not spell a value`, { type });
}
