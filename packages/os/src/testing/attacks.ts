import { type HintContext, offsetBy, type Relocatable, type VmValue } from '@cairn/cairo';
import { PRIME, poseidonMany, shortString } from '@cairn/primitives';
import type { BlockHeader } from '@cairn/protocol';
import type { LibraryHint } from '../hints/libraryHint.ts';
import { gasPriceWords } from '../input/headerWords.ts';
import type { OsInput } from '../input/osInput.ts';
import { compressionParts } from '../output/compression.ts';
import {
  ACCOUNT_CASM,
  chainWithAccount,
  classAttackInput,
  countedChain,
  crowdedChain,
  doubleTransfer,
  emptyChain,
  inputElsewhere,
  revertedTransfer,
  sharingEntryPoint,
  transferChain,
  UNUSED_CLASS,
  withUnusedClass,
} from './attackChains.ts';
import { overriding } from './mutateHints.ts';

type Hints = Readonly<Record<string, LibraryHint>>;
type Alter = (hints: Hints) => Hints;

/** An attempt to prove what is not so. */
export interface Attack {
  /** What the prover does. */
  attempt: string;
  input: () => OsInput;
  alter?: Alter;
  /** The checks that catch it, as lines of a module; without them the attempt would succeed. */
  caughtBy?: [module: string, lines: readonly string[]];
}

/** The hint, then more. */
const after =
  (name: string, then: (h: HintContext, answer: Relocatable) => void): Alter =>
  (hints) => ({
    ...hints,
    [name]: (h) => {
      const answer = hints[name]!(h);
      then(h, answer as Relocatable);
      return answer;
    },
  });

const instead =
  (name: string, hint: LibraryHint): Alter =>
  (hints) => ({ ...hints, [name]: hint });

const both =
  (...alters: Alter[]): Alter =>
  (hints) =>
    alters.reduce((altered, alter) => alter(altered), hints);

/** Writes a word of the block's header before the program does. */
const headerWord = (place: number, value: bigint): Alter =>
  after('cairn.os.block_header', (h, header) => h.memory.write(offsetBy(header, place), value));

const withHeader = (input: OsInput, changes: Partial<BlockHeader>): OsInput => {
  const [first, ...rest] = input.blocks;
  return { ...input, blocks: [{ ...first!, header: { ...first!.header, ...changes } }, ...rest] };
};

/** The input with other cells of what it says of one contract. */
const withContract = (input: OsInput, address: bigint, changes: object): OsInput => ({
  ...input,
  blocks: input.blocks.map((block) => ({
    ...block,
    contracts: block.contracts.map((it) => (it.address === address ? { ...it, ...changes } : it)),
  })),
});

const block5 = () => emptyChain().osInput(5);
const block13 = () => emptyChain().osInput(13);
const transfer = () => transferChain().osInput(1);

const BLOCK = 'cairn.os.block';
const HEADERS = 'cairn.os.block_header';

