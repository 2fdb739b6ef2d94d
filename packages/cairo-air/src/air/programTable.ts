import { bigIntToBytes, bytesToHex, concatBytes, type Felt, keccak256 } from '@cairn/primitives';
import { type AirBuilder, anyM31, bit, type M31 } from '@cairn/stark';
import { ENTRY_WORDS, PROGRAM_START } from '../statement/cairoStatement.ts';
import { splitFelt } from '../witness/splitFelt.ts';
import { logHeightFor, TableColumns } from '../witness/tableColumns.ts';
import type { Witness } from '../witness/witness.ts';
import type { CairoBuses } from './buses.ts';
import { bitsFrom, LIMB_COUNT, upTo } from './valueForm.ts';

/**
 * A program whose words are fixed columns of a layout: a key of the layout binds it, at a cost that does not grow with its
 * length. Its words lie right behind those of the statement, which are the entry alone.
 */
export interface CommittedProgram {
  /** Keccak-256 of the words, in hex. */
  readonly name: string;
  readonly words: readonly Felt[];
}

/** The program of these words. */
export function committedProgram(words: readonly Felt[]): CommittedProgram {
  return { name: bytesToHex(keccak256(concatBytes(...words.map((word) => bigIntToBytes(word, 32))))), words };
}

const NAME = 'program';
/** Address of its first word. */
const FIRST_ADDRESS = PROGRAM_START + ENTRY_WORDS;

/** The words in memory: one row each, whose value is the fixed one. */
export function declareProgram(a: AirBuilder, buses: CairoBuses, { words }: CommittedProgram): void {
  const limbs = words.map((word) => {
    const split = new Uint16Array(LIMB_COUNT);
    splitFelt(word, split, 0, LIMB_COUNT);
    return split;
  });
  const limbType = bitsFrom(9, 'fixed');
  a.table(NAME, { logHeight: logHeightFor(words.length), padding: 'none' }, (t) => {
    const isWord = t.fixed('is word', bit, (row): M31 => (row < words.length ? 1 : 0));
    const address = t.fixed('address', anyM31, (row): M31 => FIRST_ADDRESS + row);
    const values = upTo(LIMB_COUNT).map((i) =>
      t.fixed(`limb${i}`, limbType, (row): M31 => limbs[row]?.[i] ?? 0),
    );
    const id = t.free('id', anyM31, { reason: 'names the value, which is looked up' });
    t.use('cell', buses.memory, [address, id], isWord);
    t.use('value', buses.limbs, [id, ...values], isWord);
  });
}

/** Fills the table. */
export function fillProgram(witness: Witness, { words }: CommittedProgram): void {
  const table = new TableColumns(logHeightFor(words.length));
  const [isWord, address, id] = [table.column('is word'), table.column('address'), table.column('id')];
  const limbs = upTo(LIMB_COUNT).map((i) => table.column(`limb${i}`));
  const split = new Uint16Array(LIMB_COUNT);
  for (let row = 0; row < table.height; row++) address[row] = FIRST_ADDRESS + row;
  words.forEach((word, row) => {
    isWord[row] = 1;
    id[row] = witness.memory.read(FIRST_ADDRESS + row);
    witness.values.use('limbs', id[row]!);
    splitFelt(word, split, 0, LIMB_COUNT);
    limbs.forEach((column, i) => {
      column[row] = split[i]!;
    });
  });
  witness.tables[NAME] = table;
}
