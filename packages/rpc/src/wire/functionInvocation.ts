import { type CallInfo, stepGas } from '@cairn/execution';
import { formatFelt } from '@cairn/primitives';
import type { VersionedConstants } from '@cairn/protocol';
import { formatFelts } from './read.ts';
import { formatMessageToL1 } from './receipt.ts';

/** FUNCTION_INVOCATION: a call and everything below it. */
export function formatFunctionInvocation(
  info: CallInfo,
  constants: VersionedConstants,
): Record<string, unknown> {
  const { call } = info;
  return {
    contract_address: formatFelt(call.contractAddress),
    entry_point_selector: formatFelt(call.selector),
    calldata: formatFelts(call.calldata),
    caller_address: formatFelt(call.callerAddress),
    class_hash: formatFelt(call.classHash),
    entry_point_type: call.type,
    call_type: call.kind,
    result: formatFelts(info.retdata),
    calls: info.innerCalls.map((inner) => formatFunctionInvocation(inner, constants)),
    events: info.events.map(({ order, value }) => ({
      order,
      keys: formatFelts(value.keys),
      data: formatFelts(value.data),
    })),
    messages: info.messages.map(({ order, value }) => ({
      order,
      ...formatMessageToL1({ fromAddress: call.contractAddress, ...value }),
    })),
    execution_resources: { l1_gas: 0, l2_gas: Number(l2GasOf(info, constants)) },
    is_reverted: info.failed,
  };
}

/** Work that is counted in steps is shown at the price that steps have in L2 gas. */
function l2GasOf(info: CallInfo, constants: VersionedConstants): bigint {
  return info.trackedResource === 'SierraGas' ? info.gasConsumed : stepGas(info.stepResources, constants);
}