const CHAIN: Attack[] = [
  {
    attempt: 'skip a block number',
    input: block5,
    alter: headerWord(1, 6n),
    caughtBy: [BLOCK, ['assert header.block_number = parent.block_number + 1;']],
  },
  {
    attempt: 'name another parent',
    input: block5,
    alter: headerWord(13, 1n),
    caughtBy: [BLOCK, ['assert header.parent_hash = parent.block_hash;']],
  },
  {
    attempt: 'go back in time',
    input: () => withHeader(block5(), { timestamp: block5().ancestors[0]!.timestamp - 1 }),
    caughtBy: [BLOCK, ['assert [range_check_ptr] = header.timestamp - parent.timestamp;']],
  },
  {
    attempt: 'go to a time that has more than 64 bits',
    input: () => withHeader(block5(), { timestamp: 2 ** 64 }),
    caughtBy: [BLOCK, ['assert [range_check_ptr + 1] = TIMESTAMP_BOUND - 1 - header.timestamp;']],
  },
  {
    attempt: 'use a third mode of data availability',
    input: block5,
    alter: instead('cairn.os.is_blob_block', () => 2),
    caughtBy: [BLOCK, ['assert is_blob * is_blob = is_blob;']],
  },
  ...(
    [
      [2, 'state root', 'assert header.state_root = next_root;'],
      [6, 'state diff commitment', 'assert header.state_diff_commitment = commitment;'],
      [7, 'transaction commitment', 'assert header.transaction_commitment = commitment;'],
      [8, 'event commitment', 'assert header.event_commitment = commitment;'],
      [9, 'receipt commitment', 'assert header.receipt_commitment = commitment;'],
    ] as const
  ).map(
    ([place, what, check]): Attack => ({
      attempt: `tell another ${what}`,
      input: transfer,
      alter: headerWord(place, 1n),
      caughtBy: [BLOCK, [check]],
    }),
  ),
  {
    attempt: 'count other transactions, events and changes',
    input: transfer,
    alter: headerWord(5, 1n),
    caughtBy: [
      BLOCK,
      [
        'assert header.packed_counts = n_transactions * 2 ** 192 + n_events * 2 ** 128 +\n            diff_length * 2 ** 64 + is_blob * 2 ** 63;',
      ],
    ],
  },
  {
    attempt: 'hash a header of another form',
    input: block5,
    alter: headerWord(0, 1n),
    caughtBy: [HEADERS, ['assert header.prefix = BLOCK_HASH_PREFIX;']],
  },
  {
    attempt: 'hide a word in the header',
    input: block5,
    alter: headerWord(12, 1n),
    caughtBy: [HEADERS, ['assert header.zero = 0;']],
  },
  {
    attempt: 'hash prices of another form',
    input: block5,
    alter: otherPrices((words) => [shortString('OTHER'), ...words.slice(1)], true),
    caughtBy: [BLOCK, ['assert prices.prefix = GAS_PRICES_PREFIX;']],
  },
  {
    attempt: 'charge prices that the header does not tell',
    input: block5,
    alter: otherPrices((words) => [...words.slice(0, -1), 1n], false),
    caughtBy: [BLOCK, ['assert hash = prices_hash;']],
  },
  ...['l1_gas.wei', 'l1_gas.fri', 'l1_data_gas.wei', 'l1_data_gas.fri', 'l2_gas.wei', 'l2_gas.fri'].map(
    (name, i): Attack => ({
      attempt: `use a price of more than 128 bits, ${name}`,
      input: block5,
      alter: otherPrices((words) => words.map((word, j) => (j === i + 1 ? 2n ** 128n : word)), true),
      caughtBy: [BLOCK, [`assert [range_check_ptr${i === 0 ? '' : ` + ${i}`}] = prices.${name};`]],
    }),
  ),
  {
    attempt: 'show another block ten back by a forged ancestor',
    input: block13,
    alter: (hints) => {
      let count = 0;
      return {
        ...hints,
        'cairn.os.next_ancestor': (h) => {
          const start = hints['cairn.os.next_ancestor']!(h) as Relocatable;
          if (++count < 9) return start;
          return h.memory.allocate([...h.memory.readFelts(start, 13), 0xbadn]);
        },
      };
    },
    caughtBy: [HEADERS, ['assert header_hash = hash;']],
  },
  {
    attempt: 'write another hash of the block ten back into the list',
    input: block13,
    alter: knownHash(0, 0xbadn),
    caughtBy: [HEADERS, ['assert hashes[left - 1] = hash;']],
  },
  {
    attempt: 'write another hash of the parent into the list',
    input: () => emptyChain().osInput(13, 22),
    alter: knownHash(9, 0xbadn),
    caughtBy: [HEADERS, ['assert known.hashes[index] = hash;']],
  },
  {
    attempt: 'write another hash of a block of the run into the list',
    input: () => emptyChain().osInput(13, 23),
    alter: knownHash(10, 0xbadn),
    caughtBy: ['cairn.os.main', ['assert context.known.hashes[index] = block.block_hash;']],
  },
  {
    attempt: 'store a hash from below the list',
    input: block13,
    alter: instead('cairn.os.block_hashes', (h) => {
      const hashes = h.memory.allocate([1n, 2n, 3n, 4n, 5n]);
      return h.memory.allocate([offsetBy(hashes, 5), 8n]);
    }),
    caughtBy: ['cairn.os.system_contracts', ['assert [range_check_ptr] = index;']],
  },
  {
    attempt: 'leave out the hash ten back',
    input: block13,
    alter: instead('cairn.os.has_readable_hash', () => 0),
    caughtBy: [
      'cairn.os.system_contracts',
      ['assert [range_check_ptr] = BLOCK_HASH_DELAY - 1 - block_number;'],
    ],
  },
  {
    attempt: 'start from another state than the parent ends in',
    input: () => ({
      ...crowdedChain(5).osInput(13),
      blocks: crowdedChain(6)
        .osInput(13)
        .blocks.map((block) => ({ ...block, header: block13().blocks[0]!.header })),
    }),
    caughtBy: ['cairn.os.main', ['assert prev_root = parent.state_root;']],
  },
  { attempt: 'run no block', input: block5, alter: instead('cairn.os.block_count', () => 0) },
  {
    attempt: 'run a negative number of transactions',
    input: block5,
    alter: instead('cairn.os.transaction_count', () => -1),
  },
  {
    attempt: 'take an odd number of transactions for an even one',
    input: () => doubleTransfer(3).osInput(1),
    alter: instead('cairn.os.is_odd', () => 0),
  },
  {
    attempt: 'write a receipt of a failure for a transaction that succeeded',
    input: transfer,
    alter: instead('cairn.os.revert_reason_hash', () => 1n),
    caughtBy: ['cairn.os.commitments', ['assert revert_reason_hash = 0;']],
  },
  {
    attempt: 'write a receipt of success for a transaction that failed',
    input: () => revertedTransfer().osInput(1),
    alter: instead('cairn.os.revert_reason_hash', () => 0n),
    caughtBy: ['cairn.os.commitments', ['assert_not_zero(revert_reason_hash);']],
  },
  {
    attempt: 'use a config of another form',
    input: block5,
    alter: instead('cairn.os.chain_config', (h) => h.memory.allocate([1n, 2n, 3n])),
    caughtBy: ['cairn.os.config', ['assert config.prefix = CONFIG_PREFIX;']],
  },
];

