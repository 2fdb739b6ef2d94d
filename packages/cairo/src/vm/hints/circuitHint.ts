import type { HintOperands } from '../../casm/hint.ts';
import { MODULAR_WORDS } from '../builtins/modularBuiltins.ts';
import type { CompiledHint } from '../machine.ts';
import { expectedPointer, type Memory } from '../memory.ts';
import { isFelt, isPointer, type Word } from '../word.ts';
import { hintFailed } from './hintState.ts';
import { addressReader, feltReader, type Literal } from './operands.ts';

const WORD_BITS = 96n;
const WORD_MASK = (1n << WORD_BITS) - 1n;
const INSTANCE_CELLS = 7;
const VALUES_POINTER = 4;
const OFFSETS_POINTER = 5;
const OFFSETS_PER_GATE = 3;

/**
 * Evaluates a circuit of add and mul gates modulo p: fills the values table, then the builtin instances. An
 * inverse gate whose input has no inverse gets a factor that turns the input to 0 instead, and only the mul
 * instances before the first such gate are written.
 */
export function evalCircuit(o: HintOperands<'EvalCircuit'>, literal: Literal): CompiledHint {
  const [addCount, mulCount] = [feltReader(o.n_add_mods, literal), feltReader(o.n_mul_mods, literal)];
  const [addBuiltin, mulBuiltin] = [
    addressReader(o.add_mod_builtin, literal),
    addressReader(o.mul_mod_builtin, literal),
  ];
  return (m) => {
    const { memory } = m;
    const [adds, muls] = [gateCount(addCount(m)), gateCount(mulCount(m))];
    const [addStart, mulStart] = [addBuiltin(m), mulBuiltin(m)];
    const values = readPointer(memory, memory.add(mulStart, VALUES_POINTER));
    const mulOffsets = readPointer(memory, memory.add(mulStart, OFFSETS_POINTER));
    const addOffsets = adds === 0 ? mulOffsets : readPointer(memory, memory.add(addStart, OFFSETS_POINTER));
    const modulus = readNumber(memory, mulStart);
    if (modulus === undefined || modulus === 0n) throw hintFailed('the circuit has no modulus');
    const mulGates = { values, modulus, offsets: mulOffsets, count: muls };
    const addGates = { values, modulus, offsets: addOffsets, count: adds };
    const solved = fillValues(memory, addGates, mulGates);
    fillInstances(memory, addStart, addGates);
    fillInstances(memory, mulStart, { ...mulGates, count: solved });
  };
}

/** Gates of one kind: triples of positions in the values table. */
export interface Gates {
  values: Word;
  modulus: bigint;
  offsets: Word;
  count: number;
}

/**
 * The gates of a builtin instance, as many as the instance says or else `count`; when it says more, the first gate
 * is repeated. @throws CairnError `HINT_FAILED`
 */
export function readGates(memory: Memory, instance: Word, count: number): Gates {
  const values = readPointer(memory, memory.add(instance, VALUES_POINTER));
  const offsets = readPointer(memory, memory.add(instance, OFFSETS_POINTER));
  const modulus = readNumber(memory, instance);
  if (modulus === undefined || modulus === 0n) throw hintFailed('the instance has no modulus');
  const word = memory.read(memory.add(instance, INSTANCE_CELLS - 1));
  const padded = Number.isNaN(word) ? count : gateCount(word);
  for (let i = count * OFFSETS_PER_GATE; i < padded * OFFSETS_PER_GATE; i++)
    memory.set(memory.add(offsets, i), memory.readKnown(memory.add(offsets, i % OFFSETS_PER_GATE)));
  return { values, modulus, offsets, count: padded };
}

/** Fills what is missing in the values table. Returns how many mul gates come before the first that failed. */
export function fillValues(memory: Memory, addGates: Gates, mulGates: Gates): number {
  let solved = mulGates.count;
  let add = 0;
  for (let mul = 0; ; mul++) {
    while (add < addGates.count && fillAddGate(memory, addGates, add)) add++;
    if (mul === mulGates.count) return solved;
    if (!fillMulGate(memory, mulGates, mul) && solved === mulGates.count) solved = mul;
  }
}

