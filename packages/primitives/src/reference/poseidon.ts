import { type Felt, feltAdd, feltMod, feltMul } from '../felt.ts';
import {
  POSEIDON_FULL_ROUND_COUNT,
  POSEIDON_PARTIAL_ROUND_COUNT,
  poseidonRoundConstants,
} from '../poseidonParameters.ts';

const ROUND_CONSTANTS = poseidonRoundConstants();

function cube(x: Felt): Felt {
  return feltMul(feltMul(x, x), x);
}

/** Starknet's Hades permutation: width 3, x³, 4 + 83 + 4 rounds, matrix [[3,1,1],[1,−1,1],[1,1,−2]]. */
export function hadesPermutation(s0: Felt, s1: Felt, s2: Felt): [Felt, Felt, Felt] {
  let [a, b, c] = [s0, s1, s2];
  const halfFull = POSEIDON_FULL_ROUND_COUNT / 2;
  for (let round = 0; round < POSEIDON_FULL_ROUND_COUNT + POSEIDON_PARTIAL_ROUND_COUNT; round++) {
    a += ROUND_CONSTANTS[3 * round]!;
    b += ROUND_CONSTANTS[3 * round + 1]!;
    c = cube(c + ROUND_CONSTANTS[3 * round + 2]!);
    if (round < halfFull || round >= halfFull + POSEIDON_PARTIAL_ROUND_COUNT) {
      a = cube(a);
      b = cube(b);
    }
    const sum = a + b + c;
    [a, b, c] = [feltMod(sum + 2n * a), feltMod(sum - 2n * b), feltMod(sum - 3n * c)];
  }
  return [a, b, c];
}

/** Poseidon hash of two felts: first element of hades(a, b, 2). */
export function poseidon(a: Felt, b: Felt): Felt {
  return hadesPermutation(a, b, 2n)[0];
}

/** Poseidon hash of a list: sponge of rate 2, the input padded with 1 and then zeros to an even length. */
export function poseidonMany(xs: readonly Felt[]): Felt {
  const padded = [...xs, 1n];
  if (padded.length % 2 === 1) padded.push(0n);
  let state: [Felt, Felt, Felt] = [0n, 0n, 0n];
  for (let i = 0; i < padded.length; i += 2) {
    state = hadesPermutation(feltAdd(state[0], padded[i]!), feltAdd(state[1], padded[i + 1]!), state[2]);
  }
  return state[0];
}
