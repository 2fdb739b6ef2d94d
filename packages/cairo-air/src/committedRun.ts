import {
  type BuiltinName,
  type CairoProgram,
  type CompiledHint,
  type HintRegistry,
  type ProofRun,
  runProof,
} from '@cairn/cairo';
import { ENTRY_WORDS, WORDS_BEFORE_END } from './statement/cairoStatement.ts';
import { ENTRY_INSTRUCTIONS } from './statement/checkStatement.ts';

/** Offset of the call in the entry. */
const CALL_AT = 2;

/**
 * Runs a program behind an entry of its own, so that it can be proven in a layout that has it as fixed columns (see
 * `CommittedProgram`). `engine` is `typescript` for programs that load code.
 * @throws what `runProof` throws.
 */
export function runCommitted(
  { program, hints }: { readonly program: CairoProgram; readonly hints: HintRegistry },
  { maxSteps, engine }: { readonly maxSteps: number; readonly engine?: 'typescript' },
): ProofRun {
  const { data, builtins, main } = program;
  return runProof({
    program: {
      data: [...entryWords(builtins, main), ...data],
      builtins: [...builtins],
      main: ENTRY_WORDS + main,
      start: 0,
      end: WORDS_BEFORE_END,
      hints: new Map([...program.hints].map(([at, codes]) => [ENTRY_WORDS + at, codes])),
    },
    hints: {
      createState: (all) => hints.createState(all),
      find: (code) => behindEntry(hints.find(code)),
    },
    maxSteps,
    ...(engine && { engine }),
  });
}

/** `ap += builtins; call main; jmp rel 0` before a program. */
export function entryWords(builtins: readonly BuiltinName[], main: number): bigint[] {
  const { apAdd, callRel, jumpRel } = ENTRY_INSTRUCTIONS;
  return [apAdd, BigInt(builtins.length), callRel, BigInt(ENTRY_WORDS - CALL_AT + main), jumpRel, 0n];
}

/** A program's hints count pc from its own start. */
function behindEntry(hint: CompiledHint | undefined): CompiledHint | undefined {
  if (hint === undefined) return undefined;
  return (machine) => {
    machine.pc -= ENTRY_WORDS;
    try {
      hint(machine);
    } finally {
      machine.pc += ENTRY_WORDS;
    }
  };
}
