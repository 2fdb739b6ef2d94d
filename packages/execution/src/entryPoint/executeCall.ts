import {
  type BuiltinCosts,
  type CasmClass,
  formatRelocatable,
  type Relocatable,
  type RunResources,
  runEntryPoint,
} from '@cairn/cairo';
import { CairnError, hasCode, shortString } from '@cairn/primitives';
import {
  addResources,
  isAtLeast,
  noResources,
  scaleResources,
  type VersionedConstants,
  type VmResources,
} from '@cairn/protocol';
import type { CallInfo, EntryPointCall, TrackedResource } from '../callInfo.ts';
import type { ExecutableClass } from '../executableClass.ts';
import { ExecutionFailure } from '../revertReason/executionFailure.ts';
import { paddedHex, revertSummary } from '../revertReason/revertSummary.ts';
import { declaredClass } from '../stateAccess.ts';
import { StarknetSyscalls } from '../syscalls/starknetSyscalls.ts';
import type { EntryPointContext, GasCounter } from './entryPointContext.ts';

const ENTRYPOINT_NOT_FOUND = shortString('ENTRYPOINT_NOT_FOUND');
const OUT_OF_GAS = shortString('Out of gas');
const OUT_OF_STEPS = 'Could not reach the end of the program. RunResources has no remaining steps.\n';

/**
 * Runs a call. A panic of the contract is an ordinary result (`failed`); state changes of a failed call are
 * left to the caller to roll back.
 * @throws ExecutionFailure when the transaction cannot go on.
 */
export function executeCall(call: EntryPointCall, context: EntryPointContext, gas: GasCounter): CallInfo {
  const { constants, classes } = context.transaction;
  if (context.depth >= constants.maxRecursionDepth) {
    throw ExecutionFailure.fromText('Execution failed due to recursion depth exceeded.\n');
  }
  const deployedClass = context.state.classHashAt(call.contractAddress);
  if (deployedClass === 0n) {
    throw ExecutionFailure.fromText(
      `Requested contract address ${paddedHex(call.contractAddress)} is not deployed.\n`,
    );
  }
  const classHash = call.classHash ?? deployedClass;
  const cls = declaredClass(context.state, classes, classHash);
  const tracked = trackedResource(cls, context);
  const resolved = {
    ...call,
    classHash,
    initialGas: gasOfCall(call, tracked, context),
  };
  context.depth++;
  context.trackedResources.push(tracked);
  try {
    const info = runClass(cls.casm, resolved, tracked, context);
    gas.remaining -= info.gasConsumed;
    return info;
  } finally {
    context.trackedResources.pop();
    context.depth--;
  }
}

/**
 * Runs a call that must not fail: a panic becomes a failure of the transaction.
 * @throws ExecutionFailure
 */
export function executeOrFail(call: EntryPointCall, context: EntryPointContext, gas: GasCounter): CallInfo {
  const info = executeCall(call, context, gas);
  context.noteRemainingGas(gas.remaining, info.trackedResource);
  if (info.failed) throw ExecutionFailure.fromText(revertSummary(info, 'execution'));
  return info;
}

/** Once a call is charged by steps, so is everything below it. */
export function trackedResource(cls: ExecutableClass, context: EntryPointContext): TrackedResource {
  if (context.trackedResources.at(-1) === 'CairoSteps') return 'CairoSteps';
  const { minSierraVersionForSierraGas } = context.transaction.constants;
  return isAtLeast(cls.sierraVersion, minSierraVersionForSierraGas) ? 'SierraGas' : 'CairoSteps';
}

/** Gas a call starts with: classes charged by steps must not be limited by gas. */
export function gasOfCall(
  call: EntryPointCall,
  tracked: TrackedResource,
  { transaction }: EntryPointContext,
): bigint {
  return tracked === 'CairoSteps' ? transaction.constants.defaultInitialGas : call.initialGas;
}

function runClass(
  casm: CasmClass,
  call: CallInfo['call'],
  tracked: TrackedResource,
  context: EntryPointContext,
): CallInfo {
  const { constants } = context.transaction;
  const entryPoint = casm.entryPointsByType[call.type].find((e) => e.selector === call.selector);
  if (!entryPoint) return refusedCall(call, tracked, ENTRYPOINT_NOT_FOUND);
  if (call.initialGas < constants.entryPointInitialBudget) return refusedCall(call, tracked, OUT_OF_GAS);

  const syscalls = new StarknetSyscalls(call, context);
  try {
    const result = runEntryPoint({
      program: casm,
      entryPoint,
      calldata: call.calldata,
      initialGas: call.initialGas,
      entryPointInitialBudget: constants.entryPointInitialBudget,
      builtinCosts: builtinCosts(constants),
      // Code that counts its own gas cannot run for ever; a limit on its steps would be one rule too many.
      maxSteps: tracked === 'CairoSteps' ? context.remainingStepCount : Number.MAX_SAFE_INTEGER,
      syscalls,
    });
    spendSteps(context, tracked, result.resources.steps);
    const ownResources = addResources(vmResources(result.resources), syscallResources(syscalls, context));
    const charged = tracked === 'CairoSteps' ? ownResources : noResources();
    return {
      call,
      retdata: result.retdata,
      failed: result.failed,
      gasConsumed: tracked === 'CairoSteps' ? 0n : result.gasConsumed,
      trackedResource: tracked,
      stepResources: syscalls.innerCalls.reduce(
        (sum, inner) => addResources(sum, inner.stepResources),
        charged,
      ),
      ownResources,
      syscalls: syscalls.usage,
      events: syscalls.events,
      messages: syscalls.messages,
      innerCalls: syscalls.innerCalls,
    };
  } catch (error) {
    throw asFailure(error, tracked, context);
  }
}

