import { CairnError, shortString } from '@cairn/primitives';
import { versionedConstants } from '@cairn/protocol';
import { STRK } from '../../../../tests/src/execution/devChain.ts';
import { CLASSES, type Scenario, startState } from '../../../../tests/src/execution/scenario.ts';
import { type ExecutedBlock, executeBlock } from './runExecution.ts';

/** What keeps a scenario's block from being made, or from being one that the OS executes. */
const REFUSALS = new Set([
  'STEP_CHARGED_CLASS',
  'VALIDATION_FAILED',
  'INVALID_NONCE',
  'INSUFFICIENT_BALANCE',
  'INSUFFICIENT_RESOURCE_BOUNDS',
  'CLASS_ALREADY_DECLARED',
  'UNPAID_L1_HANDLER',
  'FEE_TRANSFER_FAILED',
]);

/**
 * Blocks that no compiled code leads to: the code fails in the VM itself or returns what is no result, which proves
 * nothing; and class hashes that are none.
 */
const UNPROVABLE = /VM failure|malformed return|class hash|declare/;

/** The scenario's transactions as a block; undefined when they are not for the OS. */
export function provableBlock(scenario: Scenario): ExecutedBlock | undefined {
  if (UNPROVABLE.test(scenario.name)) return undefined;
  const block = blockOf(scenario);
  const isMalformed = block?.executed.some(({ outcome }) =>
    outcome.revertReason?.includes('the entry point returned no call result'),
  );
  return isMalformed ? undefined : block;
}

function blockOf(scenario: Scenario): ExecutedBlock | undefined {
  // Simulations.
  if (scenario.transactions.some(({ flags }) => flags !== undefined)) return undefined;
  try {
    return executeBlock(
      startState(scenario),
      {
        block: scenario.block,
        chain: { chainId: shortString('CAIRN_DEV'), strkTokenAddress: STRK, ethTokenAddress: 0x49dn },
        constants: versionedConstants(scenario.block.starknetVersion),
        classes: { executableClass: (hash) => CLASSES.find((cls) => cls.hash === hash)?.cls },
      },
      scenario.transactions.map(({ transaction, hash, paidFeeOnL1Wei = 0n }) => ({
        transaction,
        hash,
        codeSize: 0,
        paidFeeOnL1Wei,
      })),
      CLASSES.map(({ hash, compiledHash, cls }) => ({ hash, compiledHash, casm: cls.casm })),
    );
  } catch (error) {
    if (error instanceof CairnError && REFUSALS.has(error.code)) return undefined;
    throw error;
  }
}
