import { formatFelt } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../genesis/artifact.ts';
import { ClassCompiler } from './classCompiler.ts';

const { classHash, compiledClassHash, stored } = readArtifact('token');

describe('classes in a thread', () => {
  it('are hashed and compiled as on the main thread', async () => {
    const compiler = new ClassCompiler();
    expect(formatFelt(await compiler.classHash(stored.sierra))).toBe(formatFelt(classHash));
    expect((await compiler.compile(stored.sierra, 81_920)).compiledClassHash).toBe(compiledClassHash);
    await compiler.close();
  });

  it('fail with what the compiler says, or when they take too long', async () => {
    const compiler = new ClassCompiler();
    const truncated = { ...stored.sierra, sierraProgram: stored.sierra.sierraProgram.slice(0, 900) };
    await expect(compiler.compile(truncated, 81_920)).rejects.toMatchObject({ code: 'COMPILATION_FAILED' });
    await expect(compiler.compile(stored.sierra, 10)).rejects.toMatchObject({
      code: 'COMPILATION_FAILED',
      cause: { code: 'BYTECODE_TOO_LONG' },
    });
    await compiler.close();
    const hasty = new ClassCompiler({ timeLimitMs: 1 });
    await expect(hasty.compile(stored.sierra, 81_920)).rejects.toMatchObject({
      code: 'COMPILATION_FAILED',
      cause: { code: 'TASK_TIME_LIMIT' },
    });
    await hasty.close();
  });
});
