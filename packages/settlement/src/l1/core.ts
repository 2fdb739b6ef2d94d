import type { Felt } from '@cairn/primitives';
import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  parseAbi,
  parseAbiParameters,
  type TransactionReceipt,
  zeroAddress,
} from 'viem';
import { CAIRN_CORE } from '../generated/cairnCore.ts';
import { deployContract, type L1Clients } from './deploy.ts';
import { answered } from './l1Error.ts';
import { refused } from './refusal.ts';
import { transact } from './transact.ts';

/** What the core contract answers to; the names are those of Starknet's. */
export const CORE_ABI = parseAbi([
  'function updateState(uint256[] programOutput, uint256 onchainDataHash, uint256 onchainDataSize)',
  'function updateStateKzgDA(uint256[] programOutput, bytes[] kzgProofs)',
  'function sendMessageToL2(uint256 toAddress, uint256 selector, uint256[] payload) payable returns (bytes32, uint256)',
  'function consumeMessageFromL2(uint256 fromAddress, uint256[] payload) returns (bytes32)',
  'function startL1ToL2MessageCancellation(uint256 toAddress, uint256 selector, uint256[] payload, uint256 nonce) returns (bytes32)',
  'function cancelL1ToL2Message(uint256 toAddress, uint256 selector, uint256[] payload, uint256 nonce) returns (bytes32)',
  'function stateRoot() view returns (uint256)',
  'function stateBlockNumber() view returns (int256)',
  'function stateBlockHash() view returns (uint256)',
  'function programHash() view returns (uint256)',
  'function configHash() view returns (uint256)',
  'function aggregatorProgramHash() view returns (uint256)',
  'function feeCollector() view returns (address)',
  'function verifiers() view returns (address[])',
  'function facts() view returns (address)',
  'function dataPages() view returns (address)',
  'function isDataOnChain() view returns (bool)',
  'function governanceDelay() view returns (uint256)',
  'function announcedUntil(bytes32 change) view returns (uint256)',
  'function isOperator(address account) view returns (bool)',
  'function starknetIsGovernor(address account) view returns (bool)',
  'function isFinalized() view returns (bool)',
  'function isFrozen() view returns (bool)',
  'function identify() view returns (string)',
  'function l1ToL2MessageNonce() view returns (uint256)',
  'function messageCancellationDelay() view returns (uint256)',
  'function getMaxL1MsgFee() view returns (uint256)',
  'function l1ToL2MsgHash(address fromAddress, uint256 toAddress, uint256 selector, uint256[] payload, uint256 nonce) view returns (bytes32)',
  'function l2ToL1MsgHash(uint256 fromAddress, address toAddress, uint256[] payload) view returns (bytes32)',
  'function l1ToL2MessageCancellations(bytes32 message) view returns (uint256)',
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
  'function setMessageCancellationDelay(uint256 seconds)',
  'function finalize()',
  'function starknetNominateNewGovernor(address newGovernor)',
  'function starknetCancelNomination()',
  'function starknetAcceptGovernance()',
  'function starknetRemoveGovernor(address governor)',
  'event LogStateUpdate(uint256 globalRoot, int256 blockNumber, uint256 blockHash)',
  'event LogStateTransitionFact(bytes32 stateTransitionFact)',
  'event LogMessageToL1(uint256 indexed fromAddress, address indexed toAddress, uint256[] payload)',
  'event LogMessageToL2(address indexed fromAddress, uint256 indexed toAddress, uint256 indexed selector, uint256[] payload, uint256 nonce, uint256 fee)',
  'event ConsumedMessageToL2(address indexed fromAddress, uint256 indexed toAddress, uint256 indexed selector, uint256[] payload, uint256 nonce)',
  'event ConsumedMessageToL1(uint256 indexed fromAddress, address indexed toAddress, uint256[] payload)',
  'event MessageToL2CancellationStarted(address indexed fromAddress, uint256 indexed toAddress, uint256 indexed selector, uint256[] payload, uint256 nonce)',
  'event MessageToL2Canceled(address indexed fromAddress, uint256 indexed toAddress, uint256 indexed selector, uint256[] payload, uint256 nonce)',
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
  /** The registry of pages (`deployDataPages`); none for a core that takes no data in pages. */
  readonly dataPages?: Address;
  /** False for a validium, which takes outputs with data in pages without the pages. True when absent. */
  readonly dataOnChain?: boolean;
}

const SETUP = parseAbiParameters([
  'address facts, (uint256 root, int256 blockNumber, uint256 blockHash, uint256 programHash, uint256 configHash, address operator, uint256 cancellationDelay, uint256 governanceDelay, address[] verifiers, address dataPages, bool dataOnChain) setup',
]);

/** Deploys a core contract over a registry of facts. @throws CairnError `DEPLOYMENT_FAILED`. */
export function deployCore(clients: L1Clients, facts: Address, setup: CoreSetup): Promise<Address> {
  const { dataPages = zeroAddress, dataOnChain = true, ...rest } = setup;
  return deployContract(
    clients,
    CAIRN_CORE,
    encodeAbiParameters(SETUP, [facts, { ...rest, dataPages, dataOnChain }]),
  );
}

/** The state that a core contract has. */
export interface CoreState {
  readonly root: Felt;
  /** -1 before block 0. */
  readonly blockNumber: number;
  readonly blockHash: Felt;
}

/** Reads the state of a core contract, all of it at one block. @throws CairnError as `l1Error` has it. */
export async function coreState({ reader }: Pick<L1Clients, 'reader'>, core: Address): Promise<CoreState> {
  const what = `core contract ${core}`;
  const blockNumber = await answered(what, reader.getBlockNumber({ cacheTime: 0 }));
  const read = <N extends 'stateRoot' | 'stateBlockNumber' | 'stateBlockHash'>(functionName: N) =>
    answered(what, reader.readContract({ address: core, abi: CORE_ABI, functionName, blockNumber }));
  const [root, number, blockHash] = await Promise.all([
    read('stateRoot'),
    read('stateBlockNumber'),
    read('stateBlockHash'),
  ]);
  return { root, blockNumber: Number(number), blockHash };
}

/**
 * Moves the state by an OS output, whose fact is registered, with all data in itself or in registered pages.
 * @throws CairnError `STATE_UPDATE_REFUSED` (nothing was sent; details: the contract's reason), `TRANSACTION_FAILED`, and those
 * of `l1Error`.
 */
export function updateState(
  clients: L1Clients,
  core: Address,
  output: readonly Felt[],
): Promise<TransactionReceipt> {
  const data = encodeFunctionData({
    abi: CORE_ABI,
    functionName: 'updateState',
    args: [output, 0n, 0n],
  });
  const what = `core contract ${core}`;
  return transact(clients, what, { to: core, data }, refused(what, 'STATE_UPDATE_REFUSED'));
}
