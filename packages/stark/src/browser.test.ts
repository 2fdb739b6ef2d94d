import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';
import { proveSum } from './testing/provenSum.ts';

// The verifier, bundled, in a context that has the language and three functions of the web platform, and nothing of Node.
it('verifies without anything of Node', async () => {
  const { key, publicValues, bytes } = await proveSum();
  const folder = dirname(fileURLToPath(import.meta.url));
  const bundle = await rolldown({
    input: join(folder, 'index.ts'),
    platform: 'browser',
    resolve: { conditionNames: ['source', 'import', 'default'], extensions: ['.ts', '.js'] },
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'stark' });
  const context = createContext({ TextEncoder, atob, WebAssembly, console });
  runInContext(output[0].code, context);
  context.key = key;
  context.publicValues = publicValues;
  context.bytes = bytes;
  expect(runInContext('stark.verify(key, publicValues, bytes).ok', context)).toBe(true);
  expect(runInContext('bytes[500] ^= 1; stark.verify(key, publicValues, bytes).ok', context)).toBe(false);
});
