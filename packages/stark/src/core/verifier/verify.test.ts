import { beforeAll, describe, expect, it } from 'vitest';
import type { ProverBackend } from '../../prover/backend.ts';
import { makeVerifyingKey } from '../../prover/makeVerifyingKey.ts';
import { prove } from '../../prover/prove.ts';
import { referenceBackend as backend } from '../../prover/reference/referenceBackend.ts';
import { copyProof, type ProvenSum, proveSum } from '../../testing/provenSum.ts';
import { bit } from '../air/columnType.ts';
import { defineAir } from '../air/defineAir.ts';
import { STEP } from '../channel/channel.ts';
import { pointFromParameter } from '../circle/circlePoint.ts';
import { evaluateVanishing } from '../circle/lagrange.ts';
import { addM31, P } from '../field/m31.ts';
import { add, inv, mul, ONE, powers, type QM31, scale, sub } from '../field/qm31.ts';
import { DEV } from '../params/profiles.ts';
import { encodeProof } from '../proof/proofCodec.ts';
import { proofLayout } from '../proof/proofLayout.ts';
import { deepPlan } from './deepQuotients.ts';
import { checkLookupSum, checkUseCounts, constraintsAtPoint, joinComposition, verify } from './verify.ts';

let sum: ProvenSum;
beforeAll(async () => {
  sum = await proveSum();
});

/** The verdict on the proof after a change. */
function verdictAfter(change: (proof: any) => void): unknown {
  const proof = copyProof(sum.proof);
  change(proof);
  const verdict = verify(sum.key, sum.publicValues, encodeProof(sum.key.air, proof));
  return verdict.ok ? 'accepted' : verdict.code;
}

function verdictOnBytes(change: (bytes: Uint8Array) => Uint8Array): string {
  const verdict = verify(sum.key, sum.publicValues, change(sum.bytes.slice()));
  return verdict.ok ? 'accepted' : verdict.code;
}

const bump = (element: number[]) => {
  element[0] = addM31(element[0]!, 1);
};

