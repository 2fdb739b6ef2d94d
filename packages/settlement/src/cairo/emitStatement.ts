import {
  ADDRESS_BOUND_LOG,
  type CairoAir,
  ENTRY_INSTRUCTIONS,
  ENTRY_WORDS,
  encodeHeadPrefix,
  layoutName,
  PROVABLE_BUILTINS,
} from '@cairn/cairo-air';
import { bytesToHex, CairnError, type Felt, invariant, PRIME, shortString } from '@cairn/primitives';
import type { SettlementErrorCode } from '../errors.ts';
import { callBlock } from '../verifier/callBlock.ts';
import { digits, STATEMENT_SELECTORS } from '../verifier/emitCore.ts';
import type { StatementSource } from '../verifier/emitVerifier.ts';
import { REJECTION_NUMBERS } from '../verifier/rejectionCodes.ts';
import { contractText, fieldFunctions, fillIn } from '../verifier/yulText.ts';

/** A program whose words are constants of a statement contract. */
export interface FixedProgram {
  readonly program: readonly Felt[];
  /** Offset of its entry. */
  readonly start: number;
  /**
   * What claims call it; whoever emits the contract answers for it. Absent for a bootloader: then claims are of the tasks that
   * its output names.
   */
  readonly programHash?: Felt;
}

const WORD = 32;
/** Words below this are held in eight bytes, the others in 40. */
const SHORT_WORD = 2n ** 63n;
/** Fields that entries use: an id and 28 limbs. */
const ENTRY_FIELDS = 29;
/** Bytes of a builtin's name, which stands at their end. */
const NAME_BYTES = 16;

/** The words of a fixed program as the contract unpacks them. @throws CairnError `INVALID_PROGRAM`. */
function programHex(program: readonly Felt[]): string {
  return program
    .map((value, i) => {
      if (value < 0n || value >= PRIME) {
        throw new CairnError<SettlementErrorCode>(
          'INVALID_PROGRAM',
          `word ${i} of the fixed program: got ${value}, expected a felt`,
        );
      }
      const hex = (bytes: number, word: bigint) => word.toString(16).padStart(2 * bytes, '0');
      return value < SHORT_WORD ? hex(8, value) : hex(8, SHORT_WORD) + hex(WORD, value);
    })
    .join('');
}

/**
 * The contract that checks statements of Cairo proofs in a layout, makes their public values and sums up their entries. With
 * a fixed program its words are constants of the contract, else they are part of each statement. In a layout that has a
 * program of its own, the fixed one is the entry before that.
 * @throws CairnError `INVALID_PROGRAM`.
 */
export function emitStatement(known: CairoAir, fixed?: FixedProgram): StatementSource {
  const { air, boundary, digest, builtins } = known;
  const committed = known.layout.program;
  if (committed !== undefined && fixed?.program.length !== ENTRY_WORDS)
    throw new CairnError<SettlementErrorCode>(
      'INVALID_PROGRAM',
      `fixed words before the program of the layout: got ${fixed?.program.length ?? 0}, expected the entry's ${ENTRY_WORDS}`,
    );
  const bus = (name: string) => air.buses.findIndex((candidate) => candidate.name === name);
  const { initialPc, initialAp, finalPc, finalAp } = boundary;
  // The contract writes public values in this order.
  const cells = [initialPc, initialAp, finalPc, finalAp, ...digest, ...builtins.map(({ start }) => start)];
  invariant(
    cells.length === air.publicCells.length && cells.every(({ publicCell }, i) => publicCell === i),
    'public cells of the Cairo AIR are in another order',
  );
  const tableOf = new Map(builtins.map(({ table }) => [table.name, table]));
  const properties = PROVABLE_BUILTINS.flatMap(({ name }) => {
    const table = tableOf.get(name);
    if (table === undefined) return [0, 1, 0];
    const index = air.tables.findIndex((candidate) => candidate.name === name);
    return [table.cellsPerInstance, table.rowsPerInstance, index];
  });
  const builtinsHex = digits(properties, 4);
  const names = PROVABLE_BUILTINS.map(({ name }) =>
    shortString(name)
      .toString(16)
      .padStart(2 * NAME_BYTES, '0'),
  );
  const prefix = encodeHeadPrefix(layoutName(known.layout));
  const program = programHex(fixed?.program ?? []);
  const { alphaCount } = callBlock(air, 0, 0, 0);
  invariant(alphaCount >= ENTRY_FIELDS, 'no bus of the Cairo AIR is as wide as the limbs');

  const places: Record<string, number> = {};
  let next = 0x40;
  const place = (name: string, words: number) => {
    places[name] = next;
    next += WORD * words;
  };
  for (const list of ['PROGRAM', 'OUTPUT', 'TAKEN', 'UNUSED', 'IDS']) place(list, 2);
  for (const name of ['HEAD_END', 'ENTRY', 'INITIAL_AP', 'FINAL_AP', 'MEMORY_BASE', 'LIMBS_BASE'])
    place(name, 1);
  place('BUILTINS', Math.ceil(builtinsHex.length / 2 / WORD));
  place('ALPHAS', ENTRY_FIELDS);
  // Answers, intervals of the segments, names, or the packed program: one after the other.
  place(
    'OUT',
    Math.max(2 + Math.ceil(cells.length / 8), 2 * builtins.length, Math.ceil(program.length / 2 / WORD) + 2),
  );
  place('HEAD', 0);

  const source = fillIn(contractText('CairoStatement.yul'), {
    ...REJECTION_NUMBERS,
    ...STATEMENT_SELECTORS,
    ...places,
    CHALLENGE_BYTES: WORD * (1 + alphaCount),
    TABLE_COUNT: air.tables.length,
    PUBLIC_BYTES: 4 * air.publicCells.length,
    BUILTIN_COUNT: PROVABLE_BUILTINS.length,
    PROVEN: PROVABLE_BUILTINS.reduce(
      (mask, { name }, i) => (tableOf.has(name) ? mask | (1n << BigInt(i)) : mask),
      0n,
    ),
    ADDRESS_BOUND: 2 ** ADDRESS_BOUND_LOG,
    PRIME,
    AP_ADD: ENTRY_INSTRUCTIONS.apAdd,
    CALL_REL: ENTRY_INSTRUCTIONS.callRel,
    JUMP_REL: ENTRY_INSTRUCTIONS.jumpRel,
    MEMORY_ID: air.buses[bus('memory')]!.id,
    LIMBS_ID: air.buses[bus('limbs')]!.id,
    FIXED_ENTRY: fixed?.start ?? 0,
    FIXED_PROGRAM: fixed === undefined ? 0 : 1,
    PROGRAM_WORDS: fixed?.program.length ?? 0,
    COMMITTED_WORDS: committed?.words.length ?? 0,
    PROGRAM_HASH: fixed?.programHash ?? 0n,
    IS_BOOTLOADER: fixed !== undefined && fixed.programHash === undefined ? 1 : 0,
    PREFIX_BYTES: prefix.length,
    PREFIX_HEX: bytesToHex(prefix),
    BUILTINS_HEX: builtinsHex,
    NAMES_HEX: names.join(''),
    PROGRAM_HEX: program,
    FIELD: fieldFunctions(),
  });
  return { source, buses: [bus('memory'), bus('limbs')] };
}
