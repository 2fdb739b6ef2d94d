import { CairnError, type Felt } from '@cairn/primitives';
import { cellCount, type ValueShape } from '../casm/cairoFunction.ts';
import type { VmErrorCode } from '../errors.ts';
import type { Memory } from './memory.ts';
import { isPointer, type Word, wordSegment } from './word.ts';

/** A value of a function: a felt, the elements of an array, the members of a struct, or a variant of an enum. */
export type CairoValue =
  | Felt
  | readonly CairoValue[]
  | { readonly variant: number; readonly value: CairoValue };

/** An argument as it is written: felts, and lists for arrays. Members of structs stand one after the other. */
export type CairoArgument = Felt | readonly CairoArgument[];

/** Stack words of a function's arguments; arrays get segments of their own. @throws CairnError `INVALID_ARGUMENTS`. */
export function argumentWords(
  memory: Memory,
  params: readonly ValueShape[],
  values: readonly CairoArgument[],
): Word[] {
  const rest = [...values];
  const words = params.flatMap((shape) => takeWords(memory, shape, rest));
  if (rest.length > 0) throw invalid(`${rest.length} values too many`);
  return words;
}

function takeWords(memory: Memory, shape: ValueShape, rest: CairoArgument[]): Word[] {
  if (shape.kind === 'struct') return shape.members.flatMap((member) => takeWords(memory, member, rest));
  if (shape.kind === 'enum') throw invalid('an enum cannot be given');
  if (shape.kind === 'opaque') throw invalid(`a value of type ${shape.type} cannot be given`);
  const value = rest.shift();
  if (value === undefined) throw invalid(`too few values: expected another ${shape.kind}`);
  if (shape.kind === 'felt') {
    if (typeof value !== 'bigint') throw invalid('got an array, expected a felt');
    return [memory.fromFelt(value)];
  }
  if (typeof value === 'bigint') throw invalid(`got ${value}, expected an array`);
  const elements = [...value];
  const words: Word[] = [];
  while (elements.length > 0) {
    const before = elements.length;
    words.push(...takeWords(memory, shape.element, elements));
    if (elements.length === before) throw invalid('elements without cells');
  }
  const start = memory.newSegment();
  memory.load(wordSegment(start), Float64Array.from(words));
  return [start, start + words.length];
}

/** The value whose cells start at a pointer. @throws CairnError `MALFORMED_RETURN_DATA`, `UNKNOWN_CELL`. */
export function readValue(memory: Memory, shape: ValueShape, at: Word): CairoValue {
  switch (shape.kind) {
    case 'felt':
      return memory.toFelt(memory.readKnown(at));
    case 'struct': {
      let next = at;
      return shape.members.map((member) => {
        const value = readValue(memory, member, next);
        next += cellCount(member);
        return value;
      });
    }
    case 'array': {
      const [start, end] = [memory.readKnown(at), memory.readKnown(at + 1)];
      const cells = cellCount(shape.element);
      if (!isPointer(start) || !isPointer(end) || end < start || cells === 0)
        throw malformed(`an array from ${memory.show(start)} to ${memory.show(end)}`);
      const elements: CairoValue[] = [];
      for (let cell = start; cell < end; cell += cells) elements.push(readValue(memory, shape.element, cell));
      return elements;
    }
    case 'enum': {
      const selector = memory.readKnown(at);
      const variant = shape.variants.findIndex((candidate) => candidate.selector === selector);
      if (variant === -1) throw malformed(`variant ${memory.show(selector)}`);
      const { shape: inner } = shape.variants[variant]!;
      const first = at + cellCount(shape) - cellCount(inner);
      return { variant, value: readValue(memory, inner, first) };
    }
    case 'opaque':
      return [];
  }
}

function invalid(what: string): CairnError<VmErrorCode> {
  return new CairnError('INVALID_ARGUMENTS', `the arguments do not fit the function: ${what}`);
}

function malformed(what: string): CairnError<VmErrorCode> {
  return new CairnError('MALFORMED_RETURN_DATA', `the function returned no value of its type: ${what}`);
}