describe('the form of a proof', () => {
  it('is accepted as made', () => {
    expect(verify(sum.key, sum.publicValues, sum.bytes)).toMatchObject({ ok: true, strength: 'dev' });
    expect(encodeProof(sum.key.air, sum.proof)).toEqual(sum.bytes);
  });
  it('must have magic, version and parameters of the key', () => {
    const set = (at: number, value: number) => (bytes: Uint8Array) => {
      bytes[at] = value;
      return bytes;
    };
    expect(verdictOnBytes(set(0, 0))).toBe('NOT_A_PROOF');
    expect(verdictOnBytes(set(7, 2))).toBe('UNKNOWN_VERSION');
    for (let i = 0; i < 11; i++) expect(verdictOnBytes(set(8 + 4 * i + 3, 99))).toBe('WRONG_PARAMETERS');
    expect(verdictOnBytes(() => new Uint8Array(0))).toBe('NOT_A_PROOF');
  });
  it('says what is wrong with bad input, and where', () => {
    const messageOf = (bytes: Uint8Array, key: typeof sum.key = sum.key) => {
      const verdict = verify(key, sum.publicValues, bytes);
      return verdict.ok ? 'accepted' : `${verdict.code}: ${verdict.message}`;
    };
    const version9 = sum.bytes.slice();
    version9[7] = 9;
    expect(messageOf(version9)).toBe('UNKNOWN_VERSION: proof version: got 9, expected 1');
    // A proof of one profile under the key of another.
    const other = {
      ...sum.key,
      parameters: {
        ...sum.key.parameters,
        queryCount: 26,
        grinding: { ...sum.key.parameters.grinding, query: 24 },
      },
    };
    expect(messageOf(sum.bytes, other)).toBe(
      'WRONG_PARAMETERS: proof parameters: got queryCount 8, expected 26; got grinding.query 7, expected 24',
    );
    expect(messageOf(sum.bytes.slice(0, 1000))).toMatch(/^TRUNCATED: proof ends at byte 1000/);
    expect(messageOf(new TextEncoder().encode('{"proof": 1}'))).toMatch(/^NOT_A_PROOF/);
    const tall = sum.bytes.slice();
    tall[55 + 4] = 25;
    expect(messageOf(tall)).toMatch(/^INVALID_HEIGHT: height of table additions: got 2\^25/);
  });
  it('must have its length', () => {
    for (const length of [4, 7, 8, 20, 47, 51, 60, 300, 5000]) {
      expect(verdictOnBytes((bytes) => bytes.slice(0, length))).toBe('TRUNCATED');
    }
    expect(verdictOnBytes((bytes) => bytes.slice(0, -1))).toBe('TRUNCATED');
    expect(verdictOnBytes((bytes) => Uint8Array.of(...bytes, 0))).toBe('TRAILING_BYTES');
  });
  it('must be canonical in every field word', () => {
    for (const word of [P, P + 1, 2 ** 32 - 1]) {
      expect(verdictAfter((proof) => (proof.samples[0][0] = word))).toBe('NON_CANONICAL');
      expect(verdictAfter((proof) => (proof.nextSamples[0][3] = word))).toBe('NON_CANONICAL');
      expect(verdictAfter((proof) => (proof.claimedSums[0][1] = word))).toBe('NON_CANONICAL');
      expect(verdictAfter((proof) => (proof.lastLayer[0][2] = word))).toBe('NON_CANONICAL');
      expect(verdictAfter((proof) => (proof.queries[0].rows[1][0] = word))).toBe('NON_CANONICAL');
      expect(verdictAfter((proof) => (proof.queries[1].friValues[0][1][0] = word))).toBe('NON_CANONICAL');
    }
  });
  it('must claim heights within the tables and of the key', () => {
    const claim = (logHeights: number[]) =>
      verdictOnBytes((bytes) => {
        const view = new DataView(bytes.buffer);
        for (const [i, h] of logHeights.entries()) view.setUint32(52 + 4 * i, h);
        return bytes;
      });
    expect(claim([8, 3])).toBe('INVALID_HEIGHT');
    expect(claim([8, 23])).toBe('INVALID_HEIGHT');
    expect(claim([8, 2 ** 32 - 1])).toBe('INVALID_HEIGHT');
    expect(claim([4, 9])).toBe('INVALID_HEIGHT');
    const { fixed } = sum.key;
    const otherTallest = { ...sum.key, fixed: { ...fixed!, logMaxHeight: 10 } };
    expect(verify(otherTallest, sum.publicValues, sum.bytes)).toMatchObject({ code: 'INVALID_HEIGHT' });
    const otherTable = { ...sum.key, fixed: { ...fixed!, logHeights: new Map([[0, 9]]) } };
    expect(verify(otherTable, sum.publicValues, sum.bytes)).toMatchObject({ code: 'INVALID_HEIGHT' });
  });
});

describe('digests of 24 bytes', () => {
  it('make a proof shorter by 8 bytes each, and are all checked', async () => {
    const short = await proveSum({ hash: 'keccak192' });
    const full = await proveSum({ hash: 'keccak256' });
    const verdictOf = (bytes: Uint8Array) => {
      const verdict = verify(short.key, short.publicValues, bytes);
      return verdict.ok ? 'accepted' : verdict.code;
    };
    expect(verdictOf(short.bytes)).toBe('accepted');
    const digests = ({ caps, friCaps, queries }: typeof short.proof) =>
      [caps, friCaps, ...queries.flatMap(({ paths, friPaths }) => [paths, friPaths])].flat(2);
    const lengths = new Set(digests(short.proof).map((digest) => digest.length));
    expect([...lengths]).toEqual([24]);
    expect(full.bytes.length - short.bytes.length).toBe(8 * digests(full.proof).length);
    // A key for one length takes no proof of the other.
    expect(verdictOf(full.bytes)).toBe('WRONG_PARAMETERS');
    expect(verify(full.key, full.publicValues, short.bytes)).toMatchObject({ code: 'WRONG_PARAMETERS' });
    // Every byte of a path, and each part of the last query's.
    const last = short.proof.queries.length - 1;
    for (let byte = 0; byte < 24; byte++) {
      const proof = copyProof(short.proof) as any;
      proof.queries[0].paths[1][0][byte] ^= 0x80;
      expect(verdictOf(encodeProof(short.key.air, proof))).toBe('TREE_PATH');
    }
    short.proof.queries[last]!.friPaths.forEach((path, layer) => {
      path.forEach((_, level) => {
        const proof = copyProof(short.proof) as any;
        proof.queries[last].friPaths[layer][level][23] ^= 1;
        expect(verdictOf(encodeProof(short.key.air, proof))).toBe('FRI_PATH');
      });
    });
  });
});

