import { existsSync, readFileSync } from 'node:fs';
import { type ExecutedTransaction, emptyStateDiff, type Transaction } from '@cairn/protocol';
import { describe, expect, it } from 'vitest';
import { formatFeederBlock } from './formatBlock.ts';
import { formatFeederReceipt } from './formatReceipt.ts';
import { formatFeederStateDiff } from './formatStateUpdate.ts';
import { formatFeederTransaction } from './formatTransaction.ts';
import { asObject } from './json.ts';
import { parseFeederBlock } from './parseBlock.ts';
import { parseFeederReceipt } from './parseReceipt.ts';
import { parseFeederStateUpdate } from './parseStateUpdate.ts';
import { parseFeederTransaction } from './parseTransaction.ts';

const FOLDER = new URL('../../../../../shared/vectors/blocks/', import.meta.url);
const present = existsSync(FOLDER);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));

/** Numbers and hex texts of one value look alike; felts have no leading zeros. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key.replace(/^0x0+(?=.)/, '0x'), normal(item)]),
    );
  if (typeof value === 'string' && /^0x0+[0-9a-f]/.test(value) && value.length !== 42)
    return value.replace(/^0x0+(?=.)/, '0x');
  return value;
}

// A bare clone has no vectors: then the tests below are skipped.
describe.skipIf(!present)('transactions and receipts of public chains, read and written again', () => {
  it.each(['integration_2473486.json', 'integration_955821.preconfirmed.json', 'mainnet_2238855.json'])(
    '%s',
    (name) => {
      const json = read(name).block ?? read(name);
      let count = 0;
      for (const [index, tx] of json.transactions.entries()) {
        const { hash, transaction } = parseFeederTransaction(tx);
        if (transaction.version !== 3 && transaction.type !== 'L1_HANDLER') continue;
        count++;
        const receipt = parseFeederReceipt(json.transaction_receipts[index]);
        const executed: ExecutedTransaction = {
          transaction: transaction as Transaction,
          receipt: { ...receipt, transactionHash: hash },
        };
        expect(normal(formatFeederTransaction(executed))).toEqual(normal(tx));
        expect(normal(formatFeederReceipt(executed, index))).toEqual(
          normal(json.transaction_receipts[index]),
        );
      }
      expect(count).toBeGreaterThan(0);
    },
  );

  it.each(['integration_35748.state_update.json', 'integration_63881.state_update.json'])('%s', (name) => {
    const json = read(name).state_update ?? read(name);
    const { stateDiff } = parseFeederStateUpdate(json);
    const { state_diff } = asObject(json, 'state update');
    expect(normal(formatFeederStateDiff(stateDiff))).toEqual(
      normal({ migrated_compiled_classes: [], ...(state_diff as object) }),
    );
  });

  it('a whole block', () => {
    const json = read('integration_2473486.json');
    const { header, transactions, receipts, ...commitments } = parseFeederBlock(json);
    const block = formatFeederBlock({
      kind: 'closed',
      finality: json.status,
      header: {
        ...header,
        receiptCommitment: commitments.receiptCommitment!,
        stateDiffCommitment: commitments.stateDiffCommitment!,
        stateDiffLength: commitments.stateDiffLength!,
        transactionCount: transactions.length,
        eventCount: 0,
      },
      transactions: transactions.map(({ transaction }, i) => ({
        transaction: transaction as Transaction,
        receipt: receipts[i]!,
      })),
      stateDiff: emptyStateDiff(),
      oldRoot: 0n,
    });
    expect(normal(block)).toEqual(normal(json));
  });
});
