import { CairnError, type Felt, PRIME } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import { offsetBy, type Relocatable, type VmValue } from '../relocatable.ts';
import type { VmMemory } from '../vmMemory.ts';

/** How a Cairo Zero program finds a variable: an expression over ap, fp and memory, with its type. */
export type Reference =
  | { kind: 'number'; value: bigint }
  | { kind: 'register'; register: 'ap' | 'fp' }
  | { kind: 'deref'; address: Reference }
  | { kind: 'cast'; value: Reference; type: string }
  | { kind: 'binary'; operator: '+' | '-' | '*'; left: Reference; right: Reference };

const TOKEN = /\s*(cast|ap|fp|\d+|[[\]()+\-*,])/y;

/**
 * Reads a reference as compiled programs spell it, such as `[cast(fp + (-3), felt*)]`.
 * @throws CairnError `INVALID_PROGRAM`
 */
export function parseReference(text: string): Reference {
  let at = 0;
  const fail = (): never => {
    throw new CairnError<VmErrorCode>(
      'INVALID_PROGRAM',
      `unknown reference ${JSON.stringify(text)} at ${at}`,
    );
  };
  const peek = (): string | undefined => {
    TOKEN.lastIndex = at;
    return TOKEN.exec(text)?.[1];
  };
  const take = (expected?: string): string => {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined || (expected !== undefined && token !== expected)) return fail();
    at = TOKEN.lastIndex;
    return token;
  };
  /** The rest of a cast, up to its closing parenthesis: a type may hold parentheses itself. */
  const takeType = (): string => {
    const start = at;
    for (let depth = 0; at < text.length; at++) {
      if (text[at] === '(') depth++;
      else if (text[at] === ')' && depth-- === 0) return text.slice(start, at).trim();
    }
    return fail();
  };
  const atom = (): Reference => {
    const token = take();
    if (token === '[') {
      const address = sum();
      take(']');
      return { kind: 'deref', address };
    }
    if (token === '(') {
      const inner = sum();
      take(')');
      return inner;
    }
    if (token === 'cast') {
      take('(');
      const value = sum();
      take(',');
      const type = takeType();
      take(')');
      return { kind: 'cast', value, type };
    }
    if (token === 'ap' || token === 'fp') return { kind: 'register', register: token };
    if (token === '-')
      return { kind: 'binary', operator: '-', left: { kind: 'number', value: 0n }, right: atom() };
    return /^\d+$/.test(token) ? { kind: 'number', value: BigInt(token) } : fail();
  };
  const product = (): Reference => {
    let left = atom();
    while (peek() === '*') left = { kind: 'binary', operator: take('*') as '*', left, right: atom() };
    return left;
  };
  const sum = (): Reference => {
    let left = product();
    for (let next = peek(); next === '+' || next === '-'; next = peek()) {
      left = { kind: 'binary', operator: take() as '+' | '-', left, right: product() };
    }
    return left;
  };
  const parsed = sum();
  return text.slice(at).trim() === '' ? parsed : fail();
}

/** Registers at the place where a reference was made. */
export interface ReferenceFrame {
  ap: Relocatable;
  fp: Relocatable;
}

/** Value of a reference; reading an unknown cell throws as memory does. */
export function evaluateReference(reference: Reference, frame: ReferenceFrame, memory: VmMemory): VmValue {
  switch (reference.kind) {
    case 'number':
      return reference.value;
    case 'register':
      return frame[reference.register];
    case 'deref':
      return readCell(memory, asAddress(evaluateReference(reference.address, frame, memory)));
    case 'cast':
      return evaluateReference(reference.value, frame, memory);
    case 'binary': {
      const left = evaluateReference(reference.left, frame, memory);
      const right = evaluateReference(reference.right, frame, memory);
      if (reference.operator === '*') return (asFelt(left) * asFelt(right)) % PRIME;
      return addValues(left, right, reference.operator === '+' ? 1n : -1n);
    }
  }
}

/** `left + sign · right`, on felts and addresses. */
export function addValues(left: VmValue, right: VmValue, sign: 1n | -1n): VmValue {
  if (typeof left !== 'bigint' && typeof right !== 'bigint') {
    if (sign === -1n && left.segment === right.segment) return modPrime(BigInt(left.offset - right.offset));
    throw new CairnError<VmErrorCode>('HINT_FAILED', 'addresses of two segments cannot be combined');
  }
  if (typeof left !== 'bigint') return offsetBy(left, Number(asSigned(right as Felt) * sign));
  if (typeof right !== 'bigint') return offsetBy(right, Number(asSigned(left)));
  return modPrime(left + sign * right);
}

/** The cell's value. @throws CairnError `UNKNOWN_CELL` */
export function readCell(memory: VmMemory, address: Relocatable): VmValue {
  const value = memory.get(address);
  // readFelt has the error for a cell without value.
  return value ?? memory.readFelt(address);
}

export function asFelt(value: VmValue): Felt {
  if (typeof value === 'bigint') return modPrime(value);
  throw new CairnError<VmErrorCode>(
    'EXPECTED_FELT',
    `got address ${value.segment}:${value.offset}, expected a felt`,
  );
}

export function asAddress(value: VmValue): Relocatable {
  if (typeof value !== 'bigint') return value;
  throw new CairnError<VmErrorCode>('EXPECTED_POINTER', `got felt ${value}, expected an address`);
}

/** A felt as the integer in (−P/2, P/2) it stands for. */
export function asSigned(felt: Felt): bigint {
  const canonical = modPrime(felt);
  return canonical < PRIME / 2n ? canonical : canonical - PRIME;
}

export function modPrime(value: bigint): Felt {
  const rest = value % PRIME;
  return rest < 0n ? rest + PRIME : rest;
}