/** Words of prices put in place of the true ones, perhaps with their hash in the header. */
function otherPrices(change: (words: bigint[]) => bigint[], isHashed: boolean): Alter {
  const words = change(gasPriceWords(block5().blocks[0]!.header.gasPrices));
  const prices = instead('cairn.os.gas_prices', (h) => h.memory.allocate(words));
  if (!isHashed) return prices;
  return both(prices, (hints) => ({
    ...hints,
    'cairn.os.block_header': (h) => {
      const memory = overriding(h.memory, {
        write: (at: Relocatable, value: VmValue) =>
          h.memory.write(at, at.offset === 10 ? poseidonMany(words) : value),
      });
      return hints['cairn.os.block_header']!(overriding(h, { memory }));
    },
  }));
}

function knownHash(index: number, hash: bigint): Alter {
  return after('cairn.os.block_hashes', (h, known) =>
    h.memory.write(offsetBy(h.memory.readPointer(known), index), hash),
  );
}

const ALIASES = 'cairn.os.aliases';

const STATE: Attack[] = [
  {
    attempt: 'take a user contract for a system contract',
    input: transfer,
    alter: instead('cairn.os.is_user_contract', () => 0),
    caughtBy: [ALIASES, ['assert [range_check_ptr] = LAST_SYSTEM_CONTRACT - change.address;']],
  },
  {
    attempt: 'take a system contract for a user contract',
    input: block13,
    alter: instead('cairn.os.is_user_contract', () => 1),
  },
  {
    attempt: 'give no alias to an address',
    input: transfer,
    alter: instead('cairn.os.has_long_address', () => 0),
    caughtBy: [ALIASES, ['assert [range_check_ptr] = FIRST_ALIAS - 1 - change.address;']],
  },
  {
    attempt: 'give no alias to a key',
    input: transfer,
    alter: instead('cairn.os.is_long_key', () => 0),
    caughtBy: [ALIASES, ['assert [range_check_ptr] = FIRST_ALIAS - 1 - access.key;']],
  },
  {
    attempt: 'count aliases from another place',
    input: transfer,
    alter: after('cairn.os.alias_log', (h, log) => h.memory.write(log, 1n)),
    caughtBy: [ALIASES, ['assert alias_log.key = COUNTER_KEY;']],
  },
  {
    attempt: 'put the counter of aliases back',
    input: transfer,
    alter: after('cairn.os.alias_log', (h, log) => h.memory.write(offsetBy(log, 2), 128n)),
    caughtBy: [ALIASES, ['assert alias_log.new_value = next_alias;']],
  },
  {
    attempt: 'look up the alias of another number',
    input: transfer,
    alter: aliasAccess((h) => [1n, h.felt('number')], 0),
    caughtBy: [ALIASES, ['assert access.key = number;']],
  },
  {
    attempt: 'give an alias out of turn',
    input: transfer,
    alter: aliasAccess((h, stored) => [7n, stored === 0n ? h.felt('next_alias') : stored], 2),
    caughtBy: [ALIASES, ['assert access.new_value = next_alias;']],
  },
  {
    attempt: 'change an alias that was given',
    input: () => doubleTransfer(2).osInput(2),
    alter: aliasAccess((h, stored) => [7n, stored === 0n ? h.felt('next_alias') : stored], 2),
    caughtBy: [ALIASES, ['assert access.new_value = access.prev_value;']],
  },
  {
    attempt: 'leave out the writes of aliases',
    input: transfer,
    alter: after('cairn.os.alias_log', (h) => {
      const at = aliasChange(h);
      const nothing = h.memory.addSegment();
      h.memory.write(offsetBy(at, 3), nothing);
      h.memory.write(offsetBy(at, 4), nothing);
    }),
    caughtBy: [
      'cairn.os.state_changes',
      ['assert alias_change.storage = storage_end;', 'assert alias_change.storage_end = alias_storage_end;'],
    ],
  },
  ...(
    [
      ['a storage value', { storage: [[0n, 5n]] }],
      ['a class', { classHash: 5n }],
      ['a nonce', { nonce: 5n }],
      ['a storage root', { storageRoot: 0n }],
    ] as const
  ).map(
    ([what, changes]): Attack => ({
      attempt: `start from ${what} that does not stand in the tries`,
      input: () => withContract(block13(), 2n, changes),
    }),
  ),
  {
    attempt: 'revert a transfer for want of a balance that is there',
    input: transfer,
    alter: both(
      instead('cairn.execution.is_reverted', () => true),
      instead('cairn.execution.storage_value', () => 0n),
      instead('cairn.os.revert_reason_hash', () => 1n),
    ),
  },
  {
    attempt: 'give a contract another nonce than it has',
    input: transfer,
    alter: otherEntry(([classHash, log, nonce]) => [classHash!, log!, nonce === 0n ? 5n : nonce!]),
  },
  {
    attempt: 'execute a transaction again, with its nonce put back',
    input: replayedTransfer,
    alter: otherEntry(([classHash, log, nonce]) => [classHash!, log!, nonce === 2n ? 1n : nonce!]),
  },
  {
    attempt: 'tell a code of a class that does not stand in the trie',
    input: () => {
      const input = transfer();
      const [first] = input.blocks;
      const [[a, codeOfA], [b, codeOfB]] = first!.classes as [[bigint, bigint], [bigint, bigint]];
      return {
        ...input,
        blocks: [
          {
            ...first!,
            classes: [
              [a, codeOfB],
              [b, codeOfA],
            ],
          },
        ],
      };
    },
  },
];

