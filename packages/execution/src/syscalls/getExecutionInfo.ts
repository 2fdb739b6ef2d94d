import { offsetBy, type Relocatable, type VmValue } from '@cairn/cairo';
import { type Felt, shortString } from '@cairn/primitives';
import { QUERY_VERSION_BASE, type ResourceBound } from '@cairn/protocol';
import type { TransactionContext, TransactionInfo } from '../transactionContext.ts';
import type { StarknetSyscalls } from './starknetSyscalls.ts';
import type { Syscall } from './syscall.ts';

const L1_GAS = shortString('L1_GAS');
const L2_GAS = shortString('L2_GAS');
const L1_DATA = shortString('L1_DATA');

/** Pointer to what a contract may know of the block, the transaction and its own call. */
export const getExecutionInfo: Syscall<void> = {
  name: 'GetExecutionInfo',
  read: () => undefined,
  run: (_, frame) => {
    frame.executionInfo ??= writeExecutionInfo(frame);
    return [frame.executionInfo];
  },
};

/** Layout: block info, transaction info, caller, contract, selector. */
function writeExecutionInfo(frame: StarknetSyscalls): Relocatable {
  const { memory, call, context } = frame;
  return memory.allocateReadOnly([
    memory.allocateReadOnly(blockInfo(context.transaction, context.mode === 'validate')),
    writeTransactionInfo(frame),
    call.callerAddress,
    call.contractAddress,
    call.selector,
  ]);
}

/** In validation the block is blurred, so that the outcome does not depend on when it runs. */
function blockInfo({ block, constants }: TransactionContext, validating: boolean): Felt[] {
  if (!validating) return [BigInt(block.blockNumber), BigInt(block.timestamp), block.sequencerAddress];
  const round = (value: number, unit: number): bigint => BigInt(value - (value % unit));
  return [
    round(block.blockNumber, constants.validateBlockNumberRounding),
    round(block.timestamp, constants.validateTimestampRounding),
    0n,
  ];
}

function writeTransactionInfo(frame: StarknetSyscalls): Relocatable {
  const { memory, context } = frame;
  const { info, chain } = context.transaction;
  const span = (felts: readonly Felt[]): [Relocatable, Relocatable] => {
    const start = memory.allocateReadOnly(felts);
    return [start, offsetBy(start, felts.length)];
  };
  const cells: VmValue[] = [
    shownVersion(frame, info),
    info.senderAddress,
    0n,
    ...span(info.signature),
    info.hash,
    chain.chainId,
    info.nonce,
  ];
  if (info.v3) {
    cells.push(
      ...span(boundFelts(frame, info.v3.resourceBounds)),
      info.v3.tip,
      ...span(info.v3.paymasterData),
      info.v3.nonceDataAvailabilityMode === 'L1' ? 0n : 1n,
      info.v3.feeDataAvailabilityMode === 'L1' ? 0n : 1n,
      ...span(info.v3.accountDeploymentData),
      ...span(info.v3.proofFacts),
    );
  } else {
    cells.push(...new Array<Felt>(11).fill(0n));
  }
  return memory.allocateReadOnly(cells);
}

/** Three felts per resource: name, amount, price. A few old account classes do not know data gas. */
function boundFelts(
  { call, context }: StarknetSyscalls,
  bounds: NonNullable<TransactionInfo['v3']>['resourceBounds'],
): Felt[] {
  const felts = (name: Felt, bound: ResourceBound): Felt[] => [name, bound.maxAmount, bound.maxPricePerUnit];
  const { l1Gas, l2Gas, l1DataGas } = bounds;
  const base = [...felts(L1_GAS, l1Gas), ...felts(L2_GAS, l2Gas)];
  const hidesDataGas = context.transaction.constants.dataGasAccounts.includes(call.classHash);
  return l1DataGas && !hidesDataGas ? [...base, ...felts(L1_DATA, l1DataGas)] : base;
}

/** A few old account classes only accept version 1 and are shown it unless a large tip is offered. */
function shownVersion({ call, context }: StarknetSyscalls, info: TransactionInfo): Felt {
  const { v1BoundAccounts, v1BoundAccountsMaxTip } = context.transaction.constants;
  if (info.v3 && v1BoundAccounts.includes(call.classHash) && info.v3.tip <= v1BoundAccountsMaxTip) {
    return info.version >= QUERY_VERSION_BASE ? QUERY_VERSION_BASE + 1n : 1n;
  }
  return info.version;
}
