import type { CallInfo } from '@cairn/execution';
import { invariant } from '@cairn/primitives';
import { type VersionedConstants, versionedConstants } from '@cairn/protocol';
import type { BlockView, ExecutionView } from '../backend.ts';
import { contextOf } from './block.ts';
import { formatFunctionInvocation } from './functionInvocation.ts';
import { formatGas } from './receipt.ts';
import { formatStateDiff } from './stateDiff.ts';

/** TRANSACTION_TRACE of a transaction that ran in `block`. */
export function formatTrace(execution: ExecutionView, block: BlockView): Record<string, unknown> {
  const { transaction, outcome, stateDiff } = execution;
  const constants = versionedConstants(contextOf(block).starknetVersion);
  const { validateCall, executeCall, feeTransferCall } = outcome;
  const common = {
    type: transaction.type,
    ...invocation('validate_invocation', validateCall, constants),
    ...invocation('fee_transfer_invocation', feeTransferCall, constants),
    state_diff: formatStateDiff(stateDiff),
    execution_resources: formatGas(outcome.gas.total),
  };
  switch (transaction.type) {
    case 'INVOKE':
      return { ...common, execute_invocation: revertible(execution, constants) };
    case 'L1_HANDLER':
      return { ...common, function_invocation: revertible(execution, constants) };
    case 'DEPLOY_ACCOUNT':
      return { ...common, ...invocation('constructor_invocation', executeCall, constants) };
    case 'DECLARE':
      return common;
  }
}

function invocation(name: string, call: CallInfo | undefined, constants: VersionedConstants) {
  return call ? { [name]: formatFunctionInvocation(call, constants) } : {};
}

/** REVERTIBLE_FUNCTION_INVOCATION: the call, or why nothing of it remains. */
function revertible({ outcome }: ExecutionView, constants: VersionedConstants): Record<string, unknown> {
  if (outcome.revertReason !== undefined) return { revert_reason: outcome.revertReason };
  invariant(outcome.executeCall, 'a transaction that did not revert has its main call');
  return formatFunctionInvocation(outcome.executeCall, constants);
}