/** What the OS first finds of contracts, class hash, storage log and nonce, with other cells. */
function otherEntry(change: (cells: readonly VmValue[]) => readonly VmValue[]): Alter {
  const name = 'cairn.execution.open_section';
  return (hints) => ({
    ...hints,
    [name]: (h) => {
      const memory = overriding(h.memory, {
        allocate: (cells: readonly VmValue[]) => h.memory.allocate(change(cells)),
      });
      return hints[name]!(overriding(h, { memory }));
    },
  });
}

/** Block 2, of a transfer of nonce 2, with the last transfer of block 1 instead, of nonce 1. */
function replayedTransfer(): OsInput {
  const chain = doubleTransfer(2);
  const { transactions } = chain.osInput(1).blocks[0]!;
  const input = chain.osInput(2);
  return {
    ...input,
    blocks: input.blocks.map((block) => ({ ...block, transactions: transactions.slice(-1) })),
  };
}

/** Writes a cell of each access to aliases: a false word into the first, true words into the others. */
function aliasAccess(
  words: (h: HintContext, stored: bigint) => [wrong: bigint, right: bigint],
  cell: number,
): Alter {
  return (hints) => {
    let count = 0;
    return after('cairn.os.stored_alias', (h) => {
      const access = h.pointer('alias_log');
      const [wrong, right] = words(h, h.memory.readFelt(offsetBy(access, 1)));
      h.memory.write(offsetBy(access, cell), count++ === 0 ? wrong : right);
    })(hints);
  };
}

