import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

// One file at a time: these suites use every core themselves, and one of them measures latency.
const slow = mergeConfig(base, defineConfig({ test: { testTimeout: 1_800_000, fileParallelism: false } }));
slow.test!.include = [
  'packages/*/src/**/*.slow.test.ts',
  'apps/*/src/**/*.slow.test.ts',
  'tests/src/**/*.slow.test.ts',
];
slow.test!.exclude = ['**/node_modules/**'];
export default slow;
