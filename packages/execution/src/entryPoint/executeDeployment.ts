import { type Felt, selectorFromName } from '@cairn/primitives';
import { noResources } from '@cairn/protocol';
import type { CallInfo } from '../callInfo.ts';
import { ExecutionFailure } from '../revertReason/executionFailure.ts';
import { paddedHex } from '../revertReason/revertSummary.ts';
import { declaredClass } from '../stateAccess.ts';
import type { Deployment, EntryPointContext, GasCounter } from './entryPointContext.ts';
import { executeOrFail, gasOfCall, trackedResource } from './executeCall.ts';

const CONSTRUCTOR = selectorFromName('constructor');

/**
 * Puts a class at an address and runs its constructor, which cannot fail without failing the transaction.
 * @throws ExecutionFailure when the address is taken, the class unknown, or the constructor fails.
 */
export function executeDeployment(
  deployment: Deployment,
  context: EntryPointContext,
  gas: GasCounter,
): CallInfo {
  const { address, classHash, calldata, deployer } = deployment;
  let selector: Felt | undefined;
  try {
    if (context.state.classHashAt(address) !== 0n) {
      throw ExecutionFailure.fromText(
        `Deployment failed: contract already deployed at address ${paddedHex(address)}\n`,
      );
    }
    const cls = declaredClass(context.state, context.transaction.classes, classHash);
    context.state.setClassHash(address, classHash);
    const call = {
      type: 'CONSTRUCTOR' as const,
      selector: CONSTRUCTOR,
      calldata,
      contractAddress: address,
      callerAddress: deployer,
      kind: 'CALL' as const,
      initialGas: gas.remaining,
    };
    const entry = cls.casm.entryPointsByType.CONSTRUCTOR[0];
    if (entry) {
      selector = entry.selector;
      return executeOrFail(call, context, gas);
    }
    if (calldata.length > 0) {
      throw ExecutionFailure.fromText(
        'Invalid input: constructor_calldata; Cannot pass calldata to a contract with no constructor.\n',
      );
    }
    const tracked = trackedResource(cls, context);
    return {
      call: { ...call, classHash, initialGas: gasOfCall(call, tracked, context) },
      retdata: [],
      failed: false,
      gasConsumed: 0n,
      trackedResource: tracked,
      stepResources: noResources(),
      ownResources: noResources(),
      syscalls: new Map(),
      events: [],
      messages: [],
      innerCalls: [],
    };
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    throw error.within({
      kind: 'entryPoint',
      how: 'constructor',
      contractAddress: address,
      classHash,
      selector,
    });
  }
}
