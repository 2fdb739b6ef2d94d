import { cairoAir } from '@cairn/cairo-air';
import { bytesToHex, CairnError, type Felt, hexToBytes, parseFelt } from '@cairn/primitives';
import type { ContractArtifact, VerifierArtifacts } from '@cairn/settlement';
import { C96, type FixedCommitment, type VerifyingKey, verifyingKey } from '@cairn/stark';
import type { ProvingErrorCode } from '../errors.ts';
import { OS_VERIFIER } from '../generated/osVerifier.ts';
import { osLayout } from './osLayout.ts';

/** A contract as the generated file has it. */
export interface StoredContract {
  readonly name: string;
  /** The code that deploys it, in base 64. */
  readonly code: string;
  /** Where in it the code on the chain starts, and its length. */
  readonly runtimeAt: number;
  readonly runtimeBytes: number;
}

/** All contracts that verify OS runs, as the generated file has them. */
export interface StoredOsVerifier {
  readonly programHash: string;
  /** Contracts of constraints, and last that of the statement; verifiers of all heights share them. */
  readonly called: readonly StoredContract[];
  readonly verifiers: readonly {
    readonly logMaxHeight: number;
    /** The commitment to the fixed columns at this height. */
    readonly cap: readonly string[];
    readonly logHeights: readonly (readonly [table: number, logHeight: number])[];
    readonly contract: StoredContract;
  }[];
}

/** Hash of the OS program, by which facts and the core contract name it. */
export function osProgramHash(): Felt {
  return parseFelt(OS_VERIFIER.programHash);
}

/** The commitment to the fixed columns of {@link osLayout} at a height of the tallest table; undefined for other heights. */
export function osFixedCommitment(logMaxHeight: number): FixedCommitment | undefined {
  const found = OS_VERIFIER.verifiers.find((verifier) => verifier.logMaxHeight === logMaxHeight);
  return (
    found && {
      cap: found.cap.map((digest) => hexToBytes(digest)),
      logMaxHeight,
      logHeights: new Map(found.logHeights),
    }
  );
}

/** The key of proofs at a height of the tallest table. @throws CairnError `UNSUPPORTED_HEIGHT`. */
export function osVerifyingKey(logMaxHeight: number): VerifyingKey {
  const fixed = osFixedCommitment(logMaxHeight);
  if (fixed === undefined) throw unsupported(logMaxHeight);
  return verifyingKey(cairoAir(osLayout()).air, C96, fixed);
}

/** The contracts that verify proofs at a height of the tallest table. @throws CairnError `UNSUPPORTED_HEIGHT`. */
export function osVerifierArtifacts(logMaxHeight: number): VerifierArtifacts {
  const found = OS_VERIFIER.verifiers.find((verifier) => verifier.logMaxHeight === logMaxHeight);
  if (found === undefined) throw unsupported(logMaxHeight);
  const called = OS_VERIFIER.called.map(artifact);
  return {
    name: `StarknetOs${logMaxHeight}`,
    constraints: called.slice(0, -1),
    statement: called.at(-1)!,
    verifier: artifact(found.contract),
  };
}

function artifact({ name, code, runtimeAt, runtimeBytes }: StoredContract): ContractArtifact {
  const bytes = Buffer.from(code, 'base64');
  const hex = (part: Uint8Array) => `0x${bytesToHex(part)}` as const;
  return {
    name,
    creationCode: hex(bytes),
    runtimeBytes,
    runtimeCode: hex(bytes.subarray(runtimeAt, runtimeAt + runtimeBytes)),
  };
}

function unsupported(logMaxHeight: number): CairnError<ProvingErrorCode> {
  const heights = OS_VERIFIER.verifiers.map((verifier) => verifier.logMaxHeight).join(', ');
  return new CairnError(
    'UNSUPPORTED_HEIGHT',
    `tallest table of an OS run: got 2^${logMaxHeight} rows, expected 2 to the power of ${heights}`,
  );
}