/** Where the OS keeps the change of the alias contract. */
function aliasChange(h: HintContext): Relocatable {
  for (let at = h.pointer('change'); ; at = offsetBy(at, 5)) if (h.memory.readFelt(at) === 2n) return at;
}

const OUTPUT_DIFF = 'cairn.os.state_diff_output';
const COMPRESSION = 'cairn.os.compression';

const OUTPUT: Attack[] = [
  {
    attempt: 'use a third form of output',
    input: block13,
    alter: instead('cairn.os.is_full_output', () => 2),
    caughtBy: ['cairn.os.output', ['assert header.full_output * header.full_output = header.full_output;']],
  },
  {
    attempt: 'count few changes as many',
    input: block13,
    alter: instead('cairn.os.has_many_cells', () => 1),
    caughtBy: [OUTPUT_DIFF, ['assert [range_check_ptr] = n_cells - SMALL_COUNT_BOUND;']],
  },
  {
    attempt: 'count many changes as few',
    input: () => countedChain().osInput(1, 270),
    alter: instead('cairn.os.has_many_cells', () => 0),
    caughtBy: [OUTPUT_DIFF, ['assert [range_check_ptr] = SMALL_COUNT_BOUND - 1 - n_cells;']],
  },
  {
    attempt: 'put out a nonce of more than 64 bits',
    input: () => chainWithAccount({ nonce: 2n ** 64n - 1n }).osInput(1),
    caughtBy: [OUTPUT_DIFF, ['assert [range_check_ptr + 1] = NONCE_BOUND - 1 - next_nonce;']],
  },
  {
    attempt: 'put out another class than the blocks left',
    input: () => emptyChain().osInput(13, 14),
    alter: joinedEntry(0, 5n),
    caughtBy: ['cairn.os.join_blocks', ['assert prev.class_hash = change.prev.class_hash;']],
  },
  {
    attempt: 'put out another nonce than the blocks left',
    input: () => emptyChain().osInput(13, 14),
    alter: joinedEntry(2, 5n),
    caughtBy: ['cairn.os.join_blocks', ['assert prev.nonce = change.prev.nonce;']],
  },
  {
    attempt: 'put changes out under another address',
    input: () => emptyChain().osInput(13, 14),
    alter: (hints) => {
      let count = 0;
      return after('cairn.os.joined_entry', (h) =>
        h.memory.write(h.pointer('access'), count++ === 0 ? 5n : h.felt('change.address')),
      )(hints);
    },
    caughtBy: ['cairn.os.join_blocks', ['assert access.key = change.address;']],
  },
  {
    attempt: 'put out a part of the data',
    input: block13,
    alter: (hints) => {
      let wordCount = 0;
      return {
        ...hints,
        'cairn.os.compress': (h) => {
          wordCount = h.pointer('end').offset - h.pointer('words').offset;
          const pointer = (path: string) => offsetBy(h.pointer(path), path === 'end' ? -1 : 0);
          return hints['cairn.os.compress']!(overriding(h, { pointer }));
        },
        // The class of the word that is left out.
        'cairn.os.is_252_bits': (h) => {
          h.memory.write({ ...h.pointer('class'), offset: wordCount - 1 }, 0n);
          return hints['cairn.os.is_252_bits']!(h);
        },
      };
    },
    caughtBy: [COMPRESSION, ['assert parts.words_end = end;']],
  },
  {
    attempt: 'put out a word that the data does not have',
    input: block13,
    alter: otherValue(0),
    caughtBy: [COMPRESSION, ['assert [at.of_252_bits] = [word];']],
  },
  {
    attempt: 'put out a small word that the data does not have',
    input: block13,
    alter: otherValue(2),
    caughtBy: [COMPRESSION, ['assert [at.of_15_bits] = [word];']],
  },
  {
    attempt: 'put out a value more than the data has',
    input: block13,
    alter: otherParts((cells, h) => {
      h.memory.write(cells[7] as Relocatable, 3n);
      cells[7] = offsetBy(cells[7] as Relocatable, 1);
    }),
    caughtBy: [COMPRESSION, ['assert at.of_15_bits = parts.unique_end;']],
  },
  {
    attempt: 'put out an index more than the data has',
    input: block13,
    alter: otherParts((cells, h) => {
      h.memory.write(cells[8] as Relocatable, 0n);
      cells[8] = offsetBy(cells[8] as Relocatable, 1);
    }),
    caughtBy: [COMPRESSION, ['assert at.repeated = parts.repeated_end;']],
  },
  {
    attempt: 'let a large word pass for a small one',
    input: block13,
    alter: (hints) => ({
      ...hints,
      'cairn.os.compress': (h) => allSmall(h),
      'cairn.os.is_252_bits': () => 0,
      'cairn.os.is_repeated': () => 0,
      'cairn.os.is_15_bits': () => 1,
    }),
    caughtBy: [
      COMPRESSION,
      ['assert [range_check_ptr + 1] = bound - 1 - value;', 'assert [range_check_ptr] = value;'],
    ],
  },
  {
    attempt: 'pack more values into a word than it holds',
    input: () => countedChain().osInput(1, 40),
    alter: instead('cairn.os.is_last_packed_word', () => 1),
    caughtBy: [COMPRESSION, ['assert [range_check_ptr] = n_per_word - left;']],
  },
];