describe('the statement', () => {
  it('must have its public values, canonical', () => {
    for (const values of [
      [],
      [...sum.publicValues, 0],
      [P, 0, 0, 0, 0],
      [0.5, 0, 0, 0, 0],
      [Number.NaN, 0, 0, 0, 0],
    ]) {
      expect(verify(sum.key, values, sum.bytes)).toMatchObject({ code: 'INVALID_PUBLIC_VALUES' });
    }
  });
  it('binds each public value', () => {
    sum.publicValues.forEach((_, i) => {
      const values = sum.publicValues.with(i, sum.publicValues[i]! + 1);
      expect(verify(sum.key, values, sum.bytes).ok).toBe(false);
    });
  });
  it('binds the AIR, the fixed columns and the parameters of the key', () => {
    expect(verify({ ...sum.key, airDigest: new Uint8Array(32) }, sum.publicValues, sum.bytes).ok).toBe(false);
    const cap = sum.key.fixed!.cap.map((digest) => digest.map((b) => b ^ 1));
    expect(verify({ ...sum.key, fixed: { ...sum.key.fixed!, cap } }, sum.publicValues, sum.bytes).ok).toBe(
      false,
    );
  });
  it('counts the uses that heights allow on a bus', () => {
    expect(checkUseCounts(sum.key.air, [8, 22])).toBeUndefined();
    const crowded = defineAir('crowded', (a) => {
      const bus = a.bus('b', ['v']);
      a.table('t', { logHeight: { min: 4, max: 26 }, padding: 'enabler' }, (t) => {
        for (let i = 0; i < 32; i++) t.use(`use ${i}`, bus, [i]);
        t.yield('yield', bus, [0]);
      });
    });
    expect(checkUseCounts(crowded, [25])).toBeUndefined();
    expect(checkUseCounts(crowded, [26])).toMatchObject({ code: 'TOO_MANY_USES' });
  });
});

describe('grinding', () => {
  /** A nonce that fails: with few bits, one of the next few does. */
  const spoil = (nonce: number[]) => {
    nonce[1] = nonce[1]! ^ 0x5a5a5a;
  };
  it.each(['lookupNonce', 'pointNonce', 'deepNonce', 'queryNonce'])('checks %s', (name) => {
    expect(verdictAfter((proof) => spoil(proof[name]))).toBe('GRINDING');
  });
  it('checks the nonce of each fold', () => {
    sum.proof.foldNonces.forEach((_, i) => {
      expect(verdictAfter((proof) => spoil(proof.foldNonces[i]))).toBe('GRINDING');
    });
  });
});

describe('a prover that saves the work', () => {
  it.each(['lookup', 'point', 'deep', 'fold', 'query'] as const)(
    'before the %s step alone is noticed',
    async (name) => {
      // Everything after the nonce is made for it, later nonces included: its own check is all that is left.
      const guarded = STEP[`${name}Grinding`];
      const bytes = await prove(sum.key, sum.trace, sum.publicValues, {
        backend,
        hooks: { nonce: (step, nonce) => (step === guarded ? [0x1234567, 0x89abcde ^ nonce[1]] : nonce) },
      });
      expect(verify(sum.key, sum.publicValues, bytes)).toMatchObject({ ok: false, code: 'GRINDING' });
    },
  );
});

