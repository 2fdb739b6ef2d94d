import { encodeProof, P, STEP, withHash } from '@cairn/stark';
import { prove, referenceBackend } from '@cairn/stark/prover';
import { concatHex, type Hex, pad, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployContract, deployVerifier } from '../l1/deploy.ts';
import type { VerifierManifest } from '../l1/manifest.ts';
import { verifyOnChain } from '../l1/verifyOnChain.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { ask, askVerifier, compile, setUpVerifier, verifyCall } from '../testing/askVerifier.ts';
import {
  copyProof,
  GRINDING_PROFILE,
  type ProvenStatement,
  proveStatement,
  tampering,
  verdictOf,
} from '../testing/proofs.ts';
import { powersAir, powersInput, tallyAir, tallyInput } from '../testing/testAirs.ts';
import { compileContract, compileVerifier } from './compileSources.ts';
import { emitVerifier } from './emitVerifier.ts';

let chain: TestChain;
let tally: ProvenStatement;
let tallyVerifier: VerifierManifest;
let powers: ProvenStatement;
let powersVerifier: VerifierManifest;

const TALLY = tallyInput(
  Array.from({ length: 400 }, (_, i) => (i * 97) % 256),
  9,
);

beforeAll(async () => {
  chain = await startAnvil();
  tally = await proveStatement(tallyAir, TALLY, GRINDING_PROFILE);
  powers = await proveStatement(powersAir, powersInput([7, 5, 4]), GRINDING_PROFILE);
  tallyVerifier = await setUpVerifier(chain, 'Tally', tally.key);
  powersVerifier = await setUpVerifier(chain, 'Powers', powers.key);
}, 120_000);
afterAll(() => chain?.stop());

/** The contract's verdict, which must be that of the TypeScript verifier. */
async function agreed(bytes: Uint8Array, publicValues = tally.publicValues): Promise<string> {
  const said = await askVerifier(chain, tallyVerifier, publicValues, bytes);
  expect(said).toBe(verdictOf(tally.key, publicValues, bytes));
  return said;
}
async function verdictAfter(change: (proof: any) => void): Promise<string> {
  const proof = copyProof(tally.proof);
  change(proof);
  return agreed(encodeProof(tally.key.air, proof as any));
}
function edited(change: (bytes: Uint8Array, view: DataView) => void): Uint8Array {
  const bytes = tally.bytes.slice();
  change(bytes, new DataView(bytes.buffer));
  return bytes;
}
const bump = (element: number[]) => {
  element[0] = (element[0]! + 1) % P;
};

describe('honest proofs', () => {
  it('are accepted', async () => {
    expect(await agreed(tally.bytes)).toBe('accepted');
    expect(await verifyOnChain(chain.reader, tallyVerifier, tally.bytes, tally.publicValues)).toEqual({
      ok: true,
    });
  });
  it('of one key are accepted at all heights', async () => {
    for (const heights of [
      [7, 5, 4],
      [4, 4, 4],
      [4, 6, 6],
      [5, 9, 4],
      [6, 6, 5],
    ] as const) {
      const { bytes, publicValues, key } = await proveStatement(
        powersAir,
        powersInput([...heights]),
        GRINDING_PROFILE,
      );
      expect(verdictOf(key, publicValues, bytes)).toBe('accepted');
      expect(await askVerifier(chain, powersVerifier, publicValues, bytes)).toBe('accepted');
      const wrong = [publicValues[0]!, publicValues[1]! + 1];
      expect(await askVerifier(chain, powersVerifier, wrong, bytes)).not.toBe('accepted');
    }
  });
  it.each([
    ['whole digests, folds of 8, no last polynomial', { hash: 'keccak256', logFold: 3, logLastLayer: 0 }],
    ['caps of one node, folds of 2', { logCap: 0, logFold: 1, logLastLayer: 3 }],
    ['caps of whole trees, folds of 32', { logCap: 8, logFold: 5, logBlowup: 4 }],
  ] as const)('with other parameters: %s', async (_, parameters) => {
    const profile = {
      ...GRINDING_PROFILE,
      parameters: { ...GRINDING_PROFILE.parameters, ...parameters, queryCount: 17 },
    };
    const input = tallyInput([1, 2, 3, 250], 4);
    const { key, publicValues, bytes } = await proveStatement(tallyAir, input, profile);
    const manifest = await setUpVerifier(chain, 'Other', key);
    expect(verdictOf(key, publicValues, bytes)).toBe('accepted');
    expect(await askVerifier(chain, manifest, publicValues, bytes)).toBe('accepted');
    const spoiled = bytes.slice();
    spoiled[spoiled.length - 1]! ^= 1;
    expect(await askVerifier(chain, manifest, publicValues, spoiled)).toBe(
      verdictOf(key, publicValues, spoiled),
    );
    // A contract for other parameters does not take it.
    expect(await askVerifier(chain, tallyVerifier, publicValues, bytes)).toBe('WRONG_PARAMETERS');
  });
});

