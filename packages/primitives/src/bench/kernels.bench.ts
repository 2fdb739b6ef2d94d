import { blake2s } from '@noble/hashes/blake2.js';
import { keccakP } from '@noble/hashes/sha3.js';
import * as scure from '@scure/starknet';
import { blake2s256 } from '../blake2s.ts';
import { bigIntToBytes, bytesToHex } from '../bytes.ts';
import { getPublicKey, sign, verifySignature } from '../ecdsa.ts';
import { PRIME } from '../felt.ts';
import { hashPairsInto } from '../hashPairs.ts';
import { kernels } from '../kernels.ts';
import { pedersen } from '../pedersen.ts';
import { poseidon } from '../poseidon.ts';

/** One line of a benchmark's result; `ratio` is how many times better than the baseline of the same run. */
export interface BenchResult {
  name: string;
  value: number;
  unit: string;
  baseline?: string;
  baselineValue?: number;
  ratio?: number;
}

/** Something measured: `run(count)` does `count` units of work. */
interface Side {
  readonly count: number;
  readonly run: (count: number) => void;
}

interface Row {
  readonly name: string;
  readonly unit: 'ns' | 'µs';
  readonly ours: Side;
  readonly baseline?: Side & { readonly name: string };
}

const UNITS_PER_MS = { ns: 1e6, µs: 1e3 };

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

function timeOf({ count, run }: Side, unit: Row['unit']): number {
  const start = performance.now();
  run(count);
  return ((performance.now() - start) * UNITS_PER_MS[unit]) / count;
}

function measure({ name, unit, ours, baseline }: Row, roundCount: number): BenchResult {
  const values: number[] = [];
  const baselineValues: number[] = [];
  for (let round = 0; round < roundCount; round++) {
    values.push(timeOf(ours, unit));
    if (baseline !== undefined) baselineValues.push(timeOf(baseline, unit));
  }
  const value = median(values);
  if (baseline === undefined) return { name, value, unit };
  const baselineValue = median(baselineValues);
  return { name, value, unit, baseline: baseline.name, baselineValue, ratio: baselineValue / value };
}

/** Numbers of a benchmark's kernels, see assembly/repeat.ts. */
const REPEAT = { feltMul: 0, feltSqr: 1, keccak: 2, keccakPair: 3 };

function repeated(call: () => unknown): (count: number) => void {
  return (count) => {
    for (let i = 0; i < count; i++) call();
  };
}

function rows(): Row[] {
  const k = kernels();
  const a = 0x3d937c035c878245caf64531a5756109c53068da139362728feb561405371cbn;
  const b = 0x208a0a10250e382e1e4bbe2880906c2791bf6275695e02fbbc6aeff9cd8b31an;
  let product = a;
  const privateKey = 0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3ccn;
  const { r, s } = sign(privateKey, b);
  const publicKeyX = getPublicKey(privateKey);
  const scureKey = scure.getPublicKey(bytesToHex(bigIntToBytes(privateKey)));
  const scureHash = bytesToHex(bigIntToBytes(b));
  const scureSignature = new scure.Signature(r, s);
  const message = new Uint8Array(64 * 64).map((_, i) => i);
  const nobleState = new Uint32Array(50).map((_, i) => i);
  const pairs = new Uint8Array(64 * 512).map((_, i) => (i % 32 === 0 ? 0 : i * 7));
  const hashes = new Uint8Array(32 * 512);
  const batch = (kind: 'pedersen' | 'poseidon') => (count: number) => {
    for (let i = 0; i < count; i += 512) hashPairsInto(kind, pairs, hashes);
  };

  return [
    {
      name: 'felt/mul',
      unit: 'ns',
      ours: { count: 200_000, run: (count) => k.repeatKernel(REPEAT.feltMul, count) },
      baseline: { name: 'bigint', count: 20_000, run: repeated(() => (product = (product * b) % PRIME)) },
    },
    {
      name: 'felt/sqr',
      unit: 'ns',
      ours: { count: 200_000, run: (count) => k.repeatKernel(REPEAT.feltSqr, count) },
      baseline: {
        name: 'bigint',
        count: 20_000,
        run: repeated(() => (product = (product * product) % PRIME)),
      },
    },
    {
      name: 'pedersen',
      unit: 'µs',
      ours: { count: 300, run: repeated(() => pedersen(a, b)) },
      baseline: { name: 'scure-starknet', count: 6, run: repeated(() => scure.pedersen(a, b)) },
    },
    {
      name: 'pedersen-batch',
      unit: 'µs',
      ours: { count: 512, run: batch('pedersen') },
      baseline: { name: 'scure-starknet', count: 6, run: repeated(() => scure.pedersen(a, b)) },
    },
    {
      name: 'poseidon',
      unit: 'µs',
      ours: { count: 1000, run: repeated(() => poseidon(a, b)) },
      baseline: { name: 'scure-starknet', count: 60, run: repeated(() => scure.poseidonHash(a, b)) },
    },
    {
      name: 'poseidon-batch',
      unit: 'µs',
      ours: { count: 1024, run: batch('poseidon') },
      baseline: { name: 'scure-starknet', count: 60, run: repeated(() => scure.poseidonHash(a, b)) },
    },
    {
      name: 'ecdsa-verify',
      unit: 'µs',
      ours: { count: 60, run: repeated(() => verifySignature(publicKeyX, b, r, s)) },
      baseline: {
        name: 'scure-starknet',
        count: 6,
        run: repeated(() => scure.verify(scureSignature, scureHash, scureKey)),
      },
    },
    {
      name: 'blake2s-block',
      unit: 'ns',
      ours: {
        count: 64 * 500,
        run: (count) => {
          for (let i = 0; i < count; i += 64) blake2s256(message);
        },
      },
      baseline: {
        name: 'noble-hashes',
        count: 64 * 40,
        run: (count) => {
          for (let i = 0; i < count; i += 64) blake2s(message);
        },
      },
    },
    {
      name: 'keccak-f1600',
      unit: 'ns',
      ours: { count: 20_000, run: (count) => k.repeatKernel(REPEAT.keccakPair, count / 2) },
      baseline: { name: 'noble-hashes', count: 1000, run: repeated(() => keccakP(nobleState)) },
    },
    {
      name: 'keccak-f1600-single',
      unit: 'ns',
      ours: { count: 10_000, run: (count) => k.repeatKernel(REPEAT.keccak, count) },
      baseline: { name: 'noble-hashes', count: 1000, run: repeated(() => keccakP(nobleState)) },
    },
  ];
}

/**
 * Times the kernels, alternately with their baselines, and gives medians. The felt and Keccak rows run inside
 * WebAssembly, the others through the public functions with bigints or bytes. `smoke` measures each row once.
 */
export async function runKernelsBench(options: { smoke: boolean }): Promise<BenchResult[]> {
  const roundCount = options.smoke ? 1 : 25;
  return rows().map((row) => {
    if (!options.smoke) measure(row, 3); // let V8 optimise both sides
    return measure(row, roundCount);
  });
}