function joinedEntry(place: number, value: bigint): Alter {
  return (hints) => {
    let isFirst = true;
    return {
      ...hints,
      'cairn.os.joined_entry': (h) => {
        if (!isFirst) return hints['cairn.os.joined_entry']!(h);
        isFirst = false;
        const memory = overriding(h.memory, {
          allocate: (cells: readonly VmValue[]) =>
            h.memory.allocate(cells.map((c, i) => (i === place ? value : c))),
        });
        return hints['cairn.os.joined_entry']!(overriding(h, { memory }));
      },
    };
  };
}

/** The Parts of the compression with some changed. */
function otherParts(change: (cells: VmValue[], h: HintContext) => void): Alter {
  return (hints) => ({
    ...hints,
    'cairn.os.compress': (h) => {
      const cells = h.readAll(hints['cairn.os.compress']!(h) as Relocatable, 10);
      change(cells, h);
      return h.memory.allocate(cells);
    },
  });
}

/** Another unique value at that place. */
function otherValue(place: number): Alter {
  return otherParts((cells, h) => {
    const start = cells[0] as Relocatable;
    const values = h.memory.readFelts(start, (cells[7] as Relocatable).offset - start.offset);
    const moved = h.memory.allocate(values.map((value, i) => (i === place ? value + 1n : value)));
    for (const i of [0, 1, 2, 3, 4, 5, 7])
      cells[i] = offsetBy(moved, (cells[i] as Relocatable).offset - start.offset);
  });
}

