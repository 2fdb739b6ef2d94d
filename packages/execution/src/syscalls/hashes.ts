import { offsetBy, type Relocatable } from '@cairn/cairo';
import { type Felt, keccakF1600, sha256Compress } from '@cairn/primitives';
import type { SyscallName } from '@cairn/protocol';
import { sha512Compress } from './sha512Compress.ts';
import type { StarknetSyscalls } from './starknetSyscalls.ts';
import { invalidInput, type Syscall, SyscallRevert } from './syscall.ts';
import { syscallGas } from './syscallGas.ts';

/** Words of 64 bits that one round of keccak-256 absorbs. */
const KECCAK_RATE_WORDS = 17;
/** Words of a SHA-2 state and of a block. */
const STATE_WORDS = 8;
const BLOCK_WORDS = 16;

/** Keccak-256 over whole blocks of 17 words; the contract has done the padding. */
export const keccak: Syscall<Felt[]> = {
  name: 'Keccak',
  read: (reader) => reader.felts(),
  run: (words, frame, gas) => {
    if (words.length % KECCAK_RATE_WORDS !== 0) throw SyscallRevert.withText('Invalid input length');
    const roundCount = words.length / KECCAK_RATE_WORDS;
    const price = BigInt(roundCount) * syscallGas('KeccakRound', 0, frame.context.transaction.constants);
    if (price > gas.remaining) throw SyscallRevert.withText('Out of gas');
    gas.remaining -= price;
    frame.countUse('Keccak', roundCount);
    const state = new BigUint64Array(25);
    for (let start = 0; start < words.length; start += KECCAK_RATE_WORDS) {
      for (let i = 0; i < KECCAK_RATE_WORDS; i++) {
        const word = words[start + i]!;
        if (word >= 1n << 64n) throw invalidInput(word, 'Invalid input for the keccak syscall.');
        state[i] = state[i]! ^ word;
      }
      keccakF1600(state);
    }
    return [state[0]! + (state[1]! << 64n), state[2]! + (state[3]! << 64n)];
  },
};

/** One block of SHA-256: a new state after 16 words of 32 bits. */
export const sha256ProcessBlock: Syscall<{ state: Relocatable; input: Relocatable }> = {
  name: 'Sha256ProcessBlock',
  read: (reader) => ({ state: reader.pointer(), input: reader.pointer() }),
  run: ({ state, input }, frame) => {
    const words = (start: Relocatable, count: number): Uint32Array =>
      Uint32Array.from(readWords(frame, start, count, 32n, 'sha256'), Number);
    const next = sha256Compress(words(state, STATE_WORDS), words(input, BLOCK_WORDS));
    return [storeState(frame, 'Sha256ProcessBlock', Array.from(next, BigInt))];
  },
};

/** One block of SHA-512: a new state after 16 words of 64 bits. */
export const sha512ProcessBlock: Syscall<{ state: Relocatable; input: Relocatable }> = {
  name: 'Sha512ProcessBlock',
  read: (reader) => ({ state: reader.pointer(), input: reader.pointer() }),
  run: ({ state, input }, frame) => {
    const words = (start: Relocatable, count: number): Felt[] =>
      readWords(frame, start, count, 64n, 'sha512');
    const next = sha512Compress(words(state, STATE_WORDS), words(input, BLOCK_WORDS));
    return [storeState(frame, 'Sha512ProcessBlock', next)];
  },
};

function readWords(
  frame: StarknetSyscalls,
  start: Relocatable,
  count: number,
  bits: bigint,
  hash: string,
): Felt[] {
  const words = frame.memory.readFelts(start, count);
  const tooLarge = words.find((word) => word >= 1n << bits);
  if (tooLarge !== undefined) throw invalidInput(tooLarge, `Invalid input for the ${hash} syscall.`);
  return words;
}

/** Writes a state behind the earlier ones of its kind, as contracts never read their addresses. */
function storeState(frame: StarknetSyscalls, name: SyscallName, state: readonly Felt[]): Relocatable {
  const start = frame.hashStateEnds.get(name) ?? frame.memory.addSegment();
  for (const [i, word] of state.entries()) frame.memory.write(offsetBy(start, i), word);
  frame.hashStateEnds.set(name, offsetBy(start, state.length));
  return start;
}
