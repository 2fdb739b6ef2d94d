import { offsetBy, type Relocatable } from '@cairn/cairo';
import { type Felt, keccakF1600, sha256Compress } from '@cairn/primitives';
import { invalidInput, type Syscall, SyscallRevert } from './syscall.ts';
import { syscallGas } from './syscallGas.ts';

/** Words of 64 bits that one round of keccak-256 absorbs. */
const KECCAK_RATE_WORDS = 17;

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
      Uint32Array.from(frame.memory.readFelts(start, count), (felt) => {
        if (felt >= 1n << 32n) throw invalidInput(felt, 'Invalid input for the sha256 syscall.');
        return Number(felt);
      });
    const next = sha256Compress(words(state, 8), words(input, 16));
    const start = frame.hashStateEnds.get('Sha256ProcessBlock') ?? frame.memory.addSegment();
    for (const [i, word] of next.entries()) frame.memory.write(offsetBy(start, i), BigInt(word));
    frame.hashStateEnds.set('Sha256ProcessBlock', offsetBy(start, next.length));
    return [start];
  },
};
