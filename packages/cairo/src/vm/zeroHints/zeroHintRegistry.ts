import { CairnError, starknetKeccak } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import type { Machine } from '../machine.ts';
import type { HintRegistry } from '../runProgram.ts';
import { DictManager } from './dictManager.ts';
import { HintContext, type HintRunState } from './hintContext.ts';
import { HINT_DIGESTS } from './hintDigests.ts';
import { LIBRARY_HINTS, type LibraryHintName } from './libraryHints.ts';
import { ProgramSymbols } from './programSymbols.ts';

const NAMES = new Map<string, LibraryHintName>(HINT_DIGESTS);

/** Digest under which the text of a hint is known: its starknet_keccak in hex. */
export function hintDigest(code: string): string {
  return starknetKeccak(new TextEncoder().encode(code)).toString(16);
}

/**
 * The hints of the Cairo Zero common library, for one compiled program. Texts are recognised by digest.
 * @param json the program's file, read by {@link readProgramJson}: constants need all their digits.
 */
export function zeroHintRegistry(json: unknown): HintRegistry {
  const symbols = new ProgramSymbols(json);
  return {
    find(code) {
      const name = NAMES.get(hintDigest(code));
      if (name === undefined) return undefined;
      const hint = LIBRARY_HINTS[name];
      return (machine: Machine) => {
        const site = symbols.sites.get(machine.pc)?.find((candidate) => candidate.code === code);
        if (!site) throw new CairnError<VmErrorCode>('UNKNOWN_HINT', `no hint ${name} at ${machine.pc}`);
        hint(new HintContext(machine, site, symbols));
      };
    },
    createState: (builtins): HintRunState => ({ scopes: [new Map()], dicts: new DictManager(), builtins }),
  };
}
