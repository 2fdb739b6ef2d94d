import {
  CairnError,
  type ClassHash,
  type Felt,
  formatFelt,
  selectorFromName,
  shortString,
} from '@cairn/primitives';
import type { AccountTransaction } from '@cairn/protocol';
import { scaleResources } from '@cairn/protocol';
import type { StateOverlay } from '@cairn/state';
import type { CallInfo } from '../callInfo.ts';
import type { EntryPointContext, ExecutionMode, GasCounter } from '../entryPoint/entryPointContext.ts';
import { executeCall, executeOrFail } from '../entryPoint/executeCall.ts';
import { executeDeployment } from '../entryPoint/executeDeployment.ts';
import { startPhase } from '../entryPoint/startPhase.ts';
import type { ExecutionErrorCode } from '../errors.ts';
import { feeTokenBalance } from '../fee/balance.ts';
import { calldataLength, checkBalance, checkBounds, clampGas, exceededBound, maxGas } from '../fee/bounds.ts';
import { feeInFri } from '../fee/gasVector.ts';
import { allocatedKeyCount, type TransactionGas, transactionGas } from '../fee/transactionGas.ts';
import { ExecutionFailure } from '../revertReason/executionFailure.ts';
import { paddedHex, revertSummary } from '../revertReason/revertSummary.ts';
import { senderAddress, type TransactionContext } from '../transactionContext.ts';
import { transferFee } from './feeTransfer.ts';
import type { TransactionOutcome } from './transactionOutcome.ts';

const VALIDATE = selectorFromName('__validate__');
const VALIDATE_DECLARE = selectorFromName('__validate_declare__');
const VALIDATE_DEPLOY = selectorFromName('__validate_deploy__');
const EXECUTE = selectorFromName('__execute__');
const VALIDATED = shortString('VALID');

/** What an execution may leave out: simulations skip signatures and fees, the gateway runs ahead of nonces. */
export interface ExecutionFlags {
  validate: boolean;
  chargeFee: boolean;
  /** False: any nonce from the account's on is accepted. */
  strictNonce: boolean;
}

export const SEQUENCING_FLAGS: ExecutionFlags = { validate: true, chargeFee: true, strictNonce: true };

/** What the executor needs beside the transaction itself. */
export interface AccountTransactionInput {
  transaction: AccountTransaction;
  /** Bytes of code that a declare is charged for, 0 otherwise. */
  codeSize: number;
  context: TransactionContext;
  flags: ExecutionFlags;
}

/**
 * Runs an account transaction on `state`, which keeps its effects. A revert is an outcome: nonce, validation
 * and fee remain.
 * @throws CairnError when the transaction cannot enter a block at all; `state` must then be dropped.
 */
export function executeAccountTransaction(
  input: AccountTransactionInput,
  state: StateOverlay,
): TransactionOutcome {
  return new AccountExecution(input, state).run();
}

/**
 * The part of an account transaction that admits it: nonce, bounds, balance and `__validate__`.
 * @throws CairnError when the transaction may not enter a block.
 */
export function validateAccountTransaction(input: AccountTransactionInput, state: StateOverlay): void {
  new AccountExecution(input, state).runValidation();
}

/** One transaction on its way through its phases. */
class AccountExecution {
  readonly #tx: AccountTransaction;
  readonly #context: TransactionContext;
  readonly #flags: ExecutionFlags;
  readonly #codeSize: number;
  readonly #state: StateOverlay;
  readonly #sender: Felt;
  /** Gas of the L2 bound that no phase has used yet. */
  #remainingGas: bigint;

  constructor(input: AccountTransactionInput, state: StateOverlay) {
    this.#tx = input.transaction;
    this.#context = input.context;
    this.#flags = input.flags;
    this.#codeSize = input.codeSize;
    this.#state = state;
    this.#sender = senderAddress(input.transaction);
    const { constants } = input.context;
    // Without a fee no bound limits the run, only the protocol does.
    this.#remainingGas = input.flags.chargeFee
      ? input.transaction.resourceBounds.l2Gas.maxAmount
      : constants.executeMaxSierraGas + constants.validateMaxSierraGas;
  }

