import {
  BLAKE2S_256_INITIAL_STATE,
  bigIntToBytes,
  blake2sCompress,
  bytesToBigInt,
  concatBytes,
  keccak256,
  keccakF1600,
  SHA256_INITIAL_STATE,
  sha256Compress,
} from '@cairn/primitives';
import { offsetBy, type Relocatable } from '../../relocatable.ts';
import type { HintContext } from '../hintContext.ts';
import { difference } from '../hintContext.ts';
import { asFelt } from '../reference.ts';

const MASK_64 = (1n << 64n) - 1n;

function words(h: HintContext, start: Relocatable, count: number): Uint32Array {
  return Uint32Array.from(h.readAll(start, count), (value) => Number(asFelt(value)));
}

/** Keccak-f on a state of 64-bit words. */
function permute(state: readonly bigint[]): bigint[] {
  const lanes = BigUint64Array.from(state);
  keccakF1600(lanes);
  return [...lanes];
}

/** Keccak-f on the cells of the keccak builtin's struct or on 25 words: their count tells. */
function keccakFunction(h: HintContext, start: Relocatable): bigint[] {
  const count = h.count('KECCAK_STATE_SIZE_FELTS');
  h.assert(count < 100, `KECCAK_STATE_SIZE_FELTS: got ${count}, expected less than 100`);
  return permute(h.memory.readFelts(start, count));
}

function setKeccak(h: HintContext, bytes: Uint8Array): void {
  const hash = keccak256(bytes);
  h.set('high', bytesToBigInt(hash.subarray(0, 16)));
  h.set('low', bytesToBigInt(hash.subarray(16)));
}

function blake(message: Uint32Array, byteCount: number): bigint[] {
  return [...blake2sCompress(BLAKE2S_256_INITIAL_STATE, message, byteCount, true)].map(BigInt);
}

/** Instances that fill up a batch of Blake2s: state and message in the order of the program's struct. */
function padBlake2s(h: HintContext, chunkName: string, stateFirst: boolean): void {
  const message = new Array<bigint>(h.count(chunkName)).fill(0n);
  const iv = [...BLAKE2S_256_INITIAL_STATE].map(BigInt);
  const output = blake(new Uint32Array(16), 0);
  const instance = [...(stateFirst ? [...iv, ...message] : [...message, ...iv]), 0n, 0xffffffffn, ...output];
  h.writeAll(h.pointer('blake2s_ptr_end'), repeat(instance, h.count('N_PACKED_INSTANCES') - 1));
}

function padKeccak(h: HintContext): void {
  const input = new Array<bigint>(h.count('KECCAK_STATE_SIZE_FELTS')).fill(0n);
  h.writeAll(h.pointer('keccak_ptr_end'), repeat([...input, ...permute(input)], h.count('BLOCK_SIZE')));
}

function repeat<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, () => items).flat();
}

/** Splits `[inputs + index]` at byte `index / 3` into `highN` and `lowN`. */
function splitInput(h: HintContext, index: number, bytes: bigint): void {
  const value = h.memory.readFelt(offsetBy(h.pointer('inputs'), index));
  h.set(`high${index}`, value >> (8n * bytes));
  h.set(`low${index}`, value & ((1n << (8n * bytes)) - 1n));
}

function setWords(h: HintContext, values: readonly bigint[]): void {
  h.writeAll(h.pointer('data'), values);
}

const word32 = (value: bigint, index: number): bigint => (value >> BigInt(32 * index)) & 0xffffffffn;
const FOUR = [0, 1, 2, 3];

