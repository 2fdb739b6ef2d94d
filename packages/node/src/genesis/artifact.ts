import { readFileSync } from 'node:fs';
import { parseCasmClass } from '@cairn/cairo';
import type { Felt } from '@cairn/primitives';
import { parseFelt } from '@cairn/primitives';
import {
  compiledClassHash,
  type EntryPointType,
  pythonJson,
  type SierraClass,
  sierraClassHash,
} from '@cairn/protocol';
import type { StoredClass } from '@cairn/storage';

/** A class of ours, compiled by the official compiler and committed. @see scripts/compileContracts.mjs */
export interface GenesisClass {
  classHash: Felt;
  compiledClassHash: Felt;
  stored: StoredClass;
}

/** Reads `contracts/artifacts/NAME.json`. */
export function readArtifact(name: 'account' | 'token' | 'deployer' | 'token_bridge'): GenesisClass {
  const path = new URL(`../../contracts/artifacts/${name}.json`, import.meta.url);
  const { sierra: json, casm } = JSON.parse(readFileSync(path, 'utf8'));
  const entryPoints = (type: EntryPointType) =>
    json.entry_points_by_type[type].map((e: { selector: string; function_idx: number }) => ({
      selector: parseFelt(e.selector),
      functionIndex: e.function_idx,
    }));
  const sierra: SierraClass = {
    sierraProgram: json.sierra_program.map(parseFelt),
    contractClassVersion: json.contract_class_version,
    entryPointsByType: {
      CONSTRUCTOR: entryPoints('CONSTRUCTOR'),
      EXTERNAL: entryPoints('EXTERNAL'),
      L1_HANDLER: entryPoints('L1_HANDLER'),
    },
    abi: pythonJson(json.abi),
  };
  return {
    classHash: sierraClassHash(sierra),
    compiledClassHash: compiledClassHash(parseCasmClass(casm), 'blake2s'),
    stored: { sierra, casm },
  };
}
