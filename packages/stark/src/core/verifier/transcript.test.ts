import { keccak_256 } from '@noble/hashes/sha3.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyProof, type ProvenSum, proveSum } from '../../testing/provenSum.ts';
import { type ChannelEvent, STEP, type Step } from '../channel/channel.ts';
import type { Proof } from '../proof/proof.ts';
import { replayTranscript, startTranscript } from './transcript.ts';

// T5, transcript taint: a change of any word that the prover sends before the queries must change every challenge drawn
// after the step that absorbs it, and the first such challenge must come before anything that checks the word.

let sum: ProvenSum;
let draws: string[];
const replay = (proof: Proof, key = sum.key, publicValues = sum.publicValues) => {
  const events: ChannelEvent[] = [];
  // Nonces are checked elsewhere; here they would stop the replay.
  const grinding = { lookup: 0, point: 0, deep: 0, fold: 0, query: 0 };
  const relaxed = { ...key, parameters: { ...key.parameters, grinding } };
  replayTranscript(relaxed, publicValues, proof, sum.layout, (event) => events.push(event));
  return events.filter(({ kind }) => kind === 'draw');
};
const text = (events: ChannelEvent[]) => events.map(({ step, value }) => `${step}:${value.join()}`);

beforeAll(async () => {
  sum = await proveSum();
  draws = text(replay(sum.proof));
});

/** Checks that a change leaves the challenges before `step` alone and changes all from there on. */
function expectTaint(
  change: (proof: ReturnType<typeof copyProof>) => void,
  step: Step,
  occurrence = 0,
): void {
  const proof = copyProof(sum.proof);
  change(proof);
  const changed = text(replay(proof));
  const first = draws.map((d, i) => ({ d, i })).filter(({ d }) => d.startsWith(`${step}:`))[occurrence]!.i;
  expect(changed.length).toBe(draws.length);
  changed.forEach((draw, i) => {
    if (i < first) expect(draw).toBe(draws[i]);
    else expect(draw).not.toBe(draws[i]);
  });
}

describe('the start', () => {
  it('absorbs protocol, AIR, version and parameters, fixed columns, public values, heights and salt', async () => {
    const { key, publicValues, layout } = await proveSum({ hash: 'keccak256' });
    const words = (values: readonly number[]) => {
      const bytes = new DataView(new ArrayBuffer(4 * values.length));
      for (const [i, value] of values.entries()) bytes.setUint32(4 * i, value);
      return [...new Uint8Array(bytes.buffer)];
    };
    const { grinding: g, ...p } = key.parameters;
    const messages: [number, number[]][] = [
      [STEP.protocol, [...new TextEncoder().encode('cairn circle stark')]],
      [STEP.protocol, [...key.airDigest]],
      [
        STEP.protocol,
        words([
          ...[1, 1, p.logBlowup, p.queryCount, p.logFold, p.logLastLayer, p.logCap],
          ...[g.lookup, g.point, g.deep, g.fold, g.query],
        ]),
      ],
      [STEP.preprocessed, key.fixed!.cap.flatMap((digest) => [...digest])],
      [STEP.statement, words(publicValues)],
      [STEP.statement, words([...layout.logHeights, 7])],
    ];
    // state = keccak(role 3, state, absorb = 0, step, length, message)
    let state: Uint8Array = new Uint8Array(32);
    for (const [step, message] of messages)
      state = keccak_256(
        Uint8Array.from([...words([3]), ...state, ...words([0, step, message.length]), ...message]),
      );
    expect(startTranscript(key, publicValues, layout, 7).state).toEqual(state);
  });
});