describe('the form of calldata', () => {
  it('must be the one ABI encoding', async () => {
    const call = verifyCall(tally.publicValues, tally.bytes);
    const word = (index: number, value: bigint): Hex => {
      const at = 10 + 64 * index;
      return `${call.slice(0, at)}${toHex(value, { size: 32 }).slice(2)}${call.slice(at + 64)}` as Hex;
    };
    const said = (data: Hex) => ask(chain, tallyVerifier.verifier, data);
    expect(await said(call)).toBe('accepted');
    expect(await said(concatHex([call, '0x00']))).toBe('BAD_CALLDATA');
    expect(await said(concatHex([call, toHex(0n, { size: 32 })]))).toBe('BAD_CALLDATA');
    expect(await said(call.slice(0, -2) as Hex)).toBe('BAD_CALLDATA');
    expect(await said(call.slice(0, 74) as Hex)).toBe('BAD_CALLDATA');
    expect(await said(word(0, 0x60n))).toBe('BAD_CALLDATA');
    expect(await said(word(1, 0xa0n))).toBe('BAD_CALLDATA');
    expect(await said(word(2, 12n))).toBe('INVALID_PUBLIC_VALUES');
    expect(await said(word(3, BigInt(`0x${call.slice(202, 266)}`) + 1n))).toBe('BAD_CALLDATA');
    const proofBytes = BigInt(`0x${call.slice(10 + 64 * 4, 10 + 64 * 5)}`);
    expect(proofBytes).toBe(BigInt(tally.bytes.length));
    expect(await said(word(4, proofBytes + 2n ** 200n))).toBe('BAD_CALLDATA');
    expect(await said(word(4, proofBytes - 32n))).toBe('BAD_CALLDATA');
    if (tally.bytes.length % 32 !== 0)
      expect(await said(`${call.slice(0, -2)}01` as Hex)).toBe('BAD_CALLDATA');
    expect(await said('0x')).toMatch(/^failed/);
    expect(await said(`0xdeadbeef${call.slice(10)}` as Hex)).toMatch(/^failed/);
  });
  it('must hold a proof of the right magic, version and parameters', async () => {
    expect(await agreed(edited((bytes) => (bytes[0] = 0)))).toBe('NOT_A_PROOF');
    expect(await agreed(edited((bytes) => (bytes[7] = 2)))).toBe('UNKNOWN_VERSION');
    for (let i = 0; i < 11; i++) {
      for (const byte of [0, 3])
        expect(await agreed(edited((bytes) => (bytes[8 + 4 * i + byte] = 99)))).toBe('WRONG_PARAMETERS');
    }
  });
  it('must hold a proof of the right length', async () => {
    expect(await agreed(new Uint8Array(0))).toBe('NOT_A_PROOF');
    for (const length of [3, 4, 7, 8, 20, 47, 51, 52, 59, 63, 64, 300, 5000, tally.bytes.length - 1])
      expect(await agreed(tally.bytes.slice(0, length))).toBe(length < 4 ? 'NOT_A_PROOF' : 'TRUNCATED');
    for (const extra of [1, 4, 32])
      expect(await agreed(Uint8Array.of(...tally.bytes, ...new Uint8Array(extra)))).toBe('TRAILING_BYTES');
  });
  it('must be canonical in every field word', async () => {
    for (const word of [P, P + 1, 2 ** 31, 2 ** 32 - 1]) {
      const spoil = (values: number[], i: number) => {
        values[i] = word;
      };
      const { proof, layout } = tally;
      for (const i of proof.samples.keys())
        expect(await verdictAfter((p) => spoil(p.samples[i], i % 4))).toBe('NON_CANONICAL');
      for (const i of proof.nextSamples.keys())
        expect(await verdictAfter((p) => spoil(p.nextSamples[i], 3))).toBe('NON_CANONICAL');
      for (const i of proof.claimedSums.keys())
        expect(await verdictAfter((p) => spoil(p.claimedSums[i], i))).toBe('NON_CANONICAL');
      for (const i of proof.lastLayer.keys())
        expect(await verdictAfter((p) => spoil(p.lastLayer[i], 2))).toBe('NON_CANONICAL');
      for (const [t, tree] of layout.trees.entries()) {
        for (const i of tree.columns.keys())
          expect(await verdictAfter((p) => spoil(p.queries[i % 8].rows[t], i))).toBe('NON_CANONICAL');
      }
      for (const i of layout.friLayers.keys())
        expect(await verdictAfter((p) => spoil(p.queries[7].friValues[i][1], 1))).toBe('NON_CANONICAL');
    }
  });
  it('must claim heights within the tables and of the key', async () => {
    for (const heights of [
      [8, 3],
      [8, 23],
      [8, 2 ** 32 - 1],
      [9, 9],
      [8, 10],
      [7, 9],
    ]) {
      const at = 52;
      const bytes = edited((_, view) => {
        for (const [i, h] of heights.entries()) view.setUint32(at + 4 * i, h);
      });
      const said = await askVerifier(chain, tallyVerifier, tally.publicValues, bytes);
      expect(said).toBe('INVALID_HEIGHT');
      expect(verdictOf(tally.key, tally.publicValues, bytes)).not.toBe('accepted');
    }
  });
});

