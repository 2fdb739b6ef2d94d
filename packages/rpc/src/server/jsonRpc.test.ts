import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeBackend } from '../../test/fakeBackend.ts';
import { SUCCESSFUL_CALLS } from '../../test/requests.ts';
import { STARKNET_METHODS } from '../methods/starknetMethods.ts';
import { jsonDepth } from './jsonDepth.ts';
import { JsonRpcDispatcher } from './jsonRpc.ts';
import { DEFAULT_RPC_LIMITS } from './limits.ts';

const bugs: unknown[] = [];
const dispatcher = new JsonRpcDispatcher(STARKNET_METHODS, new FakeBackend(), DEFAULT_RPC_LIMITS, (error) =>
  bugs.push(error),
);

/** Values that come close to what parameters are made of. */
const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('0x1', '0x', 'latest', 'INVOKE', '0x3', -1, 2 ** 53, 1e300, null, [], {}, [[]], ['0x1']),
);

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

/** The value with one part, chosen by `choices`, replaced. */
function spoil(value: any, choices: number[], replacement: unknown): unknown {
  const [choice, ...rest] = choices;
  if (choice === undefined || typeof value !== 'object' || value === null) return replacement;
  const keys = Object.keys(value);
  if (keys.length === 0) return replacement;
  const key = keys[choice % keys.length]!;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[key as keyof typeof copy] = spoil(value[key], rest, replacement);
  return copy;
}

describe('the dispatcher', () => {
  it('answers any text with JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        const answer = JSON.parse((await dispatcher.answer(text)) ?? 'null');
        for (const one of [answer].flat()) expect([-32700, -32600]).toContain(one.error.code);
      }),
    );
  });

  it('takes any parameters without breaking', async () => {
    const method = fc.constantFrom(...STARKNET_METHODS);
    await fc.assert(
      fc.asyncProperty(method, fc.array(junk, { maxLength: 4 }), fc.boolean(), async (m, values, byName) => {
        const names = Object.keys(m.parameters);
        const params = byName ? Object.fromEntries(values.map((v, i) => [names[i] ?? `x${i}`, v])) : values;
        const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: m.name, params });
        const answer = JSON.parse((await dispatcher.answer(text))!);
        expect(answer.error?.code).not.toBe(-32603);
        expect(bugs).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes good parameters with one part spoiled without breaking', async () => {
    const calls = Object.entries(SUCCESSFUL_CALLS).flatMap(([name, lists]) =>
      lists.filter((params) => params.length > 0).map((params) => ({ name, params })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...calls),
        fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }),
        junk,
        async ({ name, params }, choices, replacement) => {
          const spoiled = spoil(params, choices, replacement);
          const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: `starknet_${name}`, params: spoiled });
          const answer = JSON.parse((await dispatcher.answer(text))!);
          expect(answer.error?.code).not.toBe(-32603);
          expect(bugs).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('jsonDepth', () => {
  it('is that of the value', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => jsonDepth(JSON.stringify(value)) === depthOf(value)));
    expect(jsonDepth('["\\"[[", "\\\\", []]')).toBe(2);
  });
});