/** Parts that hold all words as of 15 bits. */
function allSmall(h: HintContext): Relocatable {
  const [start, end] = [h.pointer('words'), h.pointer('end')];
  const words = h.memory.readFelts(start, end.offset - start.offset);
  const values = h.memory.allocate(words);
  const none = h.memory.addSegment();
  const valuesEnd = offsetBy(values, compressionParts(words).classes.length);
  return h.memory.allocate([...new Array(6).fill(values), none, valuesEnd, none, end]);
}

const EVALUATION = 'cairn.os.evaluation';

const inPages = () => inputElsewhere(transfer(), 'pages');

/** Evaluates other coefficients than the words of the data. */
const otherCoefficients =
  (change: (word: bigint, isLast: boolean) => bigint): Alter =>
  (hints) => ({
    ...hints,
    'cairn.os.evaluate_chunk': (h) => {
      const memory = overriding(h.memory, {
        readFelts: (start: Relocatable, count: number) =>
          h.memory.readFelts(start, count).map((word, i) => change(word, i === count - 1)),
      });
      return hints['cairn.os.evaluate_chunk']!(overriding(h, { memory }));
    },
  });

const DATA: Attack[] = [
  {
    attempt: 'put data in a fourth place',
    input: inPages,
    alter: instead('cairn.os.data_place', () => 2),
    caughtBy: ['cairn.os.output', ['assert header.use_kzg_da = DATA_IN_PAGES;']],
  },
  {
    attempt: 'evaluate other data',
    input: inPages,
    alter: otherCoefficients((word, isLast) => (isLast ? word + 1n : word)),
    caughtBy: [EVALUATION, ['assert value = words.d0 + words.d1 * 2 ** 96 + words.d2 * 2 ** 192;']],
  },
  {
    attempt: 'evaluate a word plus P',
    input: inPages,
    alter: otherCoefficients((word) => (word > 2n ** 200n ? word + PRIME : word)),
    caughtBy: [EVALUATION, ['assert [range_check_ptr] = room;']],
  },
  {
    attempt: 'evaluate a small word plus P',
    input: inPages,
    alter: otherCoefficients((word, isLast) => (isLast ? word + PRIME : word)),
    caughtBy: [EVALUATION, ['assert words.d0 = 0;', 'assert words.d1 = 0;']],
  },
  {
    attempt: 'evaluate a word with a fourth part',
    input: inPages,
    alter: otherCoefficients((word, isLast) => (isLast ? word + 2n ** 288n : word)),
    caughtBy: [EVALUATION, ['assert words.d3 = 0;']],
  },
  {
    attempt: 'tell the value in halves that are too large',
    input: inPages,
    alter: (hints) => ({
      ...hints,
      'cairn.os.split_middle': (h) => {
        const middle = h.felt('sum.d1');
        const low = (middle % 2n ** 32n) + 2n ** 32n;
        h.writeAll(h.pointer('range_check_ptr'), [low, (middle - low) / 2n ** 32n]);
      },
    }),
    caughtBy: [EVALUATION, ['assert [range_check_ptr + 2] = 2 ** 32 - 1 - middle_low;']],
  },
  {
    attempt: 'announce a chunk more than there is',
    input: () => {
      const input = inPages();
      return { ...input, data: { ...input.data, commitments: [...input.data.commitments, [1n, 2n]] } };
    },
  },
  {
    attempt: 'announce no chunk',
    input: () => ({ ...inPages(), data: { kind: 'pages', commitments: [] } }),
  },
  {
    attempt: 'evaluate too few groups of coefficients',
    input: () => inputElsewhere(countedChain().osInput(1, 40), 'pages'),
    alter: instead('cairn.os.group_count', () => 1),
  },
];

const CLASSES = 'cairn.os.compiled_class_facts';