describe('a lying prover', () => {
  const lie = async (
    options: Parameters<typeof prove>[3],
    publicValues = sum.publicValues,
    trace = sum.trace,
    key = sum.key,
  ) => {
    const bytes = await prove(key, trace, publicValues, {
      ...options,
      hooks: { skipChecks: true, ...options.hooks },
    });
    const verdict = verify(key, publicValues, bytes);
    return verdict.ok ? 'accepted' : verdict.code;
  };
  const changedTrace = (table: number, column: string, row: number, change: (v: number) => number) => {
    const index = sum.key.air.tables[table]!.columns.findIndex(({ name }) => name === column);
    return sum.trace.map((t, i) =>
      i !== table
        ? t
        : { ...t, columns: t.columns.map((v, c) => (c === index ? v.with(row, change(v[row]!)) : v)) },
    );
  };

  it('can not leave look-ups unbalanced', async () => {
    expect(await lie({ backend })).toBe('accepted');
    expect(
      await lie(
        { backend },
        sum.publicValues,
        changedTrace(0, 'uses', 3, (v) => v + 1),
      ),
    ).toBe('LOOKUP_SUM');
    expect(await lie({ backend }, sum.publicValues.with(1, 3))).toBe('LOOKUP_SUM');
  });
  it('can not balance look-ups by claiming other sums', async () => {
    const trace = changedTrace(0, 'uses', 3, (v) => v + 1);
    const claimedSums = (sums: readonly QM31[]) => {
      // The total of the honest proof of this trace is made 0 by the first table's claim.
      const total = sums.reduce(add);
      return [sub(sums[0]!, total), ...sums.slice(1)];
    };
    const code = await lie({ backend, hooks: { claimedSums } }, sum.publicValues, trace);
    expect(['LOOKUP_SUM', 'CONSTRAINTS']).toContain(code);
    expect(code).not.toBe('accepted');
  });
  it('can not violate a constraint', async () => {
    const bad = changedTrace(1, 'carry3', 2, () => 2);
    expect(await lie({ backend }, sum.publicValues, bad)).toBe('CONSTRAINTS');
  });
  it('can not make up samples that fulfil the constraints', async () => {
    // Solves for the first composition sample, so that the constraint check passes; the openings must then fail.
    let z: { x: QM31; y: QM31 } | undefined;
    const bad = changedTrace(1, 'carry3', 2, () => 2);
    const log: QM31[] = [];
    const layout = proofLayout(sum.key.air, sum.key.parameters, sum.layout.logHeights);
    let sums: readonly QM31[] = [];
    const code = await lie(
      {
        backend,
        observe: (event) => {
          if (event.kind === 'draw' && event.value.length === 4) log.push(event.value as unknown as QM31);
          if (event.kind === 'draw' && event.step === STEP.outOfDomainPoint)
            z = pointFromParameter(log.at(-1)!);
        },
        hooks: {
          claimedSums: (honest) => (sums = honest),
          samples: (samples, nextSamples) => {
            const [lookupZ, alpha, compositionCoefficient] = log;
            const alphaPowers = Array.from({ length: 8 }, (_, i) =>
              Array.from({ length: i }, () => alpha!).reduce(mul, ONE),
            );
            const proof = { ...sum.proof, claimedSums: sums, samples, nextSamples };
            const left = constraintsAtPoint(sum.key, sum.publicValues, proof, layout, {
              lookup: { z: lookupZ!, alphaPowers },
              compositionCoefficient: compositionCoefficient!,
              outOfDomainPoint: z!,
            });
            const wanted = mul(left, inv(evaluateVanishing(layout.logMaxHeight, z!)));
            const first = samples.length - 8;
            const pieceOf = (k: number): QM31 => {
              const c = samples.slice(first + 4 * k, first + 4 * k + 4);
              return c.reduce(
                (s, v, i) => add(s, mul(v, [+(i === 0), +(i === 1), +(i === 2), +(i === 3)])),
                scale(ONE, 0),
              );
            };
            const got = joinComposition([pieceOf(0), pieceOf(1)], layout.logMaxHeight, z!);
            const forged = samples.with(first, add(samples[first]!, sub(wanted, got)));
            return { samples: forged, nextSamples };
          },
        },
      },
      sum.publicValues,
      bad,
    );
    expect(['FRI_FOLD', 'FRI_LAST_LAYER']).toContain(code);
  });
  it('can not send another last polynomial', async () => {
    const lastLayer = (c: readonly QM31[]) => c.with(1, add(c[1]!, ONE));
    expect(await lie({ backend, hooks: { lastLayer } })).toBe('FRI_LAST_LAYER');
  });
  it('can not commit to a column of too high a degree', async () => {
    // The first layer of FRI is far from low degree: it folds consistently, but not to a short last polynomial.
    const rough: ProverBackend = {
      name: 'rough',
      open: async (task) => {
        const session = await backend.open({
          ...task,
          layout: { ...task.layout, logDomain: task.layout.logDomain },
        });
        const { makeQuotient } = session;
        session.makeQuotient = async (plan) => {
          await makeQuotient.call(session, {
            ...plan,
            columnCoefficients: plan.columnCoefficients.map((c) => add(c, ONE)),
          });
        };
        return session;
      },
    };
    expect(await lie({ backend: rough })).not.toBe('accepted');
  });
  it('can not pass a tall column off as a short one', async () => {
    // Table 0 claims 2^8 rows but is committed to with 2^9, all uses in the first half and doubled: every constraint and
    // the look-up sum hold for the mean over the rows; only the periodicity of short columns tells.
    const attack = (periodic: boolean): ProverBackend => ({
      name: 'tall',
      open: async (task) => {
        const short = task.trace[0]!;
        const columns = short.columns.map((values, c) => {
          const tall = new Uint32Array(2 * values.length);
          const isCount = task.air.tables[0]!.columns[c]!.source.kind === 'multiplicity';
          tall.set(isCount && !periodic ? values.map((v) => 2 * v) : values);
          if (!isCount || periodic) tall.set(values, values.length);
          return tall;
        });
        const logHeights = [9, 9];
        const layout = proofLayout(task.air, task.parameters, logHeights);
        const session = await backend.open({
          ...task,
          layout,
          trace: [{ logHeight: 9, columns }, task.trace[1]!],
        });
        const { interactionColumns, commitComposition } = session;
        session.interactionColumns = async (challenges) => {
          const sums = await interactionColumns.call(session, challenges);
          return [scale(sums![0]!, (P + 1) / 2), sums![1]!];
        };
        session.commitComposition = (coefficient, lookup, claimed) =>
          commitComposition.call(session, coefficient, lookup, [add(claimed[0]!, claimed[0]!), claimed[1]!]);
        // The joined quotient is the one the honest layout asks for, of the values committed to.
        session.makeQuotient = ((makeQuotient) => async (plan) => {
          Object.assign(layout, {
            shortLogHeights: [8],
            columns: layout.columns.map((c) => (c.table === 0 ? { ...c, logHeight: 8 } : c)),
          });
          await makeQuotient.call(session, plan);
        })(session.makeQuotient);
        return session;
      },
    });
    expect(await lie({ backend: attack(true) })).toBe('accepted');
    expect(await lie({ backend: attack(false) })).toBe('FRI_LAST_LAYER');
  });
  it('can not have a table yield forged tuples by negative uses', async () => {
    // "5 + 27 = 0 with no carry" needs limb value 32: used once, and cancelled by -1 uses elsewhere: uses are bits.
    expect(() =>
      defineAir('negative', (a) => {
        const bus = a.bus('b', ['v']);
        a.table('t', { logHeight: 4, padding: 'none' }, (t) => {
          t.use('signed', bus, [1], t.free('b', bit, { reason: 'test' }).sub(1));
        });
      }),
    ).toThrow(/counts 0 or 1 times/);
  });
});

