import { describe, expect, it } from 'vitest';
import { AUDITED_LIBFUNCS } from './sierra/auditedLibfuncs.ts';
import { circuitCases } from './testing/libfuncCases/circuits.ts';
import { aggregateCases, arrayCases, dictCases } from './testing/libfuncCases/collections.ts';
import { controlCases } from './testing/libfuncCases/control.ts';
import { rangeCases, signedCases, unsignedCases, wideCases } from './testing/libfuncCases/integers.ts';
import { curveCases, hashCases, scalarCases } from './testing/libfuncCases/scalars.ts';
import { syscallCases } from './testing/libfuncCases/syscalls.ts';
import { LibfuncTester } from './testing/libfuncTester.ts';

describe('compiled libfuncs on both engines do what integer models say', () => {
  const t = new LibfuncTester({
    it,
    same: (actual, expected, what) => expect(actual, what).toEqual(expected),
  });
  describe('unsigned integers', () => unsignedCases(t));
  describe('signed integers', () => signedCases(t));
  describe('ranges, casts, bounded integers', () => rangeCases(t));
  describe('wide integers', () => wideCases(t));
  describe('felts, bools, addresses', () => scalarCases(t));
  describe('hashes', () => hashCases(t));
  describe('the Stark curve', () => curveCases(t));
  describe('arrays, boxes, nullables', () => arrayCases(t));
  describe('structs and enums', () => aggregateCases(t));
  describe('dictionaries', () => dictCases(t));
  describe('control, locals, gas', () => controlCases(t));
  describe('system calls', () => syscallCases(t));
  describe('circuits', () => circuitCases(t));

  it('all allowed libfuncs were executed', () => {
    expect(Object.keys(AUDITED_LIBFUNCS).filter((name) => !t.executed.has(name))).toEqual([]);
  });
});
