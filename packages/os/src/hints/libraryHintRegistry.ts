import { HintContext, type HintRegistry, ProgramSymbols, type VmValue, zeroHintRegistry } from '@cairn/cairo';
import { CairnError, PRIME } from '@cairn/primitives';
import type { OsErrorCode } from '../errors.ts';
import type { LibraryHint } from './libraryHint.ts';
import { LIBRARY_HINTS } from './libraryHints.ts';

const EXECUTION_SEGMENT = 1;

/** How the compiler spells `nondet %{ name %}` in a temporary and in a local variable. */
const NONDET = /^memory\[(?:ap|fp \+ (\d+))\] = to_felt_or_relocatable\(([a-z0-9_.]+)\)$/;

/**
 * Hints of one compiled program: those of our library by name, those of the ecosystem's by text.
 * @param json the program's file as `readProgramJson` gives it.
 * @param replaced hints that stand in for those of the same name: programs' own, and wrong ones in attack tests.
 */
export function libraryHintRegistry(
  json: unknown,
  replaced: Readonly<Record<string, LibraryHint>> = {},
): HintRegistry {
  const { symbols, ecosystem } = ofProgram(json);
  const named = new Map(Object.entries({ ...LIBRARY_HINTS, ...replaced }));
  return {
    find(code) {
      const nondet = NONDET.exec(code);
      const name = nondet ? nondet[2]! : code;
      const hint = named.get(name);
      if (hint === undefined) return ecosystem.find(code);
      return (machine) => {
        const site = symbols.sites.get(machine.pc)?.find((candidate) => candidate.code === code);
        if (!site) throw new CairnError<OsErrorCode>('HINT_MISPLACED', `no hint ${name} at ${machine.pc}`);
        const context = new HintContext(machine, site, symbols);
        const answer = hint(context);
        if (answer === undefined) return;
        const offset = nondet?.[1] === undefined ? machine.ap : machine.fp + Number(nondet[1]);
        machine.memory.write({ segment: EXECUTION_SEGMENT, offset }, toValue(answer));
      };
    },
    createState: ecosystem.createState,
  };
}

/** What depends on the program alone, by its file. */
const programs = new WeakMap<object, { symbols: ProgramSymbols; ecosystem: HintRegistry }>();

function ofProgram(json: unknown): { symbols: ProgramSymbols; ecosystem: HintRegistry } {
  const file = json as object;
  let known = programs.get(file);
  if (known === undefined) {
    known = { symbols: new ProgramSymbols(json), ecosystem: zeroHintRegistry(json) };
    programs.set(file, known);
  }
  return known;
}

function toValue(answer: VmValue | number | boolean): VmValue {
  if (typeof answer === 'object') return answer;
  const rest = BigInt(answer) % PRIME;
  return rest < 0n ? rest + PRIME : rest;
}
