import { CairnError } from '@cairn/primitives';
import {
  BaseError,
  type Hex,
  HttpRequestError,
  InsufficientFundsError,
  isHex,
  SocketClosedError,
  TimeoutError,
  WaitForTransactionReceiptTimeoutError,
  WebSocketRequestError,
} from 'viem';
import type { SettlementErrorCode } from '../errors.ts';

/** What the nodes' texts mean that have no error codes of their own. */
const MEANINGS: readonly [RegExp, SettlementErrorCode, fix: string][] = [
  [/insufficient funds/i, 'L1_OUT_OF_FUNDS', 'send ether to the account'],
  [
    /underpriced|max fee per (blob )?gas less than block|fee cap less than block base fee|cannot be lower than the block base fee/i,
    'TRANSACTION_UNDERPRICED',
    'send it again with higher fees',
  ],
  [
    /nonce too low|lower than the current nonce|already known|already imported/i,
    'NONCE_TAKEN',
    'send it again',
  ],
];

const UNREACHABLE = [HttpRequestError, TimeoutError, WebSocketRequestError, SocketClosedError];

/** What an error of viem means; an error of ours stays as it is. */
export function l1Error(error: unknown, what: string): CairnError {
  if (error instanceof CairnError) return error;
  const made = (code: SettlementErrorCode, fix?: string) =>
    new CairnError<SettlementErrorCode>(
      code,
      `${what}: ${error instanceof BaseError ? error.shortMessage : (error as Error).message}`,
      { cause: error, ...(fix === undefined ? {} : { fix }) },
    );
  const isIn = (...classes: readonly (new (...args: never[]) => BaseError)[]) =>
    error instanceof BaseError && error.walk((e) => classes.some((cls) => e instanceof cls)) !== null;
  if (isIn(...UNREACHABLE)) return made('L1_UNREACHABLE', 'check the address of the L1 node and try again');
  if (isIn(WaitForTransactionReceiptTimeoutError)) return made('TRANSACTION_NOT_MINED');
  if (isIn(InsufficientFundsError)) return made('L1_OUT_OF_FUNDS', 'send ether to the account');
  const texts = textsOf(error);
  const meaning = MEANINGS.find(([pattern]) => texts.some((text) => pattern.test(text)));
  return meaning === undefined ? made('L1_FAILED') : made(meaning[1], meaning[2]);
}

/** An answer of L1. @throws CairnError with what went wrong, as {@link l1Error} has it. */
export async function answered<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw l1Error(error, what);
  }
}

/** What a call has reverted with: undefined when it has failed otherwise, 0x for a revert without data. */
export function revertDataOf(error: unknown): Hex | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const withData = error.walk((e) => e instanceof BaseError && isHex((e as { data?: unknown }).data));
  if (withData !== null) return (withData as { data?: Hex }).data;
  return textsOf(error).some((text) => /execution reverted/i.test(text)) ? '0x' : undefined;
}

/** The details of an error and of what caused it, as the node gave them. */
function textsOf(error: unknown): string[] {
  const texts: string[] = [];
  for (let e = error; e instanceof Error; e = e.cause)
    texts.push(e instanceof BaseError ? `${e.shortMessage} ${e.details}` : e.message);
  return texts;
}