describe('openings', () => {
  it('must lead to the caps: rows and paths of every tree', () => {
    for (const [t] of sum.layout.trees.entries()) {
      expect(
        verdictAfter((proof) => (proof.queries[3].rows[t][0] = addM31(proof.queries[3].rows[t][0], 1))),
      ).toBe('TREE_PATH');
      expect(verdictAfter((proof) => (proof.queries[2].paths[t][1][5] ^= 1))).toBe('TREE_PATH');
      expect(verdictAfter((proof) => (proof.queries[7].paths[t][4][31] ^= 128))).toBe('TREE_PATH');
    }
    expect(
      verdictAfter((proof) => {
        [proof.queries[0], proof.queries[1]] = [proof.queries[1], proof.queries[0]];
      }),
    ).toBe('TREE_PATH');
  });
  it('must lead to the caps: leaves and paths of every FRI layer', () => {
    for (const [i] of sum.layout.friLayers.entries()) {
      expect(verdictAfter((proof) => bump(proof.queries[0].friValues[i][0]))).toMatch(/FRI_PATH/);
      expect(verdictAfter((proof) => bump(proof.queries[0].friValues[i].at(-1)))).toMatch(/FRI_PATH/);
      if (sum.proof.queries[0]!.friPaths[i]!.length > 0) {
        expect(verdictAfter((proof) => (proof.queries[5].friPaths[i][0][0] ^= 1))).toBe('FRI_PATH');
      }
    }
  });
});

