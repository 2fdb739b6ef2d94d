import { offsetBy } from '@cairn/cairo';
import { CONFIG_PREFIX } from '../configHash.ts';
import { executionRun } from '../execution/osHintState.ts';
import { gasPriceWords, headerWords, PRODUCED_HEADER_WORDS } from '../input/headerWords.ts';
import type { LibraryHint } from './libraryHint.ts';
import type { OsRun } from './osRun.ts';

const BLOCK_HASH_DELAY = 10;

/** Hints of `block_header.cairo`, `block.cairo`, `config.cairo`, `system_contracts.cairo`, `indexed_trie.cairo`. */
export function blockHints(run: OsRun): Readonly<Record<string, LibraryHint>> {
  const { chain, blocks } = run.input;
  const firstNumber = blocks[0]!.header.blockNumber;
  return {
    'cairn.os.chain_config': (h) => h.memory.allocate([CONFIG_PREFIX, chain.chainId, chain.strkTokenAddress]),
    'cairn.os.block_count': () => blocks.length,
    'cairn.os.block_hashes': (h) =>
      h.memory.allocate([h.memory.addSegment(), BigInt(Math.max(0, firstNumber - BLOCK_HASH_DELAY))]),
    'cairn.os.is_genesis': () => firstNumber === 0,
    'cairn.os.next_ancestor': (h) => h.memory.allocate(headerWords(run.nextAncestor())),
    'cairn.os.enter_block': (h) => {
      run.enterBlock();
      executionRun(h).beginBlock();
      h.vars.set('preimage', run.preimages);
    },
    'cairn.os.block_header': (h) => {
      const words = headerWords(run.block.header);
      const start = h.memory.addSegment();
      for (const place of Object.values(PRODUCED_HEADER_WORDS))
        h.memory.write(offsetBy(start, place), words[place]!);
      run.headers.push(start);
      return start;
    },
    'cairn.os.gas_prices': (h) => h.memory.allocate(gasPriceWords(run.block.header.gasPrices)),
    'cairn.os.transaction_count': () => run.block.transactions.length,
    'cairn.os.revert_reason_hash': (h) => run.block.revertReasonHashes.at(-h.count('left'))!,
    'cairn.os.is_blob_block': () => run.block.header.l1DaMode === 'BLOB',
    'cairn.os.is_odd': (h) => h.felt('n') & 1n,
    'cairn.os.has_readable_hash': (h) => h.felt('block_number') >= BLOCK_HASH_DELAY,
  };
}