describe('the statement', () => {
  it('must be canonical and is bound', async () => {
    const [count, total] = tally.publicValues as [number, number];
    for (const values of [[], [count], [count, total, 0], [P, total], [count, 2 ** 32 - 1]])
      expect(await agreed(tally.bytes, values)).toBe('INVALID_PUBLIC_VALUES');
    for (const values of [
      [count + 1, total],
      [count, total + 1],
    ])
      expect(await agreed(tally.bytes, values)).not.toBe('accepted');
  });
  it('is bound to AIR and fixed columns', async () => {
    const otherAir = { ...tally.key, airDigest: tally.key.airDigest.map((b) => b ^ 1) };
    const cap = tally.key.fixed!.cap.map((digest) => digest.map((b) => b ^ 1));
    const otherCap = { ...tally.key, fixed: { ...tally.key.fixed!, cap } };
    for (const key of [otherAir, otherCap]) {
      const manifest = await setUpVerifier(chain, 'Wrong', key);
      expect(await askVerifier(chain, manifest, tally.publicValues, tally.bytes)).toBe(
        verdictOf(key, tally.publicValues, tally.bytes),
      );
    }
  });
  it('has no more uses than the heights allow', async () => {
    // With p replaced by a small bound in this one check, as tables of 2^26 rows can not be proven here.
    const manifest = await setUpVerifier(chain, 'Crowded', tally.key, (sources) => ({
      ...sources,
      verifier: sources.verifier.replaceAll('if iszero(lt(count, 0x7fffffff))', 'if iszero(lt(count, 512))'),
    }));
    expect(await askVerifier(chain, manifest, tally.publicValues, tally.bytes)).toBe('TOO_MANY_USES');
  });
});