/**
 * Takes a run's steps from the transaction's budget.
 * @throws ExecutionFailure when the calls of a transaction used more steps together than it has.
 */
function spendSteps(context: EntryPointContext, tracked: TrackedResource, stepCount: number): void {
  if (tracked !== 'CairoSteps') return;
  const left = context.remainingStepCount - stepCount;
  context.remainingStepCount = Math.max(left, 0);
  if (left < 0) throw ExecutionFailure.fromText(OUT_OF_STEPS);
}

const costTables = new WeakMap<VersionedConstants, BuiltinCosts>();

/** Prices of builtins as compiled code reads them. */
export function builtinCosts(constants: VersionedConstants): BuiltinCosts {
  let costs = costTables.get(constants);
  if (!costs) {
    const gas = (name: keyof typeof constants.gasCosts.builtins): bigint =>
      BigInt(constants.gasCosts.builtins[name] ?? 0);
    costs = {
      pedersen: gas('pedersen'),
      bitwise: gas('bitwise'),
      ecOp: gas('ec_op'),
      poseidon: gas('poseidon'),
      addMod: gas('add_mod'),
      mulMod: gas('mul_mod'),
      blake: gas('blake'),
    };
    costTables.set(constants, costs);
  }
  return costs;
}

/** The VM's count in the terms of fees; builtins that were not used are left out. */
function vmResources({ steps, memoryHoles, builtins, blakeOpcodes }: RunResources): VmResources {
  const used = Object.entries({ ...builtins, blake: blakeOpcodes }).filter(([, count]) => count > 0);
  return { stepCount: steps, memoryHoleCount: memoryHoles, builtins: Object.fromEntries(used) };
}

/** OS work for the syscalls a call made; a keccak call counts its rounds. */
function syscallResources(syscalls: StarknetSyscalls, context: EntryPointContext): VmResources {
  const { constants } = context.transaction;
  let sum = noResources();
  for (const [name, { callCount, linearFactor }] of syscalls.usage) {
    if (name === 'Keccak') sum = addResources(sum, constants.syscalls.Keccak.constant);
    const price = constants.syscalls[name === 'Keccak' ? 'KeccakRound' : name];
    const perLength = scaleResources({ constant: noResources(), ...perCalldata(price) }, linearFactor);
    sum = addResources(addResources(sum, price.constant, callCount), perLength);
  }
  return sum;
}

function perCalldata(price: { perCalldata?: VmResources }): { perCalldata?: VmResources } {
  return price.perCalldata ? { perCalldata: price.perCalldata } : {};
}

/** A call that ended before it began. */
function refusedCall(call: CallInfo['call'], tracked: TrackedResource, code: bigint): CallInfo {
  return {
    call,
    retdata: [code],
    failed: true,
    gasConsumed: 0n,
    trackedResource: tracked,
    stepResources: noResources(),
    ownResources: noResources(),
    syscalls: new Map(),
    events: [],
    messages: [],
    innerCalls: [],
  };
}

/** A VM error as a failure, with the place in the code unless the protocol version hides it. */
function asFailure(error: unknown, tracked: TrackedResource, context: EntryPointContext): unknown {
  if (!(error instanceof CairnError) || error instanceof ExecutionFailure || hasCode(error, 'INTERNAL'))
    return error;
  const { pc, traceback, stepCount } = error.details as {
    pc?: Relocatable;
    traceback?: readonly Relocatable[];
    stepCount?: number;
  };
  if (tracked === 'CairoSteps') {
    context.remainingStepCount = Math.max(context.remainingStepCount - (stepCount ?? 0), 0);
  }
  const text = error.code === 'STEP_LIMIT' ? OUT_OF_STEPS : `${error.message}\n`;
  const inner = error.cause instanceof ExecutionFailure ? error.cause : ExecutionFailure.fromText(text);
  if (!pc || (context.transaction.constants.stripVmFramesInSierraGas && tracked === 'SierraGas'))
    return inner;
  return inner.within({ kind: 'vm', pc: formatRelocatable(pc), traceback: tracebackText(traceback ?? []) });
}

function tracebackText(calls: readonly Relocatable[]): string | undefined {
  if (calls.length === 0) return undefined;
  const lines = calls.map((pc) => `Unknown location (pc=${formatRelocatable(pc)})`);
  return ['Cairo traceback (most recent call last):', ...lines, ''].join('\n');
}
