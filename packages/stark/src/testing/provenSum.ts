import type { ProofParameters } from '../core/params/parameters.ts';
import { DEV, type Profile } from '../core/params/profiles.ts';
import type { Proof } from '../core/proof/proof.ts';
import { decodeProof } from '../core/proof/proofCodec.ts';
import type { ProofLayout } from '../core/proof/proofLayout.ts';
import type { VerifyingKey } from '../core/verifier/verifyingKey.ts';
import { rangeCheckedSumAir, rangeCheckedSumInput } from '../examples/rangeCheckedSum.ts';
import { makeVerifyingKey } from '../prover/makeVerifyingKey.ts';
import { prove } from '../prover/prove.ts';
import { referenceBackend as backend } from '../prover/reference/referenceBackend.ts';
import { generateTrace, type Trace } from '../prover/trace.ts';

/** Parameters with every grinding step, so that each can be attacked. */
export const GRINDING_PROFILE: Profile<'dev'> = {
  ...DEV,
  parameters: {
    ...DEV.parameters,
    logLastLayer: 1,
    grinding: { lookup: 5, point: 6, deep: 6, fold: 4, query: 7 },
  },
};

/** A proof of the range-checked sum (a short table beside a tall one, fixed columns, look-ups), taken apart. */
export interface ProvenSum {
  readonly key: VerifyingKey<'dev'>;
  readonly trace: Trace;
  readonly publicValues: number[];
  readonly bytes: Uint8Array;
  readonly proof: Proof;
  readonly layout: ProofLayout;
}

export async function proveSum(parameters: Partial<ProofParameters> = {}): Promise<ProvenSum> {
  const { input, publicValues } = rangeCheckedSumInput(
    Array.from({ length: 40 }, (_, i) => i * 997),
    9,
  );
  const trace = generateTrace(rangeCheckedSumAir, input, publicValues);
  const profile = { ...GRINDING_PROFILE, parameters: { ...GRINDING_PROFILE.parameters, ...parameters } };
  const heights = trace.map((table) => table.logHeight);
  const key = await makeVerifyingKey(rangeCheckedSumAir, profile, heights, backend);
  const bytes = await prove(key, trace, publicValues, { backend });
  const decoded = decodeProof(key.air, key.parameters, bytes);
  if (!decoded.ok) throw new Error(decoded.message);
  return { key, trace, publicValues, bytes, proof: decoded.proof, layout: decoded.layout };
}

/** A deep copy of a proof whose parts can be changed in place. */
export function copyProof(proof: Proof): Mutable<Proof> {
  return structuredClone(proof) as Mutable<Proof>;
}

type Mutable<T> = T extends Uint8Array | number | string ? T : { -readonly [K in keyof T]: Mutable<T[K]> };
