import { invariant } from '@cairn/primitives';
import type { ProgramOperand, ProgramOperation } from '@cairn/stark';
import { type CallBlock, FIXED_SLOTS, placeInBlock } from './callBlock.ts';
import {
  foldedBound,
  hex,
  inLanes,
  LANE_BOUND,
  LANE_CONSTANTS,
  logOffset,
  MULTIPLY_BOUND,
  PRODUCT_BOUND,
} from './lanes.ts';
import type { ProgramPart } from './splitProgram.ts';
import { fieldFunctions } from './yulText.ts';

/** A Yul expression whose value has lanes below the bound; `constant` when it is one of the base field. */
interface Value {
  readonly text: string;
  readonly bound: bigint;
  readonly constant?: bigint;
}

const WORD = 32;
/** Words at the start of memory for the offsets of subtractions. */
const OFFSET_WORDS = 32;
/** Lanes below this may be added to others. */
const SUM_BOUND = LANE_BOUND / 2n;
/** Lanes below this may be subtracted from others: the offset, a multiple of p, is below twice as much. */
const MINUS_BOUND = LANE_BOUND / 4n;
/** Everything in the call block has lanes below this (claimed sums after `scale` have the largest). */
const BLOCK_BOUND = 2n ** 33n;

/** Writes one part as Yul statements. Slots live in memory, those not yet written are read from the calldata. */
class PartWriter {
  readonly statements: string[] = [];
  /** Slots that have a place in memory. */
  slotCount = FIXED_SLOTS;
  readonly #block: CallBlock;
  readonly #liveIn: readonly number[];
  readonly #written = new Set<number>();
  readonly #bounds: Map<number, bigint>;
  readonly #offsets = new Map<number, number>();

  constructor(block: CallBlock, liveIn: readonly number[], bounds: Map<number, bigint>) {
    this.#block = block;
    this.#liveIn = liveIn;
    this.#bounds = bounds;
  }

  #address(slot: number): number {
    return WORD * (OFFSET_WORDS + slot);
  }

  /** The word of a slot, written here or handed on from an earlier part. */
  slot(slot: number): string {
    if (this.#written.has(slot)) return `mload(${hex(BigInt(this.#address(slot)))})`;
    const place = slot < FIXED_SLOTS ? slot : FIXED_SLOTS + this.#liveIn.indexOf(slot);
    return `calldataload(${hex(BigInt(WORD * place))})`;
  }

  #value(operand: ProgramOperand): Value {
    if (operand.kind === 'constant') {
      const constant = BigInt(operand.value);
      return { text: hex(constant), bound: constant + 1n, constant };
    }
    if (operand.kind === 'slot')
      return { text: this.slot(operand.slot), bound: this.#bounds.get(operand.slot)! };
    return {
      text: `calldataload(${hex(BigInt(WORD * placeInBlock(this.#block, operand)))})`,
      bound: BLOCK_BOUND,
    };
  }

  /** The operand with lanes up to a bound; a slot with larger ones is folded where it stands, so later uses find it so. */
  #operand(operand: ProgramOperand, maxBound: bigint): Value {
    const value = this.#value(operand);
    if (value.bound <= maxBound) return value;
    const folded = { text: `fold(${value.text})`, bound: foldedBound(value.bound) };
    if (operand.kind !== 'slot') return folded;
    this.#store(operand.slot, folded);
    return this.#value(operand);
  }

  #store(target: number, { text, bound }: Value): void {
    invariant(bound <= LANE_BOUND, `lanes of slot ${target} overflow`);
    this.#written.add(target);
    this.slotCount = Math.max(this.slotCount, target + 1);
    this.#bounds.set(target, bound);
    this.statements.push(`mstore(${hex(BigInt(this.#address(target)))}, ${text})`);
  }

  #subtract(a: Value, b: Value): Value {
    const k = logOffset(b.bound);
    const offset = LANE_CONSTANTS.P! << BigInt(k);
    let place = this.#offsets.get(k);
    if (place === undefined) {
      place = WORD * this.#offsets.size;
      invariant(this.#offsets.size < OFFSET_WORDS, 'too many different offsets');
      this.#offsets.set(k, place);
    }
    return {
      text: `sub(add(${a.text}, mload(${hex(BigInt(place))})), ${b.text})`,
      bound: a.bound + offset,
    };
  }

  #multiply(a: Value, b: Value): Value {
    const [factor, other] = a.constant !== undefined ? [a, b] : [b, a];
    if (factor.constant === undefined)
      return { text: `multiply(${a.text}, ${b.text})`, bound: PRODUCT_BOUND };
    // Lanes are below 2^36, constants below 2^31: after a fold their products are below 2^63. They stay as they are as long as
    // they are only added.
    const bound = other.bound * factor.bound;
    if (bound <= SUM_BOUND) return { text: `mul(${other.text}, ${factor.text})`, bound };
    const small: Value = { text: `fold(${other.text})`, bound: foldedBound(other.bound) };
    return { text: `mul(${small.text}, ${factor.text})`, bound: small.bound * factor.bound };
  }

  #result(operation: ProgramOperation): Value {
    if (operation.op === 'join') {
      const [p0, p1, p2, p3] = operation.parts.map((part) => this.#operand(part, MULTIPLY_BOUND));
      return { text: `join(${[p0, p1, p2, p3].map((p) => p!.text).join(', ')})`, bound: 2n ** 33n };
    }
    const maxBound =
      operation.op === 'mul' ? MULTIPLY_BOUND : operation.op === 'add' ? SUM_BOUND : MINUS_BOUND;
    // In this order: folding the second may change the slot of the first.
    this.#operand(operation.a, maxBound);
    const b = this.#operand(operation.b, maxBound);
    const a = this.#operand(operation.a, maxBound);
    switch (operation.op) {
      case 'add':
        return { text: `add(${a.text}, ${b.text})`, bound: a.bound + b.bound };
      case 'sub':
        return this.#subtract(a, b);
      case 'mul':
        return this.#multiply(a, b);
    }
  }

  write(operation: ProgramOperation): void {
    this.#store(operation.target, this.#result(operation));
  }

  /** The statements that put the offsets where subtractions read them. */
  prologue(): string[] {
    return [...this.#offsets].map(
      ([k, place]) => `mstore(${hex(BigInt(place))}, ${hex(inLanes(LANE_CONSTANTS.P! << BigInt(k)))})`,
    );
  }
}

