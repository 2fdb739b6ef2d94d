import { CairnError, type ContractAddress, type Felt, formatFelt } from '@cairn/primitives';
import { StateOverlay, type StateReader } from '@cairn/state';
import type { CallInfo } from './callInfo.ts';
import { executeCall } from './entryPoint/executeCall.ts';
import type { ExecutionErrorCode } from './errors.ts';
import { ExecutionFailure } from './revertReason/executionFailure.ts';
import { formatPanicData } from './revertReason/panicData.ts';
import { systemPhase } from './systemCall.ts';
import type { ExecutionEnvironment } from './transaction/executeTransaction.ts';

/**
 * Calls a function of a contract without a transaction; changes are discarded.
 * @throws CairnError `CONTRACT_NOT_FOUND`, `ENTRY_POINT_NOT_FOUND`, or `CONTRACT_ERROR` with the panic data.
 */
export function callContract(
  call: { contractAddress: ContractAddress; selector: Felt; calldata: readonly Felt[] },
  environment: ExecutionEnvironment,
  reader: StateReader,
): CallInfo {
  const { contractAddress, selector, calldata } = call;
  const state = new StateOverlay(reader);
  const classHash = state.classHashAt(contractAddress);
  if (classHash === 0n) {
    throw new CairnError<ExecutionErrorCode>(
      'CONTRACT_NOT_FOUND',
      `no contract at ${formatFelt(contractAddress)}`,
    );
  }
  const gas = { remaining: environment.constants.executeMaxSierraGas };
  const casm = environment.classes.executableClass(classHash)?.casm;
  if (casm && !casm.entryPointsByType.EXTERNAL.some((e) => e.selector === selector)) {
    throw new CairnError<ExecutionErrorCode>(
      'ENTRY_POINT_NOT_FOUND',
      `contract ${formatFelt(contractAddress)} has no external function with selector ${formatFelt(selector)}`,
    );
  }
  let result: CallInfo;
  try {
    result = executeCall(
      {
        type: 'EXTERNAL',
        selector,
        calldata,
        contractAddress,
        callerAddress: 0n,
        kind: 'CALL',
        initialGas: gas.remaining,
      },
      systemPhase(environment, state),
      gas,
    );
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    throw contractError(contractAddress, classHash, selector, error.message);
  }
  if (result.failed)
    throw contractError(contractAddress, classHash, selector, formatPanicData(result.retdata));
  return result;
}

function contractError(contractAddress: Felt, classHash: Felt, selector: Felt, error: string): CairnError {
  return new CairnError<ExecutionErrorCode>('CONTRACT_ERROR', error, {
    details: { contractAddress, classHash, selector, error },
  });
}