describe('grinding', () => {
  it.each(['lookupNonce', 'pointNonce', 'deepNonce', 'queryNonce'])('checks %s', async (name) => {
    expect(await verdictAfter((proof) => (proof[name][1] ^= 0x5a5a5a))).toBe('GRINDING');
    expect(await verdictAfter((proof) => (proof[name][0] ^= 1))).toBe('GRINDING');
  });
  it('checks the nonce of each fold', async () => {
    for (const i of tally.proof.foldNonces.keys())
      expect(await verdictAfter((proof) => (proof.foldNonces[i][1] ^= 0x5a5a5a))).toBe('GRINDING');
  });
  it.each(['lookup', 'point', 'deep', 'fold', 'query'] as const)(
    'notices a prover that saves the work before the %s step alone',
    async (name) => {
      const guarded = STEP[`${name}Grinding`];
      const bytes = await prove(tally.key, tally.trace, tally.publicValues, {
        backend: referenceBackend,
        hooks: { nonce: (step, nonce) => (step === guarded ? [0x1234567, 0x89abcde ^ nonce[1]] : nonce) },
      });
      expect(await agreed(bytes)).toBe('GRINDING');
    },
  );
});

describe('a lying prover', () => {
  type Options = NonNullable<Parameters<typeof prove>[3]>;
  const lie = async (options: Partial<Options>, trace = tally.trace, publicValues = tally.publicValues) =>
    agreed(
      await prove(tally.key, trace, publicValues, {
        backend: referenceBackend,
        ...options,
        hooks: { skipChecks: true, ...options.hooks },
      }),
      publicValues,
    );
  const changed = (table: string, column: string, row: number, change: (v: number) => number) => {
    const t = tally.key.air.tables.findIndex(({ name }) => name === table);
    const c = tally.key.air.tables[t]!.columns.findIndex(({ name }) => name === column);
    return tally.trace.map((own, i) =>
      i !== t
        ? own
        : { ...own, columns: own.columns.map((v, j) => (j === c ? v.with(row, change(v[row]!)) : v)) },
    );
  };

  it('can not leave look-ups unbalanced, nor balance them by other claims', async () => {
    expect(await lie({})).toBe('accepted');
    const tables = tally.key.air.tables;
    const range = tables.find(({ name }) => name !== 'additions')!;
    const uses = range.columns.find(({ source }) => source.kind === 'multiplicity')!.name;
    const bad = changed(range.name, uses, 3, (v) => v + 1);
    expect(await lie({}, bad)).toBe('LOOKUP_SUM');
    expect(await lie({}, tally.trace, [400, tally.publicValues[1]! + 1])).toBe('LOOKUP_SUM');
    const claimedSums = (sums: readonly (readonly number[])[]) => {
      const total = sums.reduce((a, b) => a.map((v, i) => (v + b[i]!) % P));
      return sums.map((sum, t) => (t === 0 ? sum.map((v, i) => (v + P - total[i]!) % P) : sum)) as any;
    };
    expect(['LOOKUP_SUM', 'CONSTRAINTS']).toContain(await lie({ hooks: { claimedSums } }, bad));
  });
  it('can not violate a constraint', async () => {
    // A row in the middle that is switched off.
    expect(
      await lie(
        {},
        changed('additions', 'before', 5, (v) => v + 1),
      ),
    ).not.toBe('accepted');
    const enabler = tally.key.air.tables[tally.key.air.tables.findIndex((t) => t.name === 'additions')]!;
    const name = enabler.columns.find(({ source }) => source.kind === 'enabler')!.name;
    expect(
      await lie(
        {},
        changed('additions', name, 450, () => 2),
      ),
    ).not.toBe('accepted');
  });
  it('can not make up samples', async () => {
    const samples = (own: readonly any[], next: readonly any[]) => {
      const forged = own.map((value) => [...value]);
      bump(forged[0]!);
      return { samples: forged as any, nextSamples: next };
    };
    expect(await lie({ hooks: { samples } })).toBe('CONSTRAINTS');
  });
  it('can not send another last polynomial', async () => {
    const lastLayer = (c: readonly any[]) => c.map((v, i) => (i === 1 ? [(v[0] + 1) % P, ...v.slice(1)] : v));
    expect(await lie({ hooks: { lastLayer } as any })).toBe('FRI_LAST_LAYER');
  });

  it.each([
    [0, 'next', 'QUOTIENT'],
    [0, 'columns', 'QUOTIENT'],
    [0, 'short', 'QUOTIENT'],
    [1, 'next', 'FRI_FOLD'],
    [2, 'next', 'FRI_FOLD'],
    [3, 'next', 'FRI_FOLD'],
    [4, 'next', 'FRI_LAST_LAYER'],
  ] as const)('can not change FRI layer %i (%s): %s', async (at, what, code) => {
    expect(tally.layout.friLayers.length).toBe(4);
    expect(await lie({ backend: tampering(at, what) })).toBe(code);
  });
});

