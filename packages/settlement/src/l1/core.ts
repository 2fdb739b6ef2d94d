import { CairnError, type Felt } from '@cairn/primitives';
import {
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  encodeAbiParameters,
  parseAbi,
  parseAbiParameters,
  type TransactionReceipt,
} from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import { CAIRN_CORE } from '../generated/cairnCore.ts';
import { deployContract, type L1Clients } from './deploy.ts';

/** What the core contract answers to; the names are those of Starknet's. */
export const CORE_ABI = parseAbi([
  'function updateState(uint256[] programOutput, uint256 onchainDataHash, uint256 onchainDataSize)',
  'function sendMessageToL2(uint256 toAddress, uint256 selector, uint256[] payload) payable returns (bytes32, uint256)',
  'function consumeMessageFromL2(uint256 fromAddress, uint256[] payload) returns (bytes32)',
  'function startL1ToL2MessageCancellation(uint256 toAddress, uint256 selector, uint256[] payload, uint256 nonce) returns (bytes32)',
  'function cancelL1ToL2Message(uint256 toAddress, uint256 selector, uint256[] payload, uint256 nonce) returns (bytes32)',
  'function stateRoot() view returns (uint256)',
  'function stateBlockNumber() view returns (int256)',
  'function stateBlockHash() view returns (uint256)',
  'function programHash() view returns (uint256)',
  'function configHash() view returns (uint256)',
  'function verifiers() view returns (address[])',
  'function l1ToL2Messages(bytes32 message) view returns (uint256)',
  'function l2ToL1Messages(bytes32 message) view returns (uint256)',
  'function announce(bytes32 change)',
  'function setProgramHash(uint256 newProgramHash)',
  'function setConfigHash(uint256 newConfigHash)',
  'function allowVerifier(address verifier)',
  'function forbidVerifier(address verifier)',
  'function registerOperator(address operator)',
  'function unregisterOperator(address operator)',
  'function setFeeCollectionAddress(address to)',
  'event LogStateUpdate(uint256 globalRoot, int256 blockNumber, uint256 blockHash)',
  'event LogMessageToL1(uint256 indexed fromAddress, address indexed toAddress, uint256[] payload)',
  'event LogMessageToL2(address indexed fromAddress, uint256 indexed toAddress, uint256 indexed selector, uint256[] payload, uint256 nonce, uint256 fee)',
  'event ConsumedMessageToL2(address indexed fromAddress, uint256 indexed toAddress, uint256 indexed selector, uint256[] payload, uint256 nonce)',
  'error Refused(string reason)',
]);

/** What a core contract starts with. */
export interface CoreSetup {
  readonly root: Felt;
  /** -1 before block 0. */
  readonly blockNumber: bigint;
  readonly blockHash: Felt;
  readonly programHash: Felt;
  readonly configHash: Felt;
  /** Who may move the state. */
  readonly operator: Address;
  /** Seconds. */
  readonly cancellationDelay: bigint;
  /** Seconds that changes of program, configuration and verifiers must be announced before. */
  readonly governanceDelay: bigint;
  readonly verifiers: readonly Address[];
}

const SETUP = parseAbiParameters([
  'address facts, (uint256 root, int256 blockNumber, uint256 blockHash, uint256 programHash, uint256 configHash, address operator, uint256 cancellationDelay, uint256 governanceDelay, address[] verifiers) setup',
]);

/** Deploys a core contract over a registry of facts. @throws CairnError `DEPLOYMENT_FAILED`. */
export function deployCore(clients: L1Clients, facts: Address, setup: CoreSetup): Promise<Address> {
  return deployContract(clients, CAIRN_CORE, encodeAbiParameters(SETUP, [facts, setup]));
}

/**
 * Moves the state by an OS output that has all data in itself, whose fact is registered.
 * @throws CairnError `STATE_UPDATE_REFUSED` (nothing was sent; details: the contract's reason), `TRANSACTION_FAILED`.
 */
export async function updateState(
  { wallet, reader }: L1Clients,
  core: Address,
  output: readonly Felt[],
): Promise<TransactionReceipt> {
  const call = {
    account: wallet.account,
    address: core,
    abi: CORE_ABI,
    functionName: 'updateState',
    args: [output, 0n, 0n],
  } as const;
  try {
    await reader.simulateContract(call);
  } catch (cause) {
    const reason = refusalOf(cause);
    throw new CairnError<SettlementErrorCode>('STATE_UPDATE_REFUSED', `core contract ${core}: ${reason}`, {
      cause,
      details: { reason },
    });
  }
  const hash = await wallet.writeContract({ ...call, chain: wallet.chain });
  const receipt = await reader.waitForTransactionReceipt({ hash });
  if (receipt.status === 'success') return receipt;
  throw new CairnError<SettlementErrorCode>('TRANSACTION_FAILED', `core contract ${core}: ${hash} reverted`);
}

/** The reason a core contract gives for a revert. */
export function refusalOf(error: unknown): string {
  const reverted =
    error instanceof BaseError
      ? error.walk((inner) => inner instanceof ContractFunctionRevertedError)
      : undefined;
  if (reverted instanceof ContractFunctionRevertedError && reverted.data?.errorName === 'Refused')
    return String(reverted.data.args?.[0]);
  return (error as Error).message;
}
