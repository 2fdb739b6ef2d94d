import { createHash } from 'node:crypto';
import type { AcceptedOutcome, ScenarioOutcome } from './scenarioOutcome.ts';

/**
 * An outcome without what the engines word differently (docs/divergences.md, D4): what the VM says of its own
 * failures, and the place where steps ran out.
 */
export function comparable(outcome: ScenarioOutcome): ScenarioOutcome {
  if ('error' in outcome) return { error: withoutVmText(outcome.error) };
  const { revertReason } = outcome;
  return { ...outcome, revertReason: revertReason === null ? null : withoutVmText(revertReason) };
}

const OUT_OF_STEPS = 'Could not reach the end of the program. RunResources has no remaining steps.';
const VM_TEXTS = [
  /An ASSERT_EQ instruction failed: .*|assert_eq failed: .*/,
  /Malformed return data : .*|the entry point returned no call result: .*/,
];

function withoutVmText(text: string): string {
  if (text.includes(OUT_OF_STEPS)) return OUT_OF_STEPS;
  return VM_TEXTS.reduce((rest, pattern) => rest.replace(pattern, '(VM failure)'), text);
}

/** An outcome as the golden file keeps it: the receipt's figures, and a digest of everything. */
export type GoldenOutcome =
  | { error: string }
  | { fee: string; gas: number[]; da: number[]; reason?: string; digest: string };

export function goldenOutcome(outcome: ScenarioOutcome): GoldenOutcome {
  const shown = comparable(outcome);
  if ('error' in shown) return { error: ending(shown.error) };
  return {
    fee: shown.fee,
    gas: shown.gas,
    da: shown.daGas,
    ...(shown.revertReason === null ? {} : { reason: ending(shown.revertReason) }),
    digest: digest(shown),
  };
}

/** The end of a reason, which says what it is about; the digest covers all of it. */
function ending(text: string): string {
  return text.trimEnd().slice(-60);
}

function digest(outcome: AcceptedOutcome): string {
  return createHash('sha256').update(canonical(outcome)).digest('hex').slice(0, 16);
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