describe('openings', () => {
  it('must lead to the caps: rows and paths of every tree', async () => {
    for (const t of tally.layout.trees.keys()) {
      for (const q of [0, 7]) {
        const last = tally.proof.queries[q]!.rows[t]!.length - 1;
        for (const i of [0, last])
          expect(
            await verdictAfter((p) => (p.queries[q].rows[t][i] = (p.queries[q].rows[t][i] + 1) % P)),
          ).toBe('TREE_PATH');
        for (const level of tally.proof.queries[q]!.paths[t]!.keys()) {
          expect(await verdictAfter((p) => (p.queries[q].paths[t][level][0] ^= 1))).toBe('TREE_PATH');
          expect(await verdictAfter((p) => (p.queries[q].paths[t][level][23] ^= 128))).toBe('TREE_PATH');
        }
      }
    }
    expect(
      await verdictAfter((p) => {
        [p.queries[0], p.queries[1]] = [p.queries[1], p.queries[0]];
      }),
    ).toBe('TREE_PATH');
  });
  it('must lead to the caps: leaves and paths of every FRI layer', async () => {
    for (const i of tally.layout.friLayers.keys()) {
      expect(await verdictAfter((p) => bump(p.queries[0].friValues[i][0]))).toBe('FRI_PATH');
      expect(await verdictAfter((p) => bump(p.queries[0].friValues[i].at(-1)))).toBe('FRI_PATH');
      for (const level of tally.proof.queries[5]!.friPaths[i]!.keys())
        expect(await verdictAfter((p) => (p.queries[5].friPaths[i][level][11] ^= 1))).toBe('FRI_PATH');
    }
  });
  it('must lead to the caps: every cap is absorbed', async () => {
    for (const [c, cap] of tally.proof.caps.entries()) {
      for (const d of cap.keys())
        expect(await verdictAfter((p) => (p.caps[c][d][5] ^= 1))).not.toBe('accepted');
    }
    for (const [i, cap] of tally.proof.friCaps.entries()) {
      for (const d of cap.keys())
        expect(await verdictAfter((p) => (p.friCaps[i][d][5] ^= 1))).not.toBe('accepted');
    }
    expect(await verdictAfter((p) => (p.salt = 1))).not.toBe('accepted');
  });
});

