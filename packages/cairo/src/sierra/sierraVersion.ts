import { refuse } from './errors.ts';

/** Version of the Sierra language or of the compiler that wrote it. */
export interface SierraVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The newest Sierra version this compiler implements (that of the official compiler 2.20.0). */
export const SIERRA_VERSION: SierraVersion = { major: 1, minor: 9, patch: 3 };

/** The version of the official compiler whose output is reproduced; written into the compiled class. */
export const COMPILER_VERSION = '2.20.0';

/** True when a class of version `version` may use what came with `required`; the patch number does not count. */
export function supports(version: SierraVersion, required: { major: number; minor: number }): boolean {
  return (
    version.major > required.major || (version.major === required.major && version.minor >= required.minor)
  );
}

/**
 * Version in the three felts from `offset`.
 * @throws CairnError `INVALID_SIERRA_CLASS`
 */
export function readSierraVersion(felts: readonly bigint[], offset: number): SierraVersion {
  const part = (i: number) => {
    const felt = felts[offset + i];
    if (felt === undefined || felt >= 1n << 64n)
      throw refuse('INVALID_SIERRA_CLASS', `invalid Sierra program: no version at felt ${offset + i}`);
    return Number(felt);
  };
  return { major: part(0), minor: part(1), patch: part(2) };
}

/** Version of Sierra a class declares in its first felts, without decoding the program. */
export function sierraVersion(sierraProgram: readonly bigint[]): SierraVersion {
  return readSierraVersion(sierraProgram, 0);
}

/** `1.9.3`-style text. */
export function formatVersion({ major, minor, patch }: SierraVersion): string {
  return `${major}.${minor}.${patch}`;
}
