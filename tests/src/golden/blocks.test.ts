import { shortString } from '@cairn/primitives';
import { genesisEraTransactionHashes, transactionHash } from '@cairn/protocol';
import { conformBlock, parseFeederBlock, parseFeederTransaction } from '@cairn/rpc';
import { describe, expect, it } from 'vitest';
import { hasVectors, readVectorJson } from './vectors.ts';

describe.skipIf(!hasVectors)('real blocks', () => {
  it.each([
    ['blocks/mainnet_2238855.json', undefined, 'SN_MAIN', 24],
    ['blocks/integration_2473486.json', undefined, 'SN_INTEGRATION_SEPOLIA', 12],
    [
      'blocks/integration_63881.block.json',
      'blocks/integration_63881.state_update.json',
      'SN_INTEGRATION_SEPOLIA',
      11,
    ],
    [
      'blocks/integration_35748.block.json',
      'blocks/integration_35748.state_update.json',
      'SN_INTEGRATION_SEPOLIA',
      9,
    ],
  ])('%s: every hash and commitment is recomputed', (block, stateUpdate, chainId, checkCount) => {
    const checks = conformBlock({
      block: readVectorJson(block),
      chainId,
      ...(stateUpdate ? { stateUpdate: readVectorJson(stateUpdate) } : {}),
    });
    expect(checks.filter((check) => !check.equal)).toEqual([]);
    expect(checks).toHaveLength(checkCount);
  });

  it('a block with one changed event fails in the event commitment and the block hash', () => {
    const block = readVectorJson('blocks/mainnet_2238855.json');
    block.transaction_receipts[0].events[0].data[0] = '0x1';
    const failed = conformBlock({ block, chainId: 'SN_MAIN' }).filter((check) => !check.equal);
    expect(failed.map((check) => check.name)).toEqual(['event_commitment', 'block_hash']);
  });

  it('fees of version-3 transactions follow from gas, prices and tip', () => {
    const block = parseFeederBlock(readVectorJson('blocks/mainnet_2238855.json'));
    const { l1Gas, l1DataGas, l2Gas } = block.header.gasPrices;
    let checked = 0;
    for (const [i, { transaction }] of block.transactions.entries()) {
      const receipt = block.receipts[i]!;
      // A transaction reverted for exceeding its bound pays for the bound, not for what it used.
      if (transaction.version !== 3 || receipt.revertReason?.startsWith('Insufficient max')) continue;
      const gas = receipt.resources.totalGasConsumed;
      const fee =
        gas.l1Gas * l1Gas.priceInFri +
        gas.l1DataGas * l1DataGas.priceInFri +
        gas.l2Gas * (l2Gas.priceInFri + transaction.tip);
      expect(receipt.actualFee).toBe(fee);
      checked++;
    }
    expect(checked).toBe(19);
  });
});

describe.skipIf(!hasVectors)('recorded transactions of every type and version', () => {
  const kinds: Record<string, string> = {
    Invoke: 'INVOKE_FUNCTION',
    Declare: 'DECLARE',
    DeployAccount: 'DEPLOY_ACCOUNT',
    Deploy: 'DEPLOY',
    L1Handler: 'L1_HANDLER',
  };
  const recorded = (
    path: string,
  ): {
    transaction: any;
    chain_id: string;
    transaction_hash: string;
    only_query_transaction_hash?: string;
  }[] => readVectorJson(path);
  /** The vectors nest the body in its type and version. */
  const parse = (entry: { transaction: any; transaction_hash: string }) => {
    const [kind, body] = Object.entries<any>(entry.transaction)[0]!;
    const versioned = Object.entries<any>(body).find(([key]) => /^V[0-3]$/.test(key));
    const version = versioned ? `0x${versioned[0][1]}` : (body.version ?? '0x0');
    return parseFeederTransaction({
      ...(versioned ? versioned[1] : body),
      type: kinds[kind],
      version,
      transaction_hash: entry.transaction_hash,
    });
  };

  it('hashes and query hashes are equal', () => {
    const entries = recorded('transactions/transaction_hash.json');
    for (const entry of entries) {
      const { hash, transaction } = parse(entry);
      const chainId = shortString(entry.chain_id);
      expect(transactionHash(transaction, chainId)).toBe(hash);
      expect(transactionHash(transaction, chainId, true)).toBe(BigInt(entry.only_query_transaction_hash!));
    }
    expect(entries).toHaveLength(12);
  });

  it('hashes of the first mainnet blocks are equal', () => {
    const entries = recorded('transactions/deprecated_transaction_hash.json');
    for (const entry of entries) {
      const { hash, transaction } = parse(entry);
      const chainId = shortString(entry.chain_id);
      const candidates = [
        transactionHash(transaction, chainId),
        ...genesisEraTransactionHashes(transaction, chainId),
      ];
      expect(candidates).toContain(hash);
    }
    expect(entries).toHaveLength(3);
  });

  it('an invoke with proof facts hashes as on Sepolia', () => {
    const [entry] = readVectorJson('transactions/broadcasted_invoke_v3_hash_vectors.json');
    const { hash, transaction } = parseFeederTransaction({
      ...entry.transaction,
      type: 'INVOKE_FUNCTION',
      version: '0x3',
      transaction_hash: entry.transaction_hash,
    });
    expect(transactionHash(transaction, shortString('SN_SEPOLIA'))).toBe(hash);
  });
});
