import type { MutationOutcome } from './mutateHints.ts';

/** A value of a hint that the OS program leaves to the prover, and why that does no harm. */
export interface FreeValue {
  /** Name of the hint, and place of the value among those that it writes. */
  value: string;
  /** How runs end in which it is another. */
  outcome: Exclude<MutationOutcome, 'rejected'>;
  reason: string;
}

const FLAG = 'a flag: any value but 0 says the same; the wrong branch is rejected';
const BLOCK = 'how many steps are done at once; the sum is the same';
const PARENT = 'in the hash of the parent (output word 4), which L1 compares with the block it knows';

const flags = (names: readonly string[]): FreeValue[] =>
  names.map((name) => ({ value: `${name}[0]`, outcome: 'same output', reason: FLAG }));

/** Values that runs of an empty block accept although they are others. */
export const FREE_VALUES: readonly FreeValue[] = [
  ...flags([
    'cairn.os.has_readable_hash',
    'cairn.os.is_15_bits',
    'cairn.os.is_252_bits',
    'cairn.os.is_repeated',
    'cairn.os.is_last_packed_word',
    'cairn.patricia.has_left_updates',
    'cairn.patricia.has_right_updates',
    'cairn.patricia.is_edge',
    'cairn.patricia.leaves_edge',
    'cairn.poseidon.is_last',
    'cairn.pow.bit',
    'cairn.squash_dict.is_last_access',
  ]),
  { value: 'cairn.poseidon.is_block[0]', outcome: 'same output', reason: BLOCK },
  {
    value: 'cairn.squash_dict.has_big_keys[0]',
    outcome: 'same output',
    reason: 'which of two ways shows that keys are sorted; both prove it',
  },
  {
    value: 'cairn.pow.bit_count_to_range_check[0]',
    outcome: 'same output',
    reason: 'leading zero bits of an exponent; the power is the same',
  },
  ...[
    ['cairn.os.block_header[0]', 'the sequencer address'],
    ['cairn.os.block_header[1]', 'the timestamp, from the parent’s on'],
    ['cairn.os.is_blob_block[0]', 'the mode of data availability'],
  ].map(
    ([value, what]): FreeValue => ({
      value: value!,
      outcome: 'other output',
      reason: `${what}: chosen by the block's producer, in the block hash (output word 5)`,
    }),
  ),
  ...[3, 4, 5, 6, 7, 8, 9, 10, 11].map(
    (place): FreeValue => ({
      value: `cairn.os.next_ancestor[${place}]`,
      outcome: 'other output',
      reason: PARENT,
    }),
  ),
  ...[1, 2].map(
    (place): FreeValue => ({
      value: `cairn.os.chain_config[${place}]`,
      outcome: 'other output',
      reason: 'in the config hash (output word 7), which L1 compares',
    }),
  ),
  {
    value: 'cairn.os.is_full_output[0]',
    outcome: 'other output',
    reason: 'output word 9, which L1 compares',
  },
];

/** Hints after whose change an honest later hint cannot go on; the attack tests say what a dishonest one can do. */
export const STOPPING_HINTS: readonly string[] = [
  'cairn.log2_ceil.to_range_check',
  'cairn.math.quotient_to_range_checks',
  'cairn.os.block_count',
  'cairn.os.block_hashes',
  'cairn.os.contracts_root',
  'cairn.os.data_place',
  'cairn.os.is_user_contract',
  'cairn.os.next_ancestor',
  'cairn.os.storage_root',
  'cairn.os.transaction_count',
  'cairn.patricia.has_left_updates',
  'cairn.patricia.has_right_updates',
  'cairn.patricia.is_edge',
  'cairn.pow.bit_count_to_range_check',
  'cairn.squash_dict.first_distance',
  'cairn.squash_dict.is_last_access',
];
