import { AUDITED_LIBFUNCS } from './auditedLibfuncs.ts';
import { refuse } from './errors.ts';
import type { SierraProgram } from './program.ts';
import { formatVersion, type SierraVersion, supports } from './sierraVersion.ts';

/** Libfuncs by name with the first Sierra version that may use them; `null` is any. */
export type AllowedLibfuncs = Readonly<
  Record<string, { readonly major: number; readonly minor: number } | null>
>;

/**
 * Refuses a program with a libfunc outside `allowed`, or one newer than the class.
 * @throws CairnError `LIBFUNC_NOT_ALLOWED`
 */
export function checkAllowedLibfuncs(
  program: SierraProgram,
  version: SierraVersion,
  allowed: AllowedLibfuncs = AUDITED_LIBFUNCS,
): void {
  for (const { name } of program.libfuncs) {
    const required = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (required === undefined)
      throw refuse('LIBFUNC_NOT_ALLOWED', `libfunc ${name} is not allowed`, { name });
    if (required !== null && !supports(version, required))
      throw refuse(
        'LIBFUNC_NOT_ALLOWED',
        `libfunc ${name} needs Sierra ${required.major}.${required.minor}, the class is ${formatVersion(version)}`,
        { name },
      );
  }
}
