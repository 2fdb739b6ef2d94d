import type { ContractAddress, Felt } from '@cairn/primitives';
import type { StateOverlay } from '@cairn/state';
import type { CallInfo } from './callInfo.ts';
import type { Deployment, EntryPointContext } from './entryPoint/entryPointContext.ts';
import { executeOrFail } from './entryPoint/executeCall.ts';
import { executeDeployment } from './entryPoint/executeDeployment.ts';
import { startPhase } from './entryPoint/startPhase.ts';
import type { ExecutionEnvironment } from './transaction/executeTransaction.ts';

/**
 * Calls a contract on behalf of the protocol, outside any transaction, and keeps what it changes in `state`.
 * @throws ExecutionFailure (`EXECUTION_FAILED`) when the call fails; `state` must then be dropped.
 */
export function executeSystemCall(
  call: {
    contractAddress: ContractAddress;
    selector: Felt;
    calldata: readonly Felt[];
    callerAddress: ContractAddress;
  },
  environment: ExecutionEnvironment,
  state: StateOverlay,
): CallInfo {
  const gas = { remaining: environment.constants.defaultInitialGas };
  const full = { ...call, type: 'EXTERNAL' as const, kind: 'CALL' as const, initialGas: gas.remaining };
  return executeOrFail(full, systemPhase(environment, state), gas);
}

/** Deploys a contract at a chosen address, running its constructor. @throws ExecutionFailure */
export function executeSystemDeployment(
  deployment: Deployment,
  environment: ExecutionEnvironment,
  state: StateOverlay,
): CallInfo {
  const gas = { remaining: environment.constants.defaultInitialGas };
  return executeDeployment(deployment, systemPhase(environment, state), gas);
}

/** A phase that belongs to no transaction. */
export function systemPhase(environment: ExecutionEnvironment, state: StateOverlay): EntryPointContext {
  return startPhase({
    transaction: {
      ...environment,
      info: { version: 0n, hash: 0n, senderAddress: 0n, signature: [], nonce: 0n },
    },
    mode: 'execute',
    state,
    maxStepCount: environment.constants.invokeMaxStepCount,
    initialGas: environment.constants.defaultInitialGas,
  });
}
