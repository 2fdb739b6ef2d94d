import type { VmResources } from './resources.ts';

/** Shorthand of the constants tables: steps and builtin instances, no memory holes. */
export function vm(stepCount: number, builtins: VmResources['builtins'] = {}): VmResources {
  return { stepCount, memoryHoleCount: 0, builtins };
}
