import { type BlockExecutor, SEQUENCING_FLAGS } from '@cairn/execution';
import { buildOsInput, ExecutionRecorder, type OsInput, type ProvableBlock, touchedState } from '@cairn/os';
import { CairnError, type ClassHash, type Felt } from '@cairn/primitives';
import { sierraClassHashParts } from '@cairn/protocol';
import type { Chain } from '../chain/chain.ts';
import { executableAgain, reopenBlock } from '../chain/replayBlock.ts';
import type { NodeErrorCode } from '../errors.ts';

/** Headers before a block that its proof reads. */
const ANCESTOR_COUNT = 9;

/**
 * Everything that a run of the Starknet OS over blocks `first` to `last` needs. The blocks are executed again, to record
 * what contracts were answered. PERF: about what executing the blocks took.
 * @throws CairnError `BLOCK_NOT_FOUND`, `UNSUPPORTED` for the first block of a chain and for forks, which no OS run can
 *   prove; those of `buildOsInput`.
 */
export function osInputOf(chain: Chain, first: number, last: number): OsInput {
  if (chain.origin !== undefined)
    throw new CairnError<NodeErrorCode>(
      'UNSUPPORTED',
      'blocks of a fork cannot be proven: their state is with another node',
    );
  if (first < 1)
    throw new CairnError<NodeErrorCode>(
      'UNSUPPORTED',
      `first block to prove: got ${first}, expected at least 1: block 0 holds what no transaction made`,
    );
  const classHashes = new Map<Felt, ClassHash>();
  const blocks: ProvableBlock[] = [];
  for (let number = first; number <= last; number++) blocks.push(provableBlock(chain, number, classHashes));
  const ancestors = [];
  for (let number = first - 1; number >= 0 && ancestors.length < ANCESTOR_COUNT; number--)
    ancestors.push(chain.store.block(number)!.block.header);
  const { chainId, strkTokenAddress } = chain.info;
  return buildOsInput({
    chain: { chainId, strkTokenAddress },
    ancestors,
    blocks,
    store: chain.store,
    classes: (compiled) => chain.classes.executableClass(classHashes.get(compiled) ?? 0n)?.casm,
  });
}

/** A block with what its execution read. Class hashes by compiled class hash are added to `classHashes`. */
function provableBlock(chain: Chain, number: number, classHashes: Map<Felt, ClassHash>): ProvableBlock {
  const stored = chain.store.block(number);
  if (stored === undefined) throw new CairnError<NodeErrorCode>('BLOCK_NOT_FOUND', `no block ${number}`);
  const { header } = stored.block;
  const { roots: parentRoots } = chain.before(number);
  const recorder = new ExecutionRecorder(
    chain.classes,
    (classHash) => {
      const compiled = executor.state.compiledClassHash(classHash);
      classHashes.set(compiled, classHash);
      return compiled;
    },
    chain.constants.minSierraVersionForSierraGas,
  );
  const executor: BlockExecutor = reopenBlock(chain, header, recorder);
  const transactions = stored.block.transactions.map((executed) => {
    const { declared, ...tx } = executableAgain(chain, executed);
    const { recorded } = recorder.execute(executor, tx, SEQUENCING_FLAGS);
    return declared ? { ...recorded, classHashParts: sierraClassHashParts(declared.sierra) } : recorded;
  });
  executor.finish();
  const touched = touchedState(executor.state.initialReads(), stored.stateDiff);
  const receipts = stored.block.transactions.map(({ receipt }) => receipt);
  const { lookedUpClasses } = recorder;
  return {
    header,
    transactions,
    receipts,
    stateDiff: stored.stateDiff,
    touched,
    lookedUpClasses,
    parentRoots,
  };
}
