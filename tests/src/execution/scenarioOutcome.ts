import type { CallInfo, ChainInfo, ExecutionEnvironment, TransactionOutcome } from '@cairn/execution';
import { executeTransaction, SEQUENCING_FLAGS } from '@cairn/execution';
import { CairnError, type Felt, formatFelt, shortString } from '@cairn/primitives';
import { type GasVector, type StateDiff, type VmResources, versionedConstants } from '@cairn/protocol';
import { StateOverlay } from '@cairn/state';
import { STRK } from './devChain.ts';
import { CLASSES, type Scenario, startState } from './scenario.ts';

/** What is compared between engines, in the form the oracle prints. */
export type ScenarioOutcome = { error: string } | AcceptedOutcome;

export interface AcceptedOutcome {
  revertReason: string | null;
  fee: string;
  /** L1 gas, L1 data gas, L2 gas. */
  gas: number[];
  daGas: number[];
  vm: unknown;
  /** Sierra gas of calls and of what was reverted. */
  sierraGas: number;
  validate: unknown;
  execute: unknown;
  feeTransfer: unknown;
  diff: unknown;
}

export const CHAIN: ChainInfo = {
  chainId: shortString('CAIRN_DEV'),
  strkTokenAddress: STRK,
  ethTokenAddress: 0x49dn,
};

/** Runs the transactions of a scenario; one that is rejected leaves the state to the next as it was. */
export function runScenario(scenario: Scenario): ScenarioOutcome[] {
  const state = startState(scenario);
  const environment: ExecutionEnvironment = {
    block: scenario.block,
    chain: CHAIN,
    constants: versionedConstants(scenario.block.starknetVersion),
    classes: { executableClass: (hash) => CLASSES.find((c) => c.hash === hash)?.cls },
  };
  return scenario.transactions.map(
    ({ transaction, hash, sierraLength, abiLength, paidFeeOnL1Wei, flags }) => {
      const overlay = new StateOverlay(state);
      const { query = false, ...rest } = flags ?? {};
      const declared = CLASSES.find((c) => 'classHash' in transaction && c.hash === transaction.classHash);
      const codeSize =
        sierraLength === undefined
          ? 0
          : 32 * (declared!.cls.casm.bytecode.length + sierraLength) + (abiLength ?? 0);
      try {
        const outcome = executeTransaction(
          { transaction, hash, codeSize, paidFeeOnL1Wei: paidFeeOnL1Wei ?? 0n },
          environment,
          { ...SEQUENCING_FLAGS, ...rest },
          overlay,
          query,
        );
        const shown = shownOutcome(outcome, overlay.diff());
        overlay.commitTo(state);
        return shown;
      } catch (error) {
        if (!(error instanceof CairnError)) throw error;
        return { error: error.message };
      }
    },
  );
}

function shownOutcome(outcome: TransactionOutcome, diff: StateDiff): AcceptedOutcome {
  const { gas, validateCall, executeCall, feeTransferCall } = outcome;
  return {
    revertReason: outcome.revertReason ?? null,
    fee: String(outcome.actualFee),
    gas: shownGas(gas.total),
    daGas: shownGas(gas.dataAvailability),
    vm: shownResources(gas.vmResources),
    sierraGas: Number(gas.sierraGas),
    validate: validateCall ? shownCall(validateCall) : null,
    execute: executeCall ? shownCall(executeCall) : null,
    feeTransfer: feeTransferCall ? shownCall(feeTransferCall) : null,
    diff: shownDiff(diff),
  };
}

function shownGas({ l1Gas, l1DataGas, l2Gas }: GasVector): number[] {
  return [l1Gas, l1DataGas, l2Gas].map(Number);
}

function shownResources({ stepCount, memoryHoleCount, builtins }: VmResources): unknown {
  return { steps: stepCount, holes: memoryHoleCount, builtins: nonZero(builtins) };
}

function nonZero(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

const TYPES = { EXTERNAL: 'External', CONSTRUCTOR: 'Constructor', L1_HANDLER: 'L1Handler' } as const;

function shownCall(info: CallInfo): unknown {
  const { call } = info;
  const { segment_arena: _, ...counters } = info.ownResources.builtins;
  return {
    type: TYPES[call.type],
    kind: call.kind === 'CALL' ? 'Call' : 'Delegate',
    class: formatFelt(call.classHash),
    address: formatFelt(call.contractAddress),
    caller: formatFelt(call.callerAddress),
    selector: formatFelt(call.selector),
    calldata: shownFelts(call.calldata),
    initialGas: Number(call.initialGas),
    retdata: shownFelts(info.retdata),
    failed: info.failed,
    gas: Number(info.gasConsumed),
    tracked: info.trackedResource,
    resources: shownResources(info.stepResources),
    counters: nonZero(counters),
    syscalls: Object.fromEntries(
      [...info.syscalls].map(([name, { callCount, linearFactor }]) => [name, [callCount, linearFactor]]),
    ),
    events: info.events.map(({ order, value }) => [order, shownFelts(value.keys), shownFelts(value.data)]),
    messages: info.messages.map(({ order, value }) => [
      order,
      formatFelt(value.toAddress),
      shownFelts(value.payload),
    ]),
    inner: info.innerCalls.map(shownCall),
  };
}

function shownFelts(felts: readonly Felt[]): string[] {
  return felts.map(formatFelt);
}

function shownDiff(diff: StateDiff): unknown {
  return {
    storage: sorted(
      [...diff.storage].flatMap(([address, cells]) =>
        [...cells].map(([key, value]) => [address, key, value]),
      ),
    ),
    nonces: sorted([...diff.nonces]),
    contracts: sorted([...diff.deployedContracts, ...diff.replacedClasses]),
    declared: sorted([...diff.declaredClasses]),
  };
}

function sorted(rows: readonly (readonly Felt[])[]): string[][] {
  const compare = (a: readonly Felt[], b: readonly Felt[]): number => {
    const at = a.findIndex((felt, i) => felt !== b[i]);
    return at === -1 ? 0 : a[at]! < b[at]! ? -1 : 1;
  };
  return [...rows].sort(compare).map(shownFelts);
}
