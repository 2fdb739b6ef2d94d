import { CairnError } from '@cairn/primitives';
import { decodeErrorResult, type Hex, parseAbi } from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import { revertDataOf } from './l1Error.ts';

/** How the hand-written contracts turn a call down. */
const REFUSED_ABI = parseAbi(['error Refused(string reason)']);

/** Makes the error for a call that a contract turns down, of the data that it reverts with. */
export type Refused = (revertData: Hex, cause: unknown) => CairnError;

/** Makes errors of this code, with the contract's reason in the details. `what` names the contract. */
export function refused(
  what: string,
  code: Extract<SettlementErrorCode, 'CALL_REFUSED' | 'STATE_UPDATE_REFUSED'> = 'CALL_REFUSED',
): Refused {
  return (revertData, cause) => {
    const reason = reasonOf(revertData);
    return new CairnError<SettlementErrorCode>(code, `${what}: ${reason}`, { cause, details: { reason } });
  };
}

/** The reason a hand-written contract gives for a revert; the error's message when it gives none. */
export function refusalOf(error: unknown): string {
  const data = revertDataOf(error);
  return data === undefined ? (error as Error).message : reasonOf(data);
}

function reasonOf(revertData: Hex): string {
  try {
    return decodeErrorResult({ abi: REFUSED_ABI, data: revertData }).args[0];
  } catch {
    return `reverted with ${revertData}`;
  }
}
