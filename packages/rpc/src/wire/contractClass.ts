import { CairnError, formatFelt } from '@cairn/primitives';
import type { EntryPointType, SierraClass, SierraEntryPoint } from '@cairn/protocol';
import {
  formatFelts,
  invalidParameter,
  listOf,
  readFelt,
  readFelts,
  readInteger,
  readObject,
  readString,
} from './read.ts';

/** The version enters the class hash as part of a short string. */
const VERSION = /^[0-9.]{1,15}$/;

/**
 * Reads CONTRACT_CLASS.
 * @throws CairnError `INVALID_PARAMS`, or `UNSUPPORTED_CLASS_VERSION` when the version cannot be hashed.
 */
export function readContractClass(value: unknown, path: string): SierraClass {
  const cls = readObject(value, path);
  const contractClassVersion = readString(cls.contract_class_version, `${path}.contract_class_version`);
  if (!VERSION.test(contractClassVersion)) {
    throw new CairnError(
      'UNSUPPORTED_CLASS_VERSION',
      `contract class version: got ${JSON.stringify(contractClassVersion.slice(0, 40))}, expected like 0.1.0`,
    );
  }
  const entryPoints = readObject(cls.entry_points_by_type, `${path}.entry_points_by_type`);
  const ofType = (type: EntryPointType): SierraEntryPoint[] =>
    readEntryPoints(entryPoints[type], `${path}.entry_points_by_type.${type}`);
  return {
    sierraProgram: readFelts(cls.sierra_program, `${path}.sierra_program`),
    contractClassVersion,
    entryPointsByType: {
      CONSTRUCTOR: ofType('CONSTRUCTOR'),
      EXTERNAL: ofType('EXTERNAL'),
      L1_HANDLER: ofType('L1_HANDLER'),
    },
    abi: readAbi(cls.abi, `${path}.abi`),
  };
}

function readAbi(value: unknown, path: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw invalidParameter(path, value, 'the JSON text of the ABI as a string', 'send JSON.stringify(abi)');
}

const readEntryPoints = listOf((value, path): SierraEntryPoint => {
  const entryPoint = readObject(value, path);
  return {
    selector: readFelt(entryPoint.selector, `${path}.selector`),
    functionIndex: readInteger(entryPoint.function_idx, `${path}.function_idx`),
  };
});

/** CONTRACT_CLASS with the ABI as the text that was declared. */
export function formatContractClass(cls: SierraClass) {
  const ofType = (type: EntryPointType) =>
    cls.entryPointsByType[type].map(({ selector, functionIndex }) => ({
      selector: formatFelt(selector),
      function_idx: functionIndex,
    }));
  return {
    sierra_program: formatFelts(cls.sierraProgram),
    contract_class_version: cls.contractClassVersion,
    entry_points_by_type: {
      CONSTRUCTOR: ofType('CONSTRUCTOR'),
      EXTERNAL: ofType('EXTERNAL'),
      L1_HANDLER: ofType('L1_HANDLER'),
    },
    abi: cls.abi,
  };
}
