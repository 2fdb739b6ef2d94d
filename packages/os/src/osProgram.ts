import {
  type CairoProgram,
  compileZero,
  parseCairoProgram,
  type ReadModule,
  readProgramJson,
  writeZeroProgram,
  zeroProgramHash,
} from '@cairn/cairo';
import type { Felt } from '@cairn/primitives';
import { libraryModule } from './library.ts';

/** The OS, compiled. */
export interface OsProgram {
  program: CairoProgram;
  /** The program's file as `readProgramJson` gives it. */
  json: unknown;
  /** Pedersen chain, as bootloaders and the core contract know it. PERF: one hash per word. */
  hash(): Felt;
}

let compiled: OsProgram | undefined;

/** The Starknet OS of Cairn. PERF: compiled at the first call, under a second. */
export function osProgram(): OsProgram {
  compiled ??= compileOs(libraryModule);
  return compiled;
}

/** The OS of other sources than ours. */
export function compileOs(readModule: ReadModule): OsProgram {
  const zero = compileZero({ main: readModule('cairn.os.main')!, readModule });
  const json = readProgramJson(writeZeroProgram(zero));
  let hash: Felt | undefined;
  return {
    program: parseCairoProgram(json),
    json,
    hash: () => {
      hash ??= zeroProgramHash(zero);
      return hash;
    },
  };
}
