import {
  type Air,
  DEV,
  decodeProof,
  P,
  type Profile,
  type Proof,
  type ProofLayout,
  proofLayout,
  type QM31,
  type VerifyingKey,
  verify,
} from '@cairn/stark';
import {
  generateTrace,
  makeVerifyingKey,
  type ProveOptions,
  type ProverBackend,
  prove,
  referenceBackend,
  type Trace,
  type TraceInput,
} from '@cairn/stark/prover';

/** Parameters with every grinding step, so that each can be attacked. */
export const GRINDING_PROFILE: Profile<'dev'> = {
  ...DEV,
  parameters: {
    ...DEV.parameters,
    hash: 'keccak192',
    logLastLayer: 1,
    grinding: { lookup: 5, point: 6, deep: 6, fold: 4, query: 7 },
  },
};

/** A proof taken apart, with what it was made from. */
export interface ProvenStatement {
  readonly key: VerifyingKey;
  readonly trace: Trace;
  readonly publicValues: readonly number[];
  readonly bytes: Uint8Array;
  readonly proof: Proof;
  readonly layout: ProofLayout;
}

/** Proves a statement. */
export async function proveStatement(
  air: Air,
  { input, publicValues }: { input: TraceInput; publicValues: number[] },
  profile: Profile,
  options: Partial<ProveOptions> = {},
): Promise<ProvenStatement> {
  const backend = options.backend ?? referenceBackend;
  const trace = generateTrace(air, input, publicValues);
  const heights = trace.map(({ logHeight }) => logHeight);
  const key = await makeVerifyingKey(air, profile, heights, backend);
  const bytes = await prove(key, trace, publicValues, { ...options, backend });
  const decoded = decodeProof(air, profile.parameters, bytes);
  if (!decoded.ok) throw new Error(decoded.message);
  const layout = proofLayout(air, profile.parameters, heights);
  return { key, trace, publicValues, bytes, proof: decoded.proof, layout };
}

/** The verdict of the TypeScript verifier as one word. */
export function verdictOf(key: VerifyingKey, publicValues: readonly number[], bytes: Uint8Array): string {
  const verdict = verify(key, publicValues, bytes);
  return verdict.ok ? 'accepted' : verdict.code;
}

type Mutable<T> = T extends Uint8Array | number | string ? T : { -readonly [K in keyof T]: Mutable<T[K]> };

/** A deep copy of a proof whose parts can be changed in place. */
export function copyProof(proof: Proof): Mutable<Proof> {
  return structuredClone(proof) as Mutable<Proof>;
}

/** The honest session, but one FRI layer is tampered with before it is committed to. */
export const tampering = (at: number, what: 'columns' | 'next' | 'short' = 'next'): ProverBackend => ({
  name: 'tampering',
  open: async (task) => {
    const session = await referenceBackend.open(task);
    const fold = session.foldFriLayer.bind(session);
    const make = session.makeQuotient.bind(session);
    const plusOne = (c: readonly QM31[]) => c.map((v): QM31 => [(v[0] + 1) % P, v[1], v[2], v[3]]);
    if (at === 0) {
      session.makeQuotient = async (plan) =>
        make({
          ...plan,
          ...(what === 'columns' ? { columnCoefficients: plusOne(plan.columnCoefficients) } : {}),
          ...(what === 'next' ? { nextCoefficients: plusOne(plan.nextCoefficients) } : {}),
          ...(what === 'short' ? { shortCoefficients: plusOne(plan.shortCoefficients) } : {}),
        });
    } else {
      session.foldFriLayer = (i, layer, count, coefficient) =>
        fold(i, layer, count, i === at - 1 ? plusOne([coefficient])[0]! : coefficient);
    }
    return session;
  },
});
