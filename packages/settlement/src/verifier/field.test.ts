import { P } from '@cairn/stark';
import { concatHex, type Hex, toHex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployContract } from '../l1/deploy.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { compile } from '../testing/askVerifier.ts';
import { compileContract } from './compileSources.ts';
import { fieldFunctions } from './yulText.ts';

// field.yul in the EVM against arithmetic on big integers, for lanes anywhere below the bound.

const SOURCE = `object "Field" {
code { datacopy(0, dataoffset("runtime"), datasize("runtime")) return(0, datasize("runtime")) }
object "runtime" { code {
  for { let at := 0 } lt(at, calldatasize()) { at := add(at, 64) } {
    mstore(at, multiply(calldataload(at), calldataload(add(at, 32))))
    mstore(add(at, 32), fold(calldataload(at)))
  }
  return(0, calldatasize())
  ${fieldFunctions()}
} } }`;

const p = BigInt(P);
const LANE = 63n;
const lanesOf = (word: bigint) =>
  [0n, 1n, 2n, 3n].map((i) => (word >> (LANE * i)) & (i === 3n ? 2n ** 67n - 1n : 2n ** LANE - 1n));
const wordOf = (lanes: readonly bigint[]) =>
  lanes.reduce((word, lane, i) => word + (lane << (LANE * BigInt(i))), 0n);

/** Product of polynomials in u modulo u⁴ = 4u² - 5 and p. */
function product(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const c: bigint[] = Array.from({ length: 7 }, () => 0n);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      c[i + j]! += x * y;
    });
  });
  for (let i = 6; i >= 4; i--) {
    c[i - 2]! += 4n * c[i]!;
    c[i - 4]! -= 5n * c[i]!;
  }
  return c.slice(0, 4).map((x) => ((x % p) + p) % p);
}

let chain: TestChain;
beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(() => chain?.stop());

it('multiplies and folds lanes below 2^36 as it says', async () => {
  const address = await deployContract(chain, compileContract(compile, 'Yul', 'Field', SOURCE));
  let state = 1n;
  const extremes = [0n, 1n, p - 1n, p, 2n ** 31n, 2n ** 32n - 1n, 2n ** 36n - 1n, 2n ** 20n, 2n ** 16n - 1n];
  const lane = () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    const kind = state >> 62n;
    const value = (state >> 20n) % 2n ** 36n;
    return kind === 0n ? extremes[Number(value % 9n)]! : kind === 1n ? value % p : value;
  };
  const pairs = Array.from({ length: 600 }, () => [0, 1].map(() => [lane(), lane(), lane(), lane()]));
  pairs.push([Array(4).fill(2n ** 36n - 1n), Array(4).fill(2n ** 36n - 1n)]);
  const data = concatHex(pairs.flat().map((lanes) => toHex(wordOf(lanes), { size: 32 })));
  const { data: result } = await chain.reader.call({ to: address, data });
  pairs.forEach(([a, b], i) => {
    const word = (k: number) => BigInt(`0x${(result as Hex).slice(2 + 64 * k, 66 + 64 * k)}`);
    const lanes = lanesOf(word(2 * i));
    expect(lanes.map((x) => x % p)).toEqual(product(a!, b!));
    expect(lanes.every((x) => x < 2n ** 31n + 2n ** 28n)).toBe(true);
    const folded = lanesOf(word(2 * i + 1));
    expect(folded.map((x) => x % p)).toEqual(a!.map((x) => x % p));
    expect(folded.every((x) => x < 2n ** 31n + 2n ** 5n)).toBe(true);
  });
});