describe('the statement reaches every challenge', () => {
  const changed: [string, (key: ProvenSum['key'], values: number[]) => [ProvenSum['key'], number[]]][] = [
    [
      'AIR',
      (key, values) => [{ ...key, airDigest: key.airDigest.map((b, i) => (i === 31 ? b ^ 1 : b)) }, values],
    ],
    [
      'fixed columns',
      (key, values) => [
        {
          ...key,
          fixed: { ...key.fixed!, cap: key.fixed!.cap.map((d, i) => (i === 3 ? d.map((b) => b ^ 1) : d)) },
        },
        values,
      ],
    ],
    ['parameters', (key, values) => [{ ...key, parameters: { ...key.parameters, logCap: 3 } }, values]],
    ['public values', (key, values) => [key, values.with(4, values[4]! ^ 1)]],
  ];
  it.each(changed)('%s', (_name, change) => {
    const [key, values] = change(sum.key, sum.publicValues);
    const after = text(replay(sum.proof, key, values));
    const before = draws;
    expect(after.length).toBe(before.length);
    after.forEach((draw, i) => {
      expect(draw).not.toBe(before[i]);
    });
  });
});

describe('every message reaches every later challenge', () => {
  it('salt and heights, before all challenges', () => {
    expectTaint((proof) => (proof.salt ^= 1), STEP.lookupChallenges);
  });
  it('caps, each digest of each', () => {
    const steps = [STEP.lookupChallenges, STEP.compositionCoefficient, STEP.outOfDomainPoint];
    steps.forEach((step, tree) => {
      for (const d of sum.proof.caps[tree]!.keys()) {
        expectTaint((proof) => (proof.caps[tree]![d]![d] = proof.caps[tree]![d]![d]! ^ 1), step);
      }
    });
    expect(sum.proof.caps.length).toBe(steps.length);
  });
  it('claimed sums, before the composition coefficient', () => {
    sum.proof.claimedSums.forEach((sumOfTable, i) => {
      for (const w of sumOfTable.keys())
        expectTaint((proof) => (proof.claimedSums[i]![w]! ^= 1), STEP.compositionCoefficient);
    });
  });
  it('samples, before the batching coefficient', () => {
    for (const name of ['samples', 'nextSamples'] as const) {
      sum.proof[name].forEach((_, i) => {
        for (const w of [0, 1, 2, 3] as const)
          expectTaint((proof) => (proof[name][i]![w]! ^= 1), STEP.deepCoefficient);
      });
    }
  });
  it('FRI caps, before their layer’s coefficient', () => {
    sum.proof.friCaps.forEach((cap, i) => {
      for (const d of cap.keys()) {
        expectTaint(
          (proof) => (proof.friCaps[i]![d]![31] = proof.friCaps[i]![d]![31]! ^ 1),
          STEP.foldCoefficient,
          i,
        );
      }
    });
  });
  it('the last polynomial, before the queries', () => {
    sum.proof.lastLayer.forEach((_, i) => {
      for (const w of [0, 1, 2, 3] as const)
        expectTaint((proof) => (proof.lastLayer[i]![w]! ^= 1), STEP.queries);
    });
  });
  it('nonces, before the challenge that they guard', () => {
    const withNonces = (change: (proof: ReturnType<typeof copyProof>) => void, step: Step, name: string) => {
      // Find another nonce that passes, and see that it changes the challenge.
      for (let low = 0; low < 4000; low++) {
        const proof = copyProof(sum.proof);
        change(proof);
        const target = (proof as unknown as Record<string, number[]>)[name]!;
        if (target[1] === low) continue;
        target[1] = low;
        const events: ChannelEvent[] = [];
        const original: ChannelEvent[] = [];
        replayTranscript(sum.key, sum.publicValues, proof, sum.layout, (e) => events.push(e));
        replayTranscript(sum.key, sum.publicValues, sum.proof, sum.layout, (e) => original.push(e));
        const of = (list: ChannelEvent[]) => list.find((e) => e.kind === 'draw' && e.step === step);
        if (of(events) === undefined) continue;
        expect(of(events)).not.toEqual(of(original));
        return;
      }
      throw new Error(`no second nonce for ${name}`);
    };
    withNonces(() => {}, STEP.lookupChallenges, 'lookupNonce');
    withNonces(() => {}, STEP.outOfDomainPoint, 'pointNonce');
    withNonces(() => {}, STEP.deepCoefficient, 'deepNonce');
    withNonces(() => {}, STEP.queries, 'queryNonce');
  });
});
