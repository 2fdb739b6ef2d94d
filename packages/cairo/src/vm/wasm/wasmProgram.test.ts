import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCairoProgram, readProgramJson } from '../cairoProgram.ts';
import { memoryFile, traceFile } from '../relocatedFiles.ts';
import { runProgram } from '../runProgram.ts';
import { zeroHintRegistry } from '../zeroHints/zeroHintRegistry.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('Cairo Zero programs on the WebAssembly core', () => {
  for (const name of ['collections', 'hashes', 'signatures'])
    it(`${name}: memory, trace and resources are those of the TypeScript machine`, () => {
      const url = new URL(`../../../fixtures/zero/${name}.json`, import.meta.url);
      const json = readProgramJson(readFileSync(url, 'utf8')) as Parameters<typeof zeroHintRegistry>[0];
      const outcome = (engine: 'typescript' | 'wasm') => {
        const program = parseCairoProgram(json);
        const hints = zeroHintRegistry(json);
        const result = runProgram({ program, hints, maxSteps: 100_000, withTrace: true, engine });
        const { output, resources, machine, memory } = result;
        return { output, resources, files: [traceFile(machine), memoryFile(memory)].map(sha256) };
      };
      expect(outcome('wasm')).toEqual(outcome('typescript'));
    });
});
