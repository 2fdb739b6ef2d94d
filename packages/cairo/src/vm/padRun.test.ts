import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withProofHeader } from '../testing/proofHeader.ts';
import { airPrivateInput, airPublicInput } from './airInput.ts';
import { parseCairoProgram, readProgramJson } from './cairoProgram.ts';
import { dynamicLayout, LAYOUT_NAMES, type Layout, layoutNamed } from './layout.ts';
import { padRun } from './padRun.ts';
import { memoryFile, traceFile } from './relocatedFiles.ts';
import { proofLabels, runProof } from './runProof.ts';
import { zeroHintRegistry } from './zeroHints/zeroHintRegistry.ts';

const FOLDER = new URL('../../fixtures/zero/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

interface ProofGolden {
  steps: number;
  traceSha256: string;
  memorySha256: string;
  publicInputSha256: string;
  privateInputSha256: string;
}

// Recorded with cairo-lang 0.14.0.1 by scripts/recordZeroPrograms.mjs.
const GOLDEN: Record<string, { proof: Record<string, ProofGolden>; proofWords: [string, string][] }> =
  JSON.parse(read('golden.json'));
const CASES = Object.entries(GOLDEN).flatMap(([name, { proof }]) =>
  Object.entries(proof).map(([layout, golden]) => ({ name, layout, golden })),
);

function padded(name: string, layout: Layout) {
  const compiled = readProgramJson(read(`${name}.json`)) as { data: string[] };
  for (const [at, word] of GOLDEN[name]!.proofWords) compiled.data[Number(at)] = word;
  const json = withProofHeader(compiled);
  const program = { ...parseCairoProgram(json), ...proofLabels(json) };
  return padRun(runProof({ program, hints: zeroHintRegistry(json), maxSteps: 1e6, layout }), layout);
}

describe('a run in a layout', () => {
  it.each(CASES)('of $name in $layout is that of the reference', ({ name, layout, golden }) => {
    const run = padded(name, layoutNamed(layout));
    const { trace_path, memory_path, ...privateInput } = airPrivateInput(run, 't', 'm') as Record<
      string,
      unknown
    >;
    expect([trace_path, memory_path]).toEqual(['t', 'm']);
    expect({
      steps: run.stepCount,
      traceSha256: sha256(traceFile(run.run.machine, run)),
      memorySha256: sha256(memoryFile(run.run.memory, run)),
      publicInputSha256: sha256(JSON.stringify(airPublicInput(run))),
      privateInputSha256: sha256(JSON.stringify(privateInput)),
    }).toEqual(golden);
  });

  it('needs a layout with room for its builtins', () => {
    const parameters: Record<string, number> = {
      rc_units: 4,
      log_diluted_units_per_step: 4,
      memory_units_per_step: 8,
    };
    for (const { name } of layoutNamed('all_cairo').builtins) parameters[`uses_${name}_builtin`] = 0;
    const layout = dynamicLayout(parameters);
    expect(() => padded('signatures', layout)).toThrow(/no room for the run/);
    expect(() => layoutNamed('huge')).toThrow(/got huge, expected one of plain, small/);
    expect(() => dynamicLayout({ ...parameters, uses_ecdsa_builtin: 1 })).toThrow(
      /ecdsa_ratio: got undefined/,
    );
    expect(LAYOUT_NAMES).toContain('recursive_large_output');
  });
});