describe('consistency of openings, with every path right', () => {
  /** The honest session, but one FRI layer is tampered with before it is committed to. */
  const tampering = (at: number): ProverBackend => ({
    name: 'tampering',
    open: async (task) => {
      const session = await backend.open(task);
      const fold = session.foldFriLayer.bind(session);
      const make = session.makeQuotient.bind(session);
      if (at === 0) {
        session.makeQuotient = async (plan) =>
          make({ ...plan, nextCoefficients: plan.nextCoefficients.map((c) => add(c, ONE)) });
      } else {
        session.foldFriLayer = (i, layer, count, coefficient) =>
          fold(i, layer, count, i === at - 1 ? add(coefficient, ONE) : coefficient);
      }
      return session;
    },
  });
  it.each([
    [0, 'QUOTIENT'],
    [1, 'FRI_FOLD'],
    [2, 'FRI_FOLD'],
    [3, 'FRI_FOLD'],
    [4, 'FRI_LAST_LAYER'],
  ])('tampering before FRI layer %i is seen as %s', async (at, code) => {
    const bytes = await prove(sum.key, sum.trace, sum.publicValues, {
      backend: tampering(at),
      hooks: { skipChecks: true },
    });
    expect(sum.layout.friLayers.length).toBe(4);
    expect(verify(sum.key, sum.publicValues, bytes)).toMatchObject({ ok: false, code });
  });
});

describe('degenerate challenges', () => {
  it('are refused: one that hits the tuple of a public entry', () => {
    const { air } = sum.key;
    const alphaPowers = powers([3, 1, 4, 1], 7);
    // The entry "start" is (0, 0, 0, 0, 0): its denominator is b - z.
    const entry = air.publicEntries.find(({ name }) => name === 'start')!;
    const hit = { z: [air.buses[entry.bus]!.id, 0, 0, 0] as const, alphaPowers };
    const claimed = sum.proof.claimedSums;
    expect(checkLookupSum(air, sum.publicValues, hit, claimed)).toMatchObject({
      code: 'DEGENERATE_CHALLENGE',
    });
    const other = { ...hit, z: [5, 9, 2, 6] as const };
    expect(checkLookupSum(air, sum.publicValues, other, claimed)).toMatchObject({ code: 'LOOKUP_SUM' });
  });
  it('are refused: a point that equals its conjugate', () => {
    const { layout, proof } = sum;
    const inCm31 = pointFromParameter([3, 4, 0, 0])!;
    expect(deepPlan(layout, inCm31, [1, 2, 3, 4], proof.samples, proof.nextSamples)).toBeUndefined();
    const good = pointFromParameter([3, 4, 5, 6])!;
    expect(deepPlan(layout, good, [1, 2, 3, 4], proof.samples, proof.nextSamples)).toBeDefined();
  });
});

describe('keys', () => {
  it('need a commitment exactly for fixed columns, and a blow-up for the degree', async () => {
    const { verifyingKey } = await import('./verifyingKey.ts');
    expect(() => verifyingKey(sum.key.air, DEV)).toThrow(/fixed columns/);
    const steep = defineAir(
      'steep',
      (a) =>
        a.table('t', { logHeight: 4, padding: 'none' }, (t) => {
          t.free('x', bit, { reason: 'test' });
        }),
      { maxDegree: 5 },
    );
    const profile = { ...DEV, parameters: { ...DEV.parameters, logBlowup: 1 } };
    expect(() => verifyingKey(steep, profile)).toThrow(/blow-up/);
    await expect(makeVerifyingKey(sum.key.air, DEV, [5], backend)).rejects.toThrow(/heights/);
  });
});