const JOIN = `function join(a, b, c, d) -> y {
  y := fold(add(add(a, multiply(b, $I)), multiply(add(c, multiply(d, $I)), $U)))
}`
  .replaceAll('$I', hex(LANE_CONSTANTS.SECURE_I!))
  .replaceAll('$U', hex(LANE_CONSTANTS.SECURE_U!));

/** Words that a part's contract returns. */
export function resultWords(part: ProgramPart): number {
  return FIXED_SLOTS + part.liveOut.length;
}

/**
 * The contracts of the parts, as Yul objects. Each takes the call block as its whole calldata and returns the slots of the
 * next: the fixed ones and what lives.
 */
export function emitConstraints(name: string, parts: readonly ProgramPart[], block: CallBlock): string[] {
  const bounds = new Map<number, bigint>(Array.from({ length: FIXED_SLOTS }, (_, i) => [i, PRODUCT_BOUND]));
  return parts.map((part, i) => {
    const writer = new PartWriter(block, part.liveIn, bounds);
    for (const operation of part.operations) writer.write(operation);
    const slots = [...Array(FIXED_SLOTS).keys(), ...part.liveOut];
    const out = WORD * (OFFSET_WORDS + writer.slotCount);
    const results = slots.map((slot, k) => {
      // The fixed ones leave with lanes that the verifier's `multiply` takes.
      const text = slot < FIXED_SLOTS ? `fold(${writer.slot(slot)})` : writer.slot(slot);
      if (slot < FIXED_SLOTS) bounds.set(slot, foldedBound(bounds.get(slot)!));
      return `mstore(${hex(BigInt(out + WORD * k))}, ${text})`;
    });
    const statements = [...writer.prologue(), ...writer.statements, ...results];
    return `object "${name}Constraints${i}" {
code { datacopy(0, dataoffset("runtime"), datasize("runtime")) return(0, datasize("runtime")) }
object "runtime" {
code {
${statements.join('\n')}
return(${hex(BigInt(out))}, ${hex(BigInt(WORD * slots.length))})
${fieldFunctions()}
${JOIN}
}
}
}
`;
  });
}
