import type { ContractAddress } from '@cairn/primitives';
import { CairnError } from '@cairn/primitives';
import type { AccountTransaction, GasVector } from '@cairn/protocol';
import { noResources, scaleResources } from '@cairn/protocol';
import type { StateReader } from '@cairn/state';
import type { ExecutionErrorCode } from '../errors.ts';
import type { TransactionContext } from '../transactionContext.ts';
import { feeTokenBalance } from './balance.ts';
import { addGas, NO_GAS } from './gasVector.ts';
import { dataAvailabilityGas, stateDiffWords } from './l1Gas.ts';
import { kzgResources } from './transactionGas.ts';
import { stepGas } from './vmGas.ts';

/** Upper bounds of a version-3 transaction as a gas vector. */
export function maxGas(tx: AccountTransaction): GasVector {
  const { l1Gas, l1DataGas, l2Gas } = tx.resourceBounds;
  return { l1Gas: l1Gas.maxAmount, l1DataGas: l1DataGas?.maxAmount ?? 0n, l2Gas: l2Gas.maxAmount };
}

/** The most a transaction can cost its sender, in fri. */
export function maxPossibleFee(tx: AccountTransaction): bigint {
  const { l1Gas, l1DataGas, l2Gas } = tx.resourceBounds;
  return (
    l1Gas.maxAmount * l1Gas.maxPricePerUnit +
    (l1DataGas ? l1DataGas.maxAmount * l1DataGas.maxPricePerUnit : 0n) +
    l2Gas.maxAmount * (l2Gas.maxPricePerUnit + tx.tip)
  );
}

/** Felts of calldata and proof facts that a transaction's price counts. */
export function calldataLength(tx: AccountTransaction): number {
  switch (tx.type) {
    case 'INVOKE':
      return tx.calldata.length + (tx.proofFacts?.length ?? 0);
    case 'DEPLOY_ACCOUNT':
      return tx.constructorCalldata.length;
    case 'DECLARE':
      return 0;
  }
}

/** Gas below which no transaction of this kind can stay: the nonce, the balance and the OS's overhead. */
export function minimalGas(tx: AccountTransaction, context: TransactionContext): GasVector {
  const changes = {
    modifiedContracts: 1,
    storageUpdates: 1,
    classHashUpdates: tx.type === 'DEPLOY_ACCOUNT' ? 1 : 0,
    compiledClassHashUpdates: 0,
  };
  const { constants } = context;
  const overhead = scaleResources(constants.transactions[tx.type], calldataLength(tx)).stepCount;
  const kzg = kzgResources(stateDiffWords(changes), constants).stepCount;
  const l2Gas = stepGas({ ...noResources(), stepCount: overhead + kzg }, constants);
  return addGas({ ...NO_GAS, l2Gas }, dataAvailabilityGas(changes, context.block.l1DaMode === 'BLOB'));
}

/**
 * Checks that the bounds can pay for the least a transaction needs, at the block's prices.
 * @throws CairnError `INSUFFICIENT_RESOURCE_BOUNDS`
 */
export function checkBounds(tx: AccountTransaction, context: TransactionContext): void {
  const minimal = minimalGas(tx, context);
  const { gasPrices } = context.block;
  const { l1Gas, l1DataGas, l2Gas } = tx.resourceBounds;
  const problems: string[] = [];
  for (const [name, bound, amount, price] of [
    ['L1Gas', l1Gas, minimal.l1Gas, gasPrices.l1Gas.priceInFri],
    [
      'L1DataGas',
      l1DataGas ?? { maxAmount: 0n, maxPricePerUnit: 0n },
      minimal.l1DataGas,
      gasPrices.l1DataGas.priceInFri,
    ],
    ['L2Gas', l2Gas, minimal.l2Gas, gasPrices.l2Gas.priceInFri],
  ] as const) {
    if (bound.maxAmount < amount) {
      problems.push(
        `Max ${name} amount (${bound.maxAmount}) is lower than the minimal gas amount: ${amount}.`,
      );
    }
    if (bound.maxPricePerUnit < price) {
      problems.push(
        `Max ${name} price (${bound.maxPricePerUnit}) is lower than the actual gas price: ${price}.`,
      );
    }
  }
  if (problems.length > 0) {
    throw new CairnError<ExecutionErrorCode>(
      'INSUFFICIENT_RESOURCE_BOUNDS',
      `Resource bounds were not satisfied: ${problems.join('\n')}`,
      { fix: 'raise the bounds: starknet_estimateFee returns what the transaction needs' },
    );
  }
}

/**
 * Checks that the sender could pay the bounds in full.
 * @throws CairnError `INSUFFICIENT_BALANCE`
 */
export function checkBalance(
  tx: AccountTransaction,
  sender: ContractAddress,
  context: TransactionContext,
  state: StateReader,
): void {
  const balance = feeTokenBalance(state, context.chain.strkTokenAddress, sender);
  const needed = maxPossibleFee(tx);
  if (balance < needed) {
    throw new CairnError<ExecutionErrorCode>(
      'INSUFFICIENT_BALANCE',
      `Resources bounds (${boundsText(tx)}) exceed balance (${balance}).`,
      { details: { balance, needed }, fix: 'fund the account or lower the resource bounds' },
    );
  }
}

/** Bounds in the protocol's words. */
function boundsText({ resourceBounds }: AccountTransaction): string {
  const { l1Gas, l2Gas, l1DataGas = { maxAmount: 0n, maxPricePerUnit: 0n } } = resourceBounds;
  const parts = Object.entries({ l1_gas: l1Gas, l2_gas: l2Gas, l1_data_gas: l1DataGas }).map(
    ([name, { maxAmount, maxPricePerUnit }]) =>
      `${name}: { max_amount: ${maxAmount}, max_price_per_unit: ${maxPricePerUnit} }`,
  );
  return `{ ${parts.join(', ')} }`;
}

/** The first resource of which more was used than allowed, in the protocol's words; undefined when all fit. */
export function exceededBound(max: GasVector, actual: GasVector): string | undefined {
  for (const [name, limit, used] of [
    ['L1Gas', max.l1Gas, actual.l1Gas],
    ['L2Gas', max.l2Gas, actual.l2Gas],
    ['L1DataGas', max.l1DataGas, actual.l1DataGas],
  ] as const) {
    if (limit < used) return `Insufficient max ${name}: max amount: ${limit}, actual used: ${used}.`;
  }
  return undefined;
}

/** Component-wise minimum: what is charged when a bound was exceeded. */
export function clampGas(gas: GasVector, max: GasVector): GasVector {
  const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
  return {
    l1Gas: least(gas.l1Gas, max.l1Gas),
    l1DataGas: least(gas.l1DataGas, max.l1DataGas),
    l2Gas: least(gas.l2Gas, max.l2Gas),
  };
}
