import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, it } from 'vitest';
import { FakeBackend } from '../../test/fakeBackend.ts';
import { SUCCESSFUL_CALLS } from '../../test/requests.ts';
import { parseFeederBlock } from '../feeder/parseBlock.ts';
import { SPECIFICATION_ERRORS } from '../rpcErrors.ts';
import { JsonRpcDispatcher } from '../server/jsonRpc.ts';
import { DEFAULT_RPC_LIMITS } from '../server/limits.ts';
import { STARKNET_METHODS } from './starknetMethods.ts';

const VECTORS = fileURLToPath(new URL('../../../../../shared/vectors/', import.meta.url));
const DOCUMENTS = [
  'starknet_api_openrpc',
  'starknet_write_api',
  'starknet_trace_api_openrpc',
  'starknet_executables',
];
const present = existsSync(`${VECTORS}openrpc/${DOCUMENTS[0]}.json`);
if (!present) console.warn(`skipped: no OpenRPC documents in ${VECTORS}openrpc`);

interface OpenRpcMethod {
  name: string;
  params: { name: string; required?: boolean }[];
  result: { schema: unknown };
  errors?: { $ref: string }[];
}

/**
 * Makes the documents' schemas strict JSON schemas: a field that no branch names is an error. `oneOf` becomes
 * `anyOf`, for a closed block is by the documents' own text a pre-confirmed one too. Slips of the documents
 * are put right: a wrapper `schema`, `required` as text, and the pattern of STORAGE_KEY, which refuses every key
 * whose first digit is 8 or more.
 */
function strict(node: any, document: string, isBranch = false): any {
  if (typeof node !== 'object' || node === null) return node;
  if (node.schema) return strict(node.schema, document, isBranch);
  if (node.$comment?.startsWith('A storage key'))
    return { $ref: 'https://spec/starknet_api_openrpc#/components/schemas/FELT' };
  const out: any = {};
  for (const [key, value] of Object.entries<any>(node)) {
    if (key === 'allOf') out.allOf = value.map((v: any) => strict(v, document, true));
    else if (key === 'anyOf' || key === 'oneOf') out.anyOf = value.map((v: any) => strict(v, document, true));
    else if (key === 'properties')
      out.properties = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, strict(v, document)]));
    else if (key === 'items' || key === 'not') out[key] = strict(value, document, key === 'not');
    else if (key === 'required') out.required = [value].flat();
    else if (key === '$ref') {
      const [file, pointer] = value.split('#');
      out.$ref = `https://spec/${file ? file.replace(/^.*\//, '').replace('.json', '') : document}#${pointer}`;
    } else if (['type', 'enum', 'pattern', 'minimum', 'minItems', 'maxItems'].includes(key)) out[key] = value;
  }
  if (!isBranch && (out.properties || out.allOf || out.anyOf || out.$ref)) out.unevaluatedProperties = false;
  return out;
}

describe.skipIf(!present)('the OpenRPC documents', () => {
  const ajv = new Ajv2019({ strict: false, allErrors: false });
  const methods = new Map<string, OpenRpcMethod & { document: string }>();
  const errors: Record<string, { code: number; message: string }> = {};
  for (const document of present ? DOCUMENTS : []) {
    const json = JSON.parse(readFileSync(`${VECTORS}openrpc/${document}.json`, 'utf8'));
    const schemas = Object.fromEntries(
      Object.entries(json.components.schemas).map(([name, schema]) => [name, strict(schema, document, true)]),
    );
    ajv.addSchema({ $id: `https://spec/${document}`, components: { schemas } } as any);
    for (const method of json.methods) methods.set(method.name, { ...method, document });
    for (const [name, error] of Object.entries<any>(json.components.errors ?? {})) {
      if (error.code) errors[name] = error;
    }
  }

  it('name exactly the methods that are served', () => {
    expect(STARKNET_METHODS.map((m) => m.name).sort()).toEqual([...methods.keys()].sort());
  });

  it.each(STARKNET_METHODS)('declare the parameters and errors of $name', (method) => {
    const spec = methods.get(method.name)!;
    expect(Object.entries(method.parameters).map(([name, p]) => [name, p.required])).toEqual(
      spec.params.map((p) => [p.name, p.required ?? false]),
    );
    const names = (spec.errors ?? []).map((e) => e.$ref.split('/').at(-1));
    expect([...(method.errors ?? [])].sort()).toEqual(names.sort());
  });

  it('hold the codes and messages of all errors', () => {
    for (const [name, { code, message }] of Object.entries(SPECIFICATION_ERRORS)) {
      expect({ name, code: errors[name]?.code, message: errors[name]?.message }).toEqual({
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
  const validators = new Map<string, ReturnType<typeof ajv.compile>>();
  const check = (name: string, result: unknown) => {
    const { result: declared, document } = methods.get(name)!;
    const validate = validators.get(name) ?? ajv.compile(strict(declared.schema, document));
    validators.set(name, validate);
    expect(validate(result) ? [] : validate.errors).toEqual([]);
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
      const names = methods.get(name)!.params.map((p) => p.name);
      const named = Object.fromEntries(positional.map((value, i) => [names[i], value]));
      expect(await ask(name, { ...named, unknown_name: 1 })).toEqual(result);
    }
  });

  it('are strict here: a superfluous or a missing field is found', () => {
    const { result, document } = methods.get('starknet_getTransactionStatus')!;
    const validate = ajv.compile(strict(result.schema, document));
    expect(validate({ finality_status: 'RECEIVED' })).toBe(true);
    expect(validate({ finality_status: 'RECEIVED', surplus: 1 })).toBe(false);
    expect(validate({})).toBe(false);
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