/** Hints of `keccak`, `cairo_keccak`, `blake2s`, `sha256` and their byte handling. */
export const HASH_HINTS = {
  unsafeKeccak: (h: HintContext) => {
    const length = h.count('length');
    const parts: Uint8Array[] = [];
    for (let at = 0; at < length; at += 16) {
      const size = Math.min(16, length - at);
      parts.push(bigIntToBytes(h.memory.readFelt(offsetBy(h.pointer('data'), at / 16)), size));
    }
    setKeccak(h, concatBytes(...parts));
  },
  unsafeKeccakFinalize: (h: HintContext) => {
    const start = h.pointer('keccak_state.start_ptr');
    const count = Number(difference(h.get('keccak_state.end_ptr'), start));
    setKeccak(h, concatBytes(...h.memory.readFelts(start, count).map((word) => bigIntToBytes(word, 16))));
  },
  keccakBlock: (h: HintContext) => {
    const end = h.pointer('keccak_ptr');
    h.writeAll(end, keccakFunction(h, offsetBy(end, -h.count('KECCAK_STATE_SIZE_FELTS'))));
  },
  keccakBlockToOutput: (h: HintContext) =>
    h.writeAll(h.pointer('output'), keccakFunction(h, h.pointer('keccak_ptr_start'))),
  keccakPadding: padKeccak,
  keccakWriteUint256: (h: HintContext) => {
    const inputs = h.pointer('inputs');
    const [low, high] = [h.felt('low'), h.felt('high')];
    h.writeAll(inputs, [low & MASK_64, low >> 64n, high & MASK_64, high >> 64n]);
  },
  keccakLessThanWord: (h: HintContext) => h.setAp(h.felt('n_bytes') < h.felt('BYTES_IN_WORD')),
  keccakFullRate: (h: HintContext) => h.setAp(h.felt('n_bytes') >= h.felt('KECCAK_FULL_RATE_IN_BYTES')),
  keccakWordsToCopy: (h: HintContext) => {
    const size = h.felt('BYTES_IN_WORD');
    h.set('n_words_to_copy', h.felt('n_bytes') / size);
    h.set('n_bytes_left', h.felt('n_bytes') % size);
  },
  keccakFullWord: (h: HintContext) => h.set('full_word', h.felt('n_bytes') >= 8n),
  splitOutput0: (h: HintContext) => {
    h.set('output0_low', h.felt('output0') & ((1n << 128n) - 1n));
    h.set('output0_high', h.felt('output0') >> 128n);
  },
  splitOutput1: (h: HintContext) => {
    const rest = h.felt('output1') >> 56n;
    h.set('output1_low', h.felt('output1') & ((1n << 56n) - 1n));
    h.set('output1_mid', rest & ((1n << 128n) - 1n));
    h.set('output1_high', rest >> 128n);
  },
  splitInput3: (h: HintContext) => splitInput(h, 3, 1n),
  splitInput6: (h: HintContext) => splitInput(h, 6, 2n),
  splitInput9: (h: HintContext) => splitInput(h, 9, 3n),
  splitInput12: (h: HintContext) => splitInput(h, 12, 4n),
  splitInput15: (h: HintContext) => splitInput(h, 15, 5n),
  blake2sCompute: (h: HintContext) => {
    // The instance ends where its output starts: state (8), message (16), two counters.
    const output = h.pointer('output');
    const state = words(h, offsetBy(output, -26), 8);
    const message = words(h, offsetBy(output, -18), 16);
    const [t, f] = h.memory.readFelts(offsetBy(output, -2), 2) as [bigint, bigint];
    h.writeAll(output, [...blake2sCompress(state, message, Number(t), f !== 0n)].map(BigInt));
  },
  blake2sComputeSingle: (h: HintContext) => {
    const message = words(h, h.pointer('blake2s_start'), h.count('BLAKE2S_INPUT_CHUNK_SIZE_FELTS'));
    h.writeAll(h.pointer('output'), blake(message, h.count('n_bytes')));
  },
  blake2sPadding: (h: HintContext) => padBlake2s(h, 'INPUT_BLOCK_FELTS', true),
  blake2sPaddingChunks: (h: HintContext) => padBlake2s(h, 'BLAKE2S_INPUT_CHUNK_SIZE_FELTS', true),
  blake2sPaddingMessageFirst: (h: HintContext) => padBlake2s(h, 'BLAKE2S_INPUT_CHUNK_SIZE_FELTS', false),
  blake2sAddUint256: (h: HintContext) =>
    setWords(h, [
      ...FOUR.map((i) => word32(h.felt('low'), i)),
      ...FOUR.map((i) => word32(h.felt('high'), i)),
    ]),
  blake2sAddUint256BigEndian: (h: HintContext) =>
    setWords(h, [
      ...FOUR.map((i) => word32(h.felt('high'), 3 - i)),
      ...FOUR.map((i) => word32(h.felt('low'), 3 - i)),
    ]),
  sha256Chunk: (h: HintContext) => {
    const message = words(h, h.pointer('sha256_start'), h.count('SHA256_INPUT_CHUNK_SIZE_FELTS'));
    h.writeAll(h.pointer('output'), [...sha256Compress(SHA256_INITIAL_STATE, message)].map(BigInt));
  },
  sha256NextState: (h: HintContext) => {
    const message = words(h, h.pointer('sha256_start'), h.count('SHA256_INPUT_CHUNK_SIZE_FELTS'));
    const state = words(h, h.pointer('state'), h.count('SHA256_STATE_SIZE_FELTS'));
    h.writeAll(h.pointer('output'), [...sha256Compress(state, message)].map(BigInt));
  },
  sha256Padding: (h: HintContext) => {
    const message = new Array<bigint>(h.count('SHA256_INPUT_CHUNK_SIZE_FELTS')).fill(0n);
    const output = [...sha256Compress(SHA256_INITIAL_STATE, new Uint32Array(16))].map(BigInt);
    const instance = [...message, ...[...SHA256_INITIAL_STATE].map(BigInt), ...output];
    h.writeAll(h.pointer('sha256_ptr_end'), repeat(instance, h.count('BLOCK_SIZE') - 1));
  },
  sha256FullWord: (h: HintContext) => h.set('full_word', h.felt('n_bytes') >= 4n),
};
