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
    const solved = fillValues(memory, { values, modulus, addOffsets, adds, mulOffsets, muls });
    fillInstances(memory, addStart, adds, mulStart, values, addOffsets);
    fillInstances(memory, mulStart, solved, mulStart, values, mulOffsets);
  };
}

interface Circuit {
  values: Word;
  modulus: bigint;
  addOffsets: Word;
  adds: number;
  mulOffsets: Word;
  muls: number;
}

/** Returns how many mul gates come before the first that failed. */
function fillValues(memory: Memory, circuit: Circuit): number {
  const { adds, muls } = circuit;
  let solved = muls;
  let add = 0;
  for (let mul = 0; ; mul++) {
    while (add < adds && fillAddGate(memory, circuit, add)) add++;
    if (mul === muls) return solved;
    if (!fillMulGate(memory, circuit, mul) && solved === muls) solved = mul;
  }
}

/** False while an input is missing. */
function fillAddGate(memory: Memory, circuit: Circuit, index: number): boolean {
  const [left, right, out] = gate(memory, circuit.values, circuit.addOffsets, index);
  const { modulus } = circuit;
  const b = readNumber(memory, right);
  if (b === undefined) return false;
  const a = readNumber(memory, left);
  if (a !== undefined) {
    writeNumber(memory, out, (a + b) % modulus);
    return true;
  }
  const sum = readNumber(memory, out);
  if (sum === undefined) return false;
  if (sum + modulus < b) throw hintFailed('a circuit value is not reduced');
  writeNumber(memory, left, (sum + modulus - b) % modulus);
  return true;
}

/** False for an inverse of a number that has none. */
function fillMulGate(memory: Memory, circuit: Circuit, index: number): boolean {
  const [left, right, out] = gate(memory, circuit.values, circuit.mulOffsets, index);
  const { modulus } = circuit;
  const [a, b] = [readNumber(memory, left), readNumber(memory, right)];
  if (b === undefined) throw hintFailed('a circuit gate has no input');
  if (a !== undefined) {
    writeNumber(memory, out, (a * b) % modulus);
    return true;
  }
  const { gcd, x } = gcdWithInverse(b, modulus);
  writeNumber(memory, left, gcd === 1n ? x : modulus / gcd);
  return gcd === 1n;
}

function fillInstances(
  memory: Memory,
  start: Word,
  count: number,
  modulusAt: Word,
  values: Word,
  offsets: Word,
): void {
  for (let i = 0; i < count; i++) {
    const instance = memory.add(start, i * INSTANCE_CELLS);
    for (let word = 0; word < MODULAR_WORDS; word++)
      memory.set(memory.add(instance, word), memory.readKnown(memory.add(modulusAt, word)));
    memory.set(memory.add(instance, VALUES_POINTER), values);
    memory.set(memory.add(instance, OFFSETS_POINTER), memory.add(offsets, i * OFFSETS_PER_GATE));
    memory.set(memory.add(instance, INSTANCE_CELLS - 1), count - i);
  }
}

/** Addresses of a gate's two inputs and its output. */
function gate(memory: Memory, values: Word, offsets: Word, index: number): [Word, Word, Word] {
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
