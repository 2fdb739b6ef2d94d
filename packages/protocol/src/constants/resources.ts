/** Builtins of the Cairo VM as resources name them. */
export type BuiltinName =
  | 'range_check'
  | 'range_check96'
  | 'pedersen'
  | 'poseidon'
  | 'bitwise'
  | 'ec_op'
  | 'ecdsa'
  | 'keccak'
  | 'add_mod'
  | 'mul_mod'
  | 'output'
  | 'segment_arena'
  | 'blake';

/** VM work: steps, memory holes and builtin instances. */
export interface VmResources {
  stepCount: number;
  memoryHoleCount: number;
  builtins: Partial<Record<BuiltinName, number>>;
}

/** VM work that grows with calldata: `constant` + ⌈`perCalldata` × length / scaling⌉. */
export interface ScaledResources {
  constant: VmResources;
  perCalldata?: VmResources;
  /** 1 when absent. */
  scaling?: number;
}

/** Sum of `a` and `factor` × `b`. */
export function addResources(a: VmResources, b: VmResources, factor = 1): VmResources {
  const builtins = { ...a.builtins };
  for (const [name, count] of Object.entries(b.builtins) as [BuiltinName, number][]) {
    builtins[name] = (builtins[name] ?? 0) + factor * count;
  }
  return {
    stepCount: a.stepCount + factor * b.stepCount,
    memoryHoleCount: a.memoryHoleCount + factor * b.memoryHoleCount,
    builtins,
  };
}

/** No work at all. */
export function noResources(): VmResources {
  return { stepCount: 0, memoryHoleCount: 0, builtins: {} };
}

/** Resources for a call with `calldataLength` felts; each variable count is rounded up on its own. */
export function scaleResources(scaled: ScaledResources, calldataLength: number): VmResources {
  if (!scaled.perCalldata) return scaled.constant;
  const scaling = scaled.scaling ?? 1;
  const variable = addResources(noResources(), scaled.perCalldata, calldataLength);
  for (const [name, count] of Object.entries(variable.builtins) as [BuiltinName, number][]) {
    variable.builtins[name] = Math.ceil(count / scaling);
  }
  variable.stepCount = Math.ceil(variable.stepCount / scaling);
  variable.memoryHoleCount = Math.ceil(variable.memoryHoleCount / scaling);
  return addResources(scaled.constant, variable);
}
