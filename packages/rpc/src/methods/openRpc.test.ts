import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FakeBackend } from '../../test/fakeBackend.ts';
import { faults, openRpcErrors, openRpcMethods, present, VECTORS } from '../../test/openRpcDocuments.ts';
import { SUCCESSFUL_CALLS } from '../../test/requests.ts';
import { parseFeederBlock } from '../feeder/parseBlock.ts';
import { SPECIFICATION_ERRORS } from '../rpcErrors.ts';
import { JsonRpcDispatcher } from '../server/jsonRpc.ts';
import { DEFAULT_RPC_LIMITS } from '../server/limits.ts';
import { STARKNET_METHODS } from './starknetMethods.ts';

describe.skipIf(!present)('the OpenRPC documents', () => {
  it('name exactly the methods that are served', () => {
    const names = [...openRpcMethods.values()]
      .filter(({ document }) => document !== 'starknet_ws_api')
      .map(({ name }) => name);
    expect(STARKNET_METHODS.map((m) => m.name).sort()).toEqual(names.sort());
  });

  it.each(STARKNET_METHODS)('declare the parameters and errors of $name', (method) => {
    const spec = openRpcMethods.get(method.name)!;
    expect(Object.entries(method.parameters).map(([name, p]) => [name, p.required])).toEqual(
      spec.params.map((p) => [p.name, p.required ?? false]),
    );
    const names = (spec.errors ?? []).map((e) => e.$ref.split('/').at(-1));
    expect([...(method.errors ?? [])].sort()).toEqual(names.sort());
  });

  it('hold the codes and messages of all errors', () => {
    for (const [name, { code, message }] of Object.entries(SPECIFICATION_ERRORS)) {
      expect({ name, code: openRpcErrors[name]?.code, message: openRpcErrors[name]?.message }).toEqual({
        name,
        code,
        message,
      });
    }
  });

  const dispatcher = (backend: FakeBackend) =>
    new JsonRpcDispatcher(STARKNET_METHODS, backend, DEFAULT_RPC_LIMITS, (error) => {
      throw error;
    });
  const check = (name: string, result: unknown) => {
    const { result: declared, document } = openRpcMethods.get(name)!;
    expect(faults(declared!.schema, document, result)).toEqual([]);
  };
  const ask = async (name: string, params: unknown, backend = new FakeBackend()) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: name, params });
    const answer = JSON.parse((await dispatcher(backend).answer(body))!);
    expect(answer.error).toBeUndefined();
    return answer.result;
  };

  it.each(Object.keys(SUCCESSFUL_CALLS))('accept every result of %s', async (shortName) => {
    const name = `starknet_${shortName}`;
    for (const positional of SUCCESSFUL_CALLS[shortName]!) {
      const result = await ask(name, positional);
      check(name, result);
      const names = openRpcMethods.get(name)!.params.map((p) => p.name);
      const named = Object.fromEntries(positional.map((value, i) => [names[i], value]));
      expect(await ask(name, { ...named, unknown_name: 1 })).toEqual(result);
    }
  });

  it('are strict here: a superfluous or a missing field is found', () => {
    const { result, document } = openRpcMethods.get('starknet_getTransactionStatus')!;
    const isValid = (value: unknown) => faults(result!.schema, document, value).length === 0;
    expect(isValid({ finality_status: 'RECEIVED' })).toBe(true);
    expect(isValid({ finality_status: 'RECEIVED', surplus: 1 })).toBe(false);
    expect(isValid({})).toBe(false);
  });

  it('accept a block of mainnet', async () => {
    const path = `${VECTORS}blocks/mainnet_2238855.json`;
    if (!existsSync(path)) return console.warn(`skipped: no ${path}`);
    const feeder: any = parseFeederBlock(JSON.parse(readFileSync(path, 'utf8')));
    const backend = new FakeBackend();
    const fake = backend.block({ kind: 'latest' });
    backend.block = () =>
      ({
        ...fake,
        header: {
          ...feeder.header,
          receiptCommitment: feeder.receiptCommitment,
          stateDiffCommitment: feeder.stateDiffCommitment,
          stateDiffLength: feeder.stateDiffLength,
          transactionCount: feeder.transactions.length,
          eventCount: 0,
        },
        transactions: feeder.transactions.map((tx: any, i: number) => ({
          transaction: tx.transaction,
          receipt: feeder.receipts[i],
        })),
      }) as any;
    for (const name of ['getBlockWithTxHashes', 'getBlockWithTxs', 'getBlockWithReceipts']) {
      const result = await ask(`starknet_${name}`, ['latest'], backend);
      expect(result.transactions).toHaveLength(20);
      check(`starknet_${name}`, result);
    }
  });
});
