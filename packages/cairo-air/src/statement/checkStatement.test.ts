import { describe, expect, it } from 'vitest';
import { bitwiseWitness, heightFaults, statementFaults } from '../testing/statementFaults.ts';
import { heightFault, statementFault } from './checkStatement.ts';
import { decodeProofFile, encodeProofFile } from './proofFile.ts';

const { layout, statement, ids, trace } = bitwiseWitness();
const heights = trace.map((table) => table.logHeight);

describe('a statement', () => {
  it('of an honest run is right', () => {
    expect(statementFault(statement, layout)).toBeUndefined();
    expect(heightFault(statement, layout, heights)).toBeUndefined();
  });
  it.each(statementFaults(statement))('with %s is refused', (_name, change, message) => {
    expect(statementFault({ ...statement, ...change }, layout)).toMatch(message);
  });
  it.each(heightFaults(statement))('with %s is refused at its heights', (_name, change, message) => {
    expect(heightFault({ ...statement, ...change }, layout, heights)).toMatch(message);
  });
});

describe('a proof file', () => {
  const file = { layoutName: 'core+bitwise narrow', statement, ids, stark: Uint8Array.of(1, 2, 3) };
  it('is read as it was written', () => {
    expect(decodeProofFile(encodeProofFile(file))).toEqual(file);
  });
  it('that ends early is none', () => {
    const bytes = encodeProofFile({ ...file, stark: new Uint8Array(0) });
    for (let length = 0; length < bytes.length; length += 7)
      expect(decodeProofFile(bytes.subarray(0, length))).toBeUndefined();
  });
  it('of another version is none', () => {
    expect(decodeProofFile(encodeProofFile(file).with(11, 2))).toBeUndefined();
  });
});