const CODE: Attack[] = [
  {
    attempt: 'run code that is not that of the hash',
    input: () => classAttackInput((casm) => void casm.entryPointsByType.EXTERNAL.at(-1)!.offset++),
    caughtBy: [CLASSES, ['assert fact.compiled_class_hash = hash;']],
  },
  {
    attempt: 'run code behind the end of the class',
    input: transfer,
    alter: loadedClasses((cells) => {
      if (isClass(cells)) return cells.map((cell, i) => (i === CLASS_LENGTH ? (cell as bigint) + 3n : cell));
      return isCode(cells) ? [...cells, 5n, ...cells.slice(-2)] : cells;
    }),
    caughtBy: [CLASSES, ['assert end = class.bytecode_ptr + class.bytecode_length;']],
  },
  {
    attempt: 'put something else than `ret` behind the code',
    input: withUnusedClass,
    alter: loadedClasses((cells) =>
      isUnusedCode(cells) ? [...cells.slice(0, -2), 5n, cells.at(-1)!] : cells,
    ),
    caughtBy: [CLASSES, ['assert bytecode_end[0] = RET;']],
  },
  {
    attempt: 'put other prices of builtins behind the code',
    input: withUnusedClass,
    alter: loadedClasses((cells) => (isUnusedCode(cells) ? [...cells.slice(0, -1), 5n] : cells)),
    caughtBy: [CLASSES, ['assert bytecode_end[1] = cast(prices, felt);']],
  },
  {
    attempt: 'leave out code that ran',
    input: transfer,
    alter: both(
      instead('cairn.os.is_skipped_segment', () => 1),
      instead('cairn.os.contracts_have_run', () => {}),
    ),
    caughtBy: [CLASSES, ['assert code[0] = NO_INSTRUCTION;']],
  },
  {
    attempt: 'hash other builtins of an entry point than are used',
    input: () => classAttackInput((casm) => void sharingEntryPoint(casm).builtins.pop()),
    alter: (hints) => ({
      ...hints,
      'cairn.os.has_known_builtins': (h) =>
        h.felt('entry_point.selector') === sharingEntryPoint(ACCOUNT_CASM).selector ||
        hints['cairn.os.has_known_builtins']!(h),
    }),
    caughtBy: [
      CLASSES,
      ['assert entry_point.builtins = known_builtins;', 'assert entry_point.n_builtins = known_count;'],
    ],
  },
  {
    attempt: 'run a class whose entry points are not sorted',
    input: () => chainWithAccount({ hasUnsortedEntryPoints: true }).osInput(1),
    caughtBy: [CLASSES, ['assert_lt_felt(entry_point.selector, entry_point[1].selector);']],
  },
];

/** Classes loaded with other cells. */
function loadedClasses(change: (cells: readonly VmValue[]) => readonly VmValue[]): Alter {
  return (hints) => ({
    ...hints,
    'cairn.os.class_facts': (h) => {
      const memory = overriding(h.memory, {
        allocate: (cells: readonly VmValue[]) => h.memory.allocate(change(cells)),
      });
      return hints['cairn.os.class_facts']!(overriding(h, { memory }));
    },
  });
}

/** Place of the length in a CompiledClass, and its cells. */
const CLASS_LENGTH = 7;
const CLASS_CELLS = 9;

function isClass(cells: readonly VmValue[]): boolean {
  return cells[0] === shortString('COMPILED_CLASS_V1') && cells.length === CLASS_CELLS;
}

/** Code ends with the pointer to the prices. */
function isCode(cells: readonly VmValue[]): boolean {
  return cells.length > 1000 && typeof cells.at(-1) === 'object';
}

function isUnusedCode(cells: readonly VmValue[]): boolean {
  return cells.length === UNUSED_CLASS.casm.bytecode.length + 2;
}

/** What a prover may try with the half of the OS that keeps state and says what came out. */
export const ATTACKS: readonly Attack[] = [...CHAIN, ...STATE, ...OUTPUT, ...DATA, ...CODE];