  run(): TransactionOutcome {
    this.#preValidate();
    const result = this.#tx.type === 'INVOKE' ? this.#runRevertible() : this.#runNonRevertible();
    const outcome: TransactionOutcome = { ...result, transactionHash: this.#context.info.hash };
    if (this.#flags.chargeFee && outcome.actualFee > 0n) {
      outcome.feeTransferCall = transferFee(this.#sender, outcome.actualFee, this.#context, this.#state);
    }
    return outcome;
  }

  runValidation(): void {
    this.#preValidate();
    if (this.#tx.type === 'DEPLOY_ACCOUNT') this.#executeNonRevertible();
    const call = this.#validate();
    const gas = this.#gasOf(call ? [call] : []);
    if (this.#flags.chargeFee) this.#rejectExceeded(gas);
  }

  #preValidate(): void {
    const nonce = this.#state.nonceAt(this.#sender);
    const given = this.#tx.nonce;
    if (this.#flags.strictNonce ? nonce !== given : nonce > given) {
      throw reject(
        'INVALID_NONCE',
        `Invalid transaction nonce of contract at address ${paddedHex(this.#sender)}. Account nonce: ${paddedHex(nonce)}; got: ${paddedHex(given)}.`,
        { accountNonce: formatFelt(nonce), nonce: formatFelt(given) },
      );
    }
    this.#state.setNonce(this.#sender, nonce + 1n);
    if (this.#flags.chargeFee) {
      checkBounds(this.#tx, this.#context);
      checkBalance(this.#tx, this.#sender, this.#context, this.#state);
    }
  }

  /** Invoke: what `__execute__` did can be undone. */
  #runRevertible(): Omit<TransactionOutcome, 'transactionHash'> {
    const validateCall = this.#validate();
    const validated = validateCall ? [validateCall] : [];
    const mark = this.#state.checkpoint();
    const phase = this.#phase('execute', this.#context.constants.executeMaxSierraGas);
    const overhead = scaleResources(
      this.#context.constants.transactions.INVOKE,
      calldataLength(this.#tx),
    ).stepCount;
    phase.remainingStepCount = Math.max(
      0,
      phase.remainingStepCount - overhead - (validateCall?.stepResources.stepCount ?? 0),
    );
    const allottedStepCount = phase.remainingStepCount;
    const revert = (
      reason: string,
      chargedBeforeRevert?: TransactionGas,
    ): Omit<TransactionOutcome, 'transactionHash'> => {
      this.#state.rollback(mark);
      const gas = this.#gasOf(validated, allottedStepCount - phase.remainingStepCount, phase.revertedGas());
      // What is over a bound is not paid; a transaction whose success was too dear pays that success, clamped.
      const actualFee = this.#fee(clampGas((chargedBeforeRevert ?? gas).total, this.#maxGas()));
      return { ...withValidateCall(validateCall), revertReason: reason, gas, actualFee };
    };

    const classHash = this.#state.classHashAt(this.#sender);
    let executeCallInfo: CallInfo;
    try {
      executeCallInfo = this.#executeInvoke(phase);
    } catch (error) {
      if (!(error instanceof ExecutionFailure)) throw error;
      return revert(this.#within(error, EXECUTE, classHash).reason('execution'));
    }
    const gas = this.#gasOf([...validated, executeCallInfo]);
    const problem = this.#flags.chargeFee ? this.#postExecutionProblem(gas) : undefined;
    if (problem) return revert(problem, gas);
    return {
      ...withValidateCall(validateCall),
      executeCall: executeCallInfo,
      gas,
      actualFee: this.#fee(gas.total),
    };
  }

  /** Declare and deploy-account: a failure keeps the transaction out of the block. */
  #runNonRevertible(): Omit<TransactionOutcome, 'transactionHash'> {
    const isDeployment = this.#tx.type === 'DEPLOY_ACCOUNT';
    // The account must exist before it can validate.
    const constructorCall = isDeployment ? this.#executeNonRevertible() : undefined;
    const validateCall = this.#validate();
    if (!isDeployment) this.#executeNonRevertible();
    const calls = [validateCall, constructorCall].filter((call) => call !== undefined);
    const gas = this.#gasOf(calls);
    if (this.#flags.chargeFee) this.#rejectExceeded(gas);
    return {
      ...withValidateCall(validateCall),
      ...(constructorCall ? { executeCall: constructorCall } : {}),
      gas,
      actualFee: this.#fee(gas.total),
    };
  }

  #validate(): CallInfo | undefined {
    if (!this.#flags.validate) return undefined;
    const { selector, calldata } = validateEntryPoint(this.#tx);
    const phase = this.#phase('validate', this.#context.constants.validateMaxSierraGas);
    const gas = this.#phaseGas(this.#context.constants.validateMaxSierraGas);
    const classHash = this.#state.classHashAt(this.#sender);
    let info: CallInfo;
    try {
      info = executeCall(this.#externalCall(selector, calldata, gas.remaining), phase, gas);
    } catch (error) {
      throw this.#rejection(error, selector, classHash);
    }
    if (info.failed) throw reject('VALIDATION_FAILED', revertSummary(info, 'validation'));
    if (info.retdata.length !== 1 || info.retdata[0] !== VALIDATED) {
      const got = info.retdata.map(formatFelt).join(', ');
      throw reject(
        'VALIDATION_FAILED',
        `The \`validate\` entry point should return \`VALID\`. Got Retdata([${got}]).`,
      );
    }
    this.#remainingGas -= info.gasConsumed;
    return info;
  }

  #executeInvoke(phase: EntryPointContext): CallInfo {
    const gas = this.#phaseGas(this.#context.constants.executeMaxSierraGas);
    const calldata = (this.#tx as { calldata: readonly Felt[] }).calldata;
    const info = executeOrFail(this.#externalCall(EXECUTE, calldata, gas.remaining), phase, gas);
    this.#remainingGas -= info.gasConsumed;
    return info;
  }

  /** Declares the class, or deploys the account and returns its constructor's call. */
  #executeNonRevertible(): CallInfo | undefined {
    const tx = this.#tx;
    const { constants } = this.#context;
    if (tx.type === 'DECLARE') {
      if (this.#state.compiledClassHash(tx.classHash) !== 0n) {
        throw reject(
          'CLASS_ALREADY_DECLARED',
          `Class with hash ${paddedHex(tx.classHash)} is already declared.`,
        );
      }
      this.#state.setCompiledClassHash(tx.classHash, tx.compiledClassHash);
      return undefined;
    }
    if (tx.type !== 'DEPLOY_ACCOUNT') return undefined;
    const gas = this.#phaseGas(constants.validateMaxSierraGas);
    const phase = this.#phase('validate', constants.validateMaxSierraGas);
    const deployment = {
      address: this.#sender,
      classHash: tx.classHash,
      calldata: tx.constructorCalldata,
      deployer: 0n,
    };
    try {
      const info = executeDeployment(deployment, phase, gas);
      this.#remainingGas -= info.gasConsumed;
      return info;
    } catch (error) {
      if (!(error instanceof ExecutionFailure)) throw error;
      throw reject('VALIDATION_FAILED', error.reason('constructor'));
    }
  }

  /** Gas a phase may use: what is left of the bound, at most the protocol's limit. */
  #phaseGas(limit: bigint): GasCounter {
    return { remaining: this.#remainingGas < limit ? this.#remainingGas : limit };
  }

  #phase(mode: ExecutionMode, gasLimit: bigint): EntryPointContext {
    const { constants } = this.#context;
    const limit = mode === 'validate' ? constants.validateMaxStepCount : constants.invokeMaxStepCount;
    const affordable = this.#tx.resourceBounds.l2Gas.maxAmount / BigInt(constants.gasCosts.step);
    return startPhase({
      transaction: this.#context,
      mode,
      state: this.#state,
      maxStepCount: this.#flags.chargeFee && affordable < BigInt(limit) ? Number(affordable) : limit,
      initialGas: this.#phaseGas(gasLimit).remaining,
    });
  }

  #externalCall(selector: Felt, calldata: readonly Felt[], initialGas: bigint) {
    return {
      type: 'EXTERNAL' as const,
      selector,
      calldata,
      contractAddress: this.#sender,
      callerAddress: 0n,
      kind: 'CALL' as const,
      initialGas,
    };
  }

  #gasOf(calls: readonly CallInfo[], revertedStepCount = 0, revertedSierraGas = 0n): TransactionGas {
    const { chain, constants, block } = this.#context;
    const stateDiff = this.#state.diff();
    return transactionGas(
      {
        type: this.#tx.type,
        calldataLength: calldataLength(this.#tx),
        signatureLength: this.#tx.signature.length,
        hasProofFacts: this.#tx.type === 'INVOKE' && (this.#tx.proofFacts?.length ?? 0) > 0,
        codeSize: this.#codeSize,
        calls,
        stateDiff,
        allocatedKeyCount: allocatedKeyCount(stateDiff, this.#state),
        payer: this.#sender,
        feeToken: chain.strkTokenAddress,
        revertedStepCount,
        revertedSierraGas,
      },
      constants,
      block.l1DaMode === 'BLOB',
    );
  }

  #maxGas() {
    // Without a fee the bounds bind nothing.
    const unbounded = 1n << 64n;
    return this.#flags.chargeFee
      ? maxGas(this.#tx)
      : { l1Gas: unbounded, l1DataGas: unbounded, l2Gas: unbounded };
  }

  #fee(gas: TransactionGas['total']): bigint {
    return feeInFri(gas, this.#context.block.gasPrices, this.#tx.tip);
  }

  /** Why a transaction that ran must not stay: a bound is exceeded, or the balance is gone. */
  #postExecutionProblem(gas: TransactionGas): string | undefined {
    const exceeded = exceededBound(maxGas(this.#tx), gas.total);
    if (exceeded) return exceeded;
    const fee = this.#fee(gas.total);
    const balance = feeTokenBalance(this.#state, this.#context.chain.strkTokenAddress, this.#sender);
    if (balance >= fee) return undefined;
    return `Insufficient fee token balance. Fee: ${fee}, balance: low/high ${balance & ((1n << 128n) - 1n)}/${balance >> 128n}.`;
  }

  #rejectExceeded(gas: TransactionGas): void {
    const problem = this.#postExecutionProblem(gas);
    if (problem) throw reject('INSUFFICIENT_RESOURCE_BOUNDS', problem);
  }

  /** @param classHash class of the sender when the phase began. */
  #within(failure: ExecutionFailure, selector: Felt, classHash: ClassHash): ExecutionFailure {
    return failure.within({
      kind: 'entryPoint',
      how: 'call',
      contractAddress: this.#sender,
      classHash,
      selector,
    });
  }

  #rejection(error: unknown, selector: Felt, classHash: ClassHash): unknown {
    if (!(error instanceof ExecutionFailure)) return error;
    return reject('VALIDATION_FAILED', this.#within(error, selector, classHash).reason('validation'));
  }
}

function withValidateCall(call: CallInfo | undefined): { validateCall?: CallInfo } {
  return call ? { validateCall: call } : {};
}

/** What an account is asked before its transaction is believed. */
function validateEntryPoint(tx: AccountTransaction): { selector: Felt; calldata: readonly Felt[] } {
  switch (tx.type) {
    case 'INVOKE':
      return { selector: VALIDATE, calldata: tx.calldata };
    case 'DECLARE':
      return { selector: VALIDATE_DECLARE, calldata: [tx.classHash] };
    case 'DEPLOY_ACCOUNT':
      return {
        selector: VALIDATE_DEPLOY,
        calldata: [tx.classHash, tx.contractAddressSalt, ...tx.constructorCalldata],
      };
  }
}

function reject(
  code: ExecutionErrorCode,
  message: string,
  details: Record<string, unknown> = {},
): CairnError {
  return new CairnError<ExecutionErrorCode>(code, message, { details });
}