/** False while an input is missing. */
function fillAddGate(memory: Memory, gates: Gates, index: number): boolean {
  const [left, right, out] = gateAt(memory, gates, index);
  const { modulus } = gates;
  const [a, b, sum] = [left, right, out].map((at) => readNumber(memory, at));
  if (a !== undefined && b !== undefined) {
    if (sum === undefined) writeNumber(memory, out, a + b < modulus ? a + b : a + b - modulus);
    return true;
  }
  const known = a ?? b;
  if (sum === undefined || known === undefined) return false;
  if (sum + modulus < known) throw hintFailed('a circuit value is not reduced');
  writeNumber(memory, a === undefined ? left : right, sum < known ? sum + modulus - known : sum - known);
  return true;
}

/** False for a quotient whose divisor has no inverse. */
function fillMulGate(memory: Memory, gates: Gates, index: number): boolean {
  const [left, right, out] = gateAt(memory, gates, index);
  const { modulus } = gates;
  const [a, b, product] = [left, right, out].map((at) => readNumber(memory, at));
  if (a !== undefined && b !== undefined) {
    if (product === undefined) writeNumber(memory, out, (a * b) % modulus);
    return true;
  }
  const known = a ?? b;
  if (product === undefined || known === undefined) throw hintFailed('a circuit gate has no input');
  const { gcd, x } = gcdWithInverse(known, modulus);
  const factor = gcd === 1n ? smallestFactor(known, product, x, modulus) : modulus / gcd;
  writeNumber(memory, a === undefined ? left : right, factor);
  return gcd === 1n;
}

/** Smallest q ≥ 0 with known·q = product + k·p for a k ≥ 0. */
function smallestFactor(known: bigint, product: bigint, inverse: bigint, p: bigint): bigint {
  const q = (product * inverse) % p;
  const k = (known * q - product) / p;
  return k >= 0n ? q : q + p * ((known - 1n - k) / known);
}

/** Writes the builtin instances of gates, one gate each. */
export function fillInstances(memory: Memory, start: Word, { values, modulus, offsets, count }: Gates): void {
  for (let i = 0; i < count; i++) {
    const instance = memory.add(start, i * INSTANCE_CELLS);
    writeNumber(memory, instance, modulus);
    memory.set(memory.add(instance, VALUES_POINTER), values);
    memory.set(memory.add(instance, OFFSETS_POINTER), memory.add(offsets, i * OFFSETS_PER_GATE));
    memory.set(memory.add(instance, INSTANCE_CELLS - 1), count - i);
  }
}

/** Addresses of a gate's two inputs and its output. */
function gateAt(memory: Memory, { values, offsets }: Gates, index: number): [Word, Word, Word] {
  const at = (i: number) => {
    const offset = memory.readKnown(memory.add(offsets, OFFSETS_PER_GATE * index + i));
    if (!isFelt(offset)) throw hintFailed('a circuit offset is a pointer');
    return memory.add(values, offset);
  };
  return [at(0), at(1), at(2)];
}

/** The number at `start`, undefined when one of its words has no value. */
function readNumber(memory: Memory, start: Word): bigint | undefined {
  let value = 0n;
  for (let i = MODULAR_WORDS - 1; i >= 0; i--) {
    const word = memory.read(memory.add(start, i));
    if (!isFelt(word)) return undefined;
    value = (value << WORD_BITS) + memory.toFelt(word);
  }
  return value;
}

function writeNumber(memory: Memory, start: Word, value: bigint): void {
  for (let i = 0; i < MODULAR_WORDS; i++)
    memory.set(memory.add(start, i), memory.fromFelt((value >> (WORD_BITS * BigInt(i))) & WORD_MASK));
}

function readPointer(memory: Memory, address: Word): Word {
  const word = memory.readKnown(address);
  if (!isPointer(word)) throw expectedPointer(memory, word);
  return word;
}

function gateCount(word: Word): number {
  if (word >= 0 && word < 2 ** 32) return word;
  throw hintFailed('the circuit is too large');
}

/** gcd of a and n, and for gcd 1 the inverse of a modulo n. */
function gcdWithInverse(a: bigint, n: bigint): { gcd: bigint; x: bigint } {
  let [r0, r1] = [n, a % n];
  let [x0, x1] = [0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1] = [r1, r0 - q * r1];
    [x0, x1] = [x1, x0 - q * x1];
  }
  return { gcd: r0, x: ((x0 % n) + n) % n };
}
