import { compiledClassHash, pythonJson, sierraClassHash } from '@cairn/protocol';
import { describe, expect, it } from 'vitest';
import { hasVectors, readVector, readVectorJson } from './vectors.ts';

/** name, class hash, compiled class hash in both forms */
const INDEX = hasVectors
  ? readVector('sierra-casm/index.tsv')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const columns = line.split('\t');
        return { name: columns[0]!, classHash: columns[8]!, poseidon: columns[9]!, blake2s: columns[10]! };
      })
  : [];

const felts = (list: string[]): bigint[] => list.map(BigInt);

describe.skipIf(!hasVectors)('class hashes of real classes', () => {
  it.each(INDEX)('$name', ({ name, classHash, poseidon, blake2s }) => {
    const sierra = readVectorJson(`sierra-casm/${name}.sierra.json`);
    const entryPoints = (type: string) =>
      sierra.entry_points_by_type[type].map((e: any) => ({
        selector: BigInt(e.selector),
        functionIndex: e.function_idx,
      }));
    const byType = (map: (type: string) => any) => ({
      CONSTRUCTOR: map('CONSTRUCTOR'),
      EXTERNAL: map('EXTERNAL'),
      L1_HANDLER: map('L1_HANDLER'),
    });
    expect(
      sierraClassHash({
        sierraProgram: felts(sierra.sierra_program),
        contractClassVersion: sierra.contract_class_version,
        entryPointsByType: byType(entryPoints),
        abi: pythonJson(sierra.abi),
      }),
    ).toBe(BigInt(classHash));

    const casm = readVectorJson(`sierra-casm/${name}.casm.json`);
    const hashed = {
      bytecode: felts(casm.bytecode),
      bytecodeSegmentLengths: casm.bytecode_segment_lengths,
      entryPointsByType: byType((type) =>
        casm.entry_points_by_type[type].map((e: any) => ({ ...e, selector: BigInt(e.selector) })),
      ),
    };
    expect(compiledClassHash(hashed, 'poseidon')).toBe(BigInt(poseidon));
    expect(compiledClassHash(hashed, 'blake2s')).toBe(BigInt(blake2s));
  });
});