describe('degenerate challenges', () => {
  /** The verifier with the draws of one step replaced by fixed values, and the checks before the one in question left out. */
  const withDraw = async (draw: string, value: string, withoutChecks = '') => {
    const manifest = await setUpVerifier(chain, 'Degenerate', tally.key, (sources) => {
      const verifier = sources.verifier.replace(draw, value).replace(withoutChecks, '');
      expect(verifier).not.toBe(sources.verifier);
      return { ...sources, verifier };
    });
    // The other draws stay: what comes after is another proof, which only later checks would turn down.
    return askVerifier(chain, manifest, tally.publicValues, tally.bytes);
  };
  const beforeQuotients = 'checkLookupSum()\n        checkConstraints()\n';
  it('are refused: a parameter without a point', async () => {
    expect(await withDraw('let t := drawElement(12)', 'let t := pack(0, 1, 0, 0)')).toBe(
      'DEGENERATE_CHALLENGE',
    );
  });
  it('are refused: a coefficient of constraints without an inverse', async () => {
    expect(await withDraw('let coefficient := drawElement(9)', 'let coefficient := 0')).toBe(
      'DEGENERATE_CHALLENGE',
    );
  });
  it('are refused: a point that equals its conjugate', async () => {
    const conjugate = 'pop(drawElement(12)) let t := pack(3, 4, 0, 0)';
    expect(await withDraw('let t := drawElement(12)', conjugate, beforeQuotients)).toBe(
      'DEGENERATE_CHALLENGE',
    );
  });
  it('are refused: a look-up challenge that hits a public tuple', async () => {
    const { id } =
      tally.key.air.buses[tally.key.air.publicEntries.find(({ name }) => name === 'start')!.bus]!;
    const drawn = /mstore\((0x[0-9a-f]+), drawElement\(6\)\)/;
    const manifest = await setUpVerifier(chain, 'Hit', tally.key, (sources) => ({
      ...sources,
      verifier: sources.verifier.replace(drawn, `pop(drawElement(6)) mstore($1, pack(${id}, 0, 0, 0))`),
    }));
    expect(await askVerifier(chain, manifest, tally.publicValues, tally.bytes)).toBe('DEGENERATE_CHALLENGE');
  });
});

/** A contract of these statements. */
const artifactSource = (statements: string) => `object "Liar" {
code { datacopy(0, dataoffset("runtime"), datasize("runtime")) return(0, datasize("runtime")) }
object "runtime" { code { ${statements} } } }`;

describe('emission', () => {
  it('refuses a hash that the EVM lacks', async () => {
    const key = { ...tally.key, parameters: withHash(GRINDING_PROFILE, 'blake2s').parameters };
    await expect(setUpVerifier(chain, 'Blake', key)).rejects.toMatchObject({ code: 'UNSUPPORTED_HASH' });
  });
  it('splits constraints over contracts, with the same verdicts', async () => {
    const sources = emitVerifier('Split', powers.key, { maxConstraintBytes: 300 });
    expect(sources.constraints.length).toBeGreaterThan(3);
    const artifacts = compileVerifier(compile, sources);
    const manifest = await deployVerifier(chain, artifacts, powers.key);
    expect(await askVerifier(chain, manifest, powers.publicValues, powers.bytes)).toBe('accepted');
    for (const i of powers.proof.samples.keys()) {
      const proof = copyProof(powers.proof) as any;
      bump(proof.samples[i]);
      const bytes = encodeProof(powers.key.air, proof);
      expect(await askVerifier(chain, manifest, powers.publicValues, bytes)).toBe(
        verdictOf(powers.key, powers.publicValues, bytes),
      );
    }
    // Addresses without code, contracts in another order, or with other code do not do.
    const word = (address: Hex) => pad(address, { size: 32 });
    const [first, second, ...others] = manifest.constraints.map(word);
    const liar = await deployContract(
      chain,
      compileContract(
        compile,
        'Yul',
        'Liar',
        artifactSource('calldatacopy(0, 0, calldatasize()) return(0, 0x80)'),
      ),
    );
    for (const addresses of [
      manifest.constraints.map(() => word('0x1234')),
      [second!, first!, ...others],
      [word(liar), second!, ...others],
    ]) {
      const verifier = await deployContract(chain, artifacts.verifier, concatHex(addresses));
      const said = await askVerifier(chain, { ...manifest, verifier }, powers.publicValues, powers.bytes);
      expect(said).toBe('CONTRACT_FAILED');
      await expect(
        verifyOnChain(chain.reader, { ...manifest, verifier }, powers.bytes, powers.publicValues),
      ).rejects.toMatchObject({ code: 'WRONG_MANIFEST' });
    }
  });
});
