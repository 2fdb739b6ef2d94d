import { formatFelt } from '@cairn/primitives';
import { parseCairoProgram } from '../vm/cairoProgram.ts';
import { CALL, IMMEDIATE, word } from './instructionWord.ts';

/** The part of a compiled program that names places in it. */
interface ProgramJson {
  builtins: string[];
  data: string[];
  hints: Record<string, unknown>;
  reference_manager: { references: { pc: number }[] };
  identifiers: Record<string, { pc?: number }>;
}

const HEADER_WORDS = 6;

/** The program as the compiler makes it with `--proof_mode`: behind a header that calls main, every place moved. */
export function withProofHeader(json: unknown): ProgramJson {
  const { builtins, data, hints, reference_manager, identifiers, ...rest } = json as ProgramJson;
  const { main } = parseCairoProgram(json);
  const header = [
    word({ apUpdate: 'add', ...IMMEDIATE }),
    BigInt(builtins.length),
    word(CALL),
    BigInt(main + HEADER_WORDS - 2),
    word({ pcUpdate: 'jumpRel', ...IMMEDIATE }),
    0n,
  ];
  const moved = <T extends { pc?: number }>(place: T): T =>
    place.pc === undefined ? place : { ...place, pc: place.pc + HEADER_WORDS };
  return {
    ...rest,
    builtins,
    data: [...header.map(formatFelt), ...data],
    hints: Object.fromEntries(Object.entries(hints).map(([pc, list]) => [Number(pc) + HEADER_WORDS, list])),
    reference_manager: { references: reference_manager.references.map(moved) },
    identifiers: {
      ...Object.fromEntries(Object.entries(identifiers).map(([name, id]) => [name, moved(id)])),
      '__main__.__start__': { pc: 0 },
      '__main__.__end__': { pc: 4 },
    },
  };
}
