import type { HintContext, Relocatable } from '@cairn/cairo';
import { senderAddress } from '@cairn/execution';
import { type Felt, shortString } from '@cairn/primitives';
import type {
  AccountTransaction,
  DeclareV3,
  DeployAccountV3,
  InvokeV3,
  L1HandlerTransaction,
  ResourceBound,
} from '@cairn/protocol';
import type { LibraryHint } from '../hints/libraryHint.ts';
import { executionRun } from './osHintState.ts';

/** Numbers of the transaction types in `execute_transactions.cairo`. */
const TYPE_NUMBERS = { INVOKE: 0, DECLARE: 1, DEPLOY_ACCOUNT: 2, L1_HANDLER: 3 } as const;

/** Hints that bring the transactions in. */
export const TRANSACTION_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.execution.next_transaction_type': (h) =>
    TYPE_NUMBERS[executionRun(h).nextTransaction().transaction.type],
  'cairn.execution.is_reverted': (h) => executionRun(h).transaction.isReverted,
  'cairn.execution.noted_gas': (h) => {
    // No gas is charged for messages from L1: any counter is as good.
    const { transaction, notedGas } = executionRun(h).transaction;
    return transaction.type === 'INVOKE' ? notedGas : h.felt('header.gas');
  },
  'cairn.execution.exceeds_l1_gas': (h) => exceeds(h, 'l1_gas'),
  'cairn.execution.exceeds_l1_data_gas': (h) => exceeds(h, 'l1_data_gas'),
  'cairn.execution.exceeds_l2_gas': (h) => exceeds(h, 'l2_gas'),
  'cairn.execution.is_a_larger': (h) => h.felt('a') > h.felt('b'),
  'cairn.execution.is_b_larger': (h) => h.signed('b') > h.signed('a'),
  'cairn.execution.load_invoke': (h) => {
    const transaction = executionRun(h).transaction.transaction as InvokeV3;
    h.set('transaction', allocateAccountTransaction(h, transaction));
    setFelts(h, 'calldata', transaction.calldata);
  },
  'cairn.execution.load_declare': (h) => {
    const { transaction, classHashParts, codeSize } = executionRun(h).transaction;
    const declare = transaction as DeclareV3;
    h.set('transaction', allocateAccountTransaction(h, declare));
    h.set('parts', h.memory.allocate(classHashParts!));
    h.set('compiled_class_hash', declare.compiledClassHash);
    h.set('code_size', codeSize);
  },
  'cairn.execution.declare_class': (h) =>
    executionRun(h).states.setCompiledClassHash(h.felt('class_hash'), h.felt('compiled_class_hash')),
  'cairn.execution.load_deploy_account': (h) => {
    const transaction = executionRun(h).transaction.transaction as DeployAccountV3;
    h.set('transaction', allocateAccountTransaction(h, transaction));
    setFelts(h, 'calldata', [
      transaction.classHash,
      transaction.contractAddressSalt,
      ...transaction.constructorCalldata,
    ]);
  },
  'cairn.execution.load_l1_handler': (h) => {
    const { transaction, ethTokenAddress } = executionRun(h).transaction;
    h.set('eth_token_address', ethTokenAddress);
    const { contractAddress, entryPointSelector, nonce = 0n, calldata } = transaction as L1HandlerTransaction;
    const cells = [contractAddress, entryPointSelector, nonce, BigInt(calldata.length)];
    h.set('transaction', h.memory.allocate([...cells, h.memory.allocate(calldata)]));
  },
};

/** Whether a transaction used more gas of a kind than its bound. */
function exceeds(h: HintContext, kind: 'l1_gas' | 'l1_data_gas' | 'l2_gas'): boolean {
  return h.felt(`gas.${kind}`) > h.felt(`context.transaction.${kind}.max_amount`);
}

/** Sets the variables `name` and `name_size`. */
function setFelts(h: HintContext, name: string, felts: readonly Felt[]): void {
  h.set(name, h.memory.allocate(felts));
  h.set(`${name}_size`, felts.length);
}

/** The struct AccountTransaction of `account_transaction.cairo`. */
function allocateAccountTransaction(h: HintContext, transaction: AccountTransaction): Relocatable {
  const { l1Gas, l2Gas, l1DataGas } = transaction.resourceBounds;
  const bound = (name: string, { maxAmount, maxPricePerUnit }: ResourceBound): Felt[] => [
    shortString(name),
    maxAmount,
    maxPricePerUnit,
  ];
  return h.memory.allocate([
    senderAddress(transaction),
    transaction.nonce,
    transaction.tip,
    BigInt(transaction.signature.length),
    h.memory.allocate(transaction.signature),
    ...bound('L1_GAS', l1Gas),
    ...bound('L2_GAS', l2Gas),
    ...bound('L1_DATA', l1DataGas ?? { maxAmount: 0n, maxPricePerUnit: 0n }),
  ]);
}
