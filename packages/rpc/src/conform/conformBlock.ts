import { type Felt, formatFelt, shortString } from '@cairn/primitives';
import {
  blockHash,
  eventCommitment,
  genesisEraTransactionHashes,
  isAtLeast,
  receiptCommitment,
  stateDiffCommitment,
  stateDiffLength,
  transactionCommitment,
  transactionHash,
} from '@cairn/protocol';
import { parseFeederBlock } from '../feeder/parseBlock.ts';
import { parseFeederStateUpdate } from '../feeder/parseStateUpdate.ts';

/** One recomputed value of a block. `computed` is absent where the version's formula is not ours to check. */
export interface ConformCheck {
  name: string;
  expected: string;
  computed: string;
  equal: boolean;
}

/** Version from which commitments and block hash use Poseidon throughout. */
const FIRST_CHECKED_VERSION = '0.13.2';

/**
 * Recomputes every hash and commitment of a feeder-gateway block: transaction hashes, commitments, block
 * hash, fees of version-3 transactions, and with `stateUpdate` the state-diff commitment and length. Blocks
 * before 0.13.2 are checked in their transaction hashes only.
 * @throws CairnError `MALFORMED_FEEDER_JSON` when the input is not such a block.
 */
export function conformBlock(input: {
  block: unknown;
  stateUpdate?: unknown;
  chainId: string;
}): ConformCheck[] {
  const block = parseFeederBlock(input.block);
  const { header, receipts } = block;
  const chainId = shortString(input.chainId);
  const checks: ConformCheck[] = [];
  const check = (name: string, expected: Felt | number, computed: Felt | number): void => {
    checks.push({ name, expected: show(expected), computed: show(computed), equal: expected === computed });
  };

  for (const [i, { hash, transaction }] of block.transactions.entries()) {
    const candidates = [
      transactionHash(transaction, chainId),
      ...genesisEraTransactionHashes(transaction, chainId),
    ];
    check(`transaction_hash[${i}]`, hash, candidates.find((c) => c === hash) ?? candidates[0]!);
  }
  if (!isAtLeast(header.starknetVersion, FIRST_CHECKED_VERSION)) return checks;

  const commitments = {
    transactionCommitment: transactionCommitment(block.transactions, header.starknetVersion),
    eventCommitment: eventCommitment(receipts),
    receiptCommitment: receiptCommitment(receipts),
  };
  check('transaction_commitment', header.transactionCommitment, commitments.transactionCommitment);
  check('event_commitment', header.eventCommitment, commitments.eventCommitment);
  if (block.receiptCommitment !== undefined) {
    check('receipt_commitment', block.receiptCommitment, commitments.receiptCommitment);
  }
  let diffCommitment = block.stateDiffCommitment;
  let diffLength = block.stateDiffLength;
  if (input.stateUpdate !== undefined) {
    const { stateDiff, newRoot } = parseFeederStateUpdate(input.stateUpdate);
    check('state_root', header.stateRoot, newRoot);
    const computed = { commitment: stateDiffCommitment(stateDiff), length: stateDiffLength(stateDiff) };
    if (diffCommitment !== undefined) check('state_diff_commitment', diffCommitment, computed.commitment);
    if (diffLength !== undefined) check('state_diff_length', diffLength, computed.length);
    diffCommitment = computed.commitment;
    diffLength = computed.length;
  }
  if (diffCommitment !== undefined && diffLength !== undefined) {
    const computed = blockHash({
      ...header,
      ...commitments,
      stateDiffCommitment: diffCommitment,
      stateDiffLength: diffLength,
      transactionCount: block.transactions.length,
      eventCount: receipts.reduce((count, receipt) => count + receipt.events.length, 0),
    });
    check('block_hash', header.blockHash, computed);
  }
  return checks;
}

function show(value: Felt | number): string {
  return typeof value === 'number' ? String(value) : formatFelt(value);
}
