import type { BuiltinName, VersionedConstants, VmResources } from '@cairn/protocol';

/** Steps that one use of the segment arena counts as. */
const STEPS_PER_SEGMENT_ARENA = 10;

/**
 * L2 gas of VM work that is charged by steps: the dearest resource alone, rounded up to a unit of L1 gas and
 * converted at the ratio of the two step prices. Memory holes and reverted steps count as steps.
 */
export function stepGas(
  resources: VmResources,
  constants: VersionedConstants,
  revertedStepCount = 0,
): bigint {
  const fee = constants.vmFeePerTenThousand;
  const steps =
    resources.stepCount +
    resources.memoryHoleCount +
    revertedStepCount +
    STEPS_PER_SEGMENT_ARENA * (resources.builtins.segment_arena ?? 0);
  let l1Gas = Math.ceil((steps * fee.step) / 10_000);
  for (const [name, count] of Object.entries(resources.builtins) as [BuiltinName, number][]) {
    if (name === 'segment_arena') continue;
    const units =
      name === 'blake'
        ? count *
          Math.ceil(
            ((constants.gasCosts.builtins.blake ?? 0) * fee.step) / (constants.gasCosts.step * 10_000),
          )
        : Math.ceil((count * (fee.builtins[name] ?? 0)) / 10_000);
    l1Gas = Math.max(l1Gas, units);
  }
  return BigInt(l1Gas) * BigInt(Math.ceil((constants.gasCosts.step * 10_000) / fee.step));
}

/** Sierra gas of VM work: every resource at its own price. */
export function sierraGas(resources: VmResources, constants: VersionedConstants): bigint {
  const { step, memoryHole, builtins } = constants.gasCosts;
  let gas = resources.stepCount * step + resources.memoryHoleCount * memoryHole;
  for (const [name, count] of Object.entries(resources.builtins) as [BuiltinName, number][]) {
    gas += count * (builtins[name] ?? 0);
  }
  return BigInt(gas);
}
