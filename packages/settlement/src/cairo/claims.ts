import type { CairoStatement } from '@cairn/cairo-air';
import {
  bigIntToBytes,
  bytesToBigInt,
  concatBytes,
  type Felt,
  keccak256,
  PRIME,
  shortString,
} from '@cairn/primitives';

const WORD = 32;
/** Words of the entry before the one that holds the distance of `main`, and from where that counts. */
const CALL_AT = 2;

const hashWords = (words: readonly bigint[]): bigint =>
  bytesToBigInt(keccak256(concatBytes(...words.map((word) => bigIntToBytes(word, WORD)))));

const asWord = (value: bigint): `0x${string}` => `0x${value.toString(16).padStart(2 * WORD, '0')}`;

/**
 * What contracts call the program of a statement that is not fixed: Keccak-256 of the words that SHARP hashes a program from,
 * 0 (version of the bootloader), offset of main, number and names of builtins, words of the program.
 * @see os-and-settlement.md section 5
 */
export function keccakProgramHash({ program, entryOffset, builtins }: CairoStatement): bigint {
  const main = (BigInt(entryOffset + CALL_AT) + program[entryOffset + CALL_AT + 1]!) % PRIME;
  const names = builtins.map(({ name }) => shortString(name));
  return hashWords([0n, main, BigInt(names.length), ...names, ...program]);
}

/** The claim that a program has run with this output: Keccak-256 of its hash and of the output root, as SHARP's facts. */
export function programClaim(programHash: bigint, output: readonly Felt[]): `0x${string}` {
  return `0x${hashWords([programHash, hashWords(output)])
    .toString(16)
    .padStart(2 * WORD, '0')}`;
}

/**
 * The claims of tasks that have run together under a bootloader, in their order. One alone has the claim of its program. With
 * several each says, too, which: Keccak-256 of that claim and of the Keccak-256 of all their hashes, because a task could have
 * written the others' outputs (docs/adr/010-bootloader.md).
 */
export function taskClaims(
  tasks: readonly { readonly programHash: bigint; readonly output: readonly Felt[] }[],
): `0x${string}`[] {
  const claims = tasks.map(({ programHash, output }) => programClaim(programHash, output));
  if (claims.length <= 1) return claims;
  const all = hashWords(tasks.map(({ programHash }) => programHash));
  return claims.map((claim) => asWord(hashWords([BigInt(claim), all])));
}
