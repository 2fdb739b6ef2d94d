import { cairoAir } from '@cairn/cairo-air';
import { P } from '@cairn/stark';
import { bytesToHex, concatHex, type Hex, toFunctionSelector, toHex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  bitwiseWitness,
  heightFaults,
  statementFaults,
} from '../../../cairo-air/src/testing/statementFaults.ts';
import { deployContract } from '../l1/deploy.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { ask, compile } from '../testing/askVerifier.ts';
import { compileContract } from '../verifier/compileSources.ts';
import { emitStatement } from './emitStatement.ts';
import { encodeStatement } from './encodeStatement.ts';

// Each check of the statement contract is removed in turn; some call that the whole contract rejects must then get another
// answer.

let chain: TestChain;
beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(() => chain?.stop());

const { layout, statement, ids, trace } = bitwiseWitness();

/** The count at a place made as large as can be. */
function withCount(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy.fill(255, at, at + 4);
  return copy;
}

/** Checks that no call can get past the others to, with the reason. */
const REDUNDANT: readonly string[] = [
  // Of fixed programs only: cairoVerifier.test.ts enters one elsewhere.
  'if 0x0 { require(eq(entry, 0x0)) }',
  // Behind the program lies the word with initialAp, which is not 0, as the last word of an entry must be.
  'require(iszero(gt(add(entry, 6), mload(0x60))))',
  // Of bootloaders only: bootloader.test.ts removes these.
  'require(iszero(gt(add(at, 64), outputEnd)))',
  'require(iszero(or(lt(size, 2), gt(size, div(sub(outputEnd, at), 32)))))',
  'require(eq(at, outputEnd))',
];

/** Calls that the contract rejects, at least one for each check. */
function badCalls(): Hex[] {
  const ask = (data: Uint8Array) => concatHex([toFunctionSelector('publicValues(bytes)'), bytesToHex(data)]);
  const atHeights = (data: Uint8Array) =>
    concatHex([
      toFunctionSelector('fractions(bytes)'),
      ...Array.from({ length: 30 }, (_, i) => toHex(1000 + i, { size: 32 })),
      ...trace.map(({ logHeight }) => toHex(logHeight, { size: 32 })),
      bytesToHex(data),
    ]);
  const honest = encodeStatement({ statement, ids });
  const cases = statementFaults(statement).filter(([name]) => name !== 'a negative word');
  return [
    ...cases.map(([, change]) => ask(encodeStatement({ statement: { ...statement, ...change }, ids }))),
    // Ids for what the statement then has, so that nothing else is wrong.
    ...cases.map(([, change]) => {
      const changed = { ...statement, ...change };
      const count = changed.program.length + changed.output.length + 2 + 2 * changed.builtins.length;
      return ask(encodeStatement({ statement: changed, ids: Array.from({ length: count }, () => 1) }));
    }),
    ...[ids.slice(1), ids.with(2, P)].map((wrong) => ask(encodeStatement({ statement, ids: wrong }))),
    ...Array.from({ length: honest.length }, (_, length) => ask(honest.slice(0, length))),
    ask(Uint8Array.of(...honest, 0)),
    // Lists that are too long to be gone through: the program, and builtins that main takes.
    ask(Uint8Array.of(255, 255, 255, 255, ...honest.slice(4))),
    ask(withCount(honest, 4 + 32 * statement.program.length + 4 + 32 * statement.output.length + 12)),
    ...heightFaults(statement).map(([, change]) =>
      atHeights(encodeStatement({ statement: { ...statement, ...change }, ids })),
    ),
    toFunctionSelector('fractions(bytes)'),
  ];
}

it('every check of the statement contract decides some call', { timeout: 600_000 }, async () => {
  const { source } = emitStatement(cairoAir(layout.layout));
  const calls = badCalls();
  const answersOf = async (text: string) => {
    const at = await deployContract(chain, compileContract(compile, 'Yul', 'Statement', text));
    return Promise.all(calls.map((call) => ask(chain, at, call)));
  };
  const expected = await answersOf(source);
  expect(expected.filter((answer) => !/^(INVALID_STATEMENT|NOT_A_CAIRO_PROOF)$/.test(answer))).toEqual([]);
  const sites = [...source.matchAll(/(?<!function )\b(?:require|reject)\(/g)].filter(
    // `require` itself rejects.
    ({ index }) => !source.slice(index - 30, index).includes('iszero(condition)'),
  );
  const survivors: string[] = [];
  for (const site of sites) {
    const mutant = `${source.slice(0, site.index)}pop(${source.slice(site.index + site[0].length)}`;
    const answers = await answersOf(mutant);
    const changed = answers.filter((answer, k) => answer !== expected[k]).length;
    const line = source
      .slice(source.lastIndexOf('\n', site.index) + 1, source.indexOf('\n', site.index))
      .trim();
    if (changed === 0) survivors.push(line);
  }
  console.log(`${sites.length} checks, ${survivors.length} decide nothing`);
  expect(survivors).toEqual(REDUNDANT);
});
