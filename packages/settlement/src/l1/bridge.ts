import { CairnError, type ContractAddress, type Felt } from '@cairn/primitives';
import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  erc20Abi,
  type Hex,
  parseAbi,
  parseEventLogs,
  type TransactionReceipt,
} from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import { CAIRN_BRIDGE } from '../generated/cairnBridge.ts';
import { deployContract, type L1Clients } from './deploy.ts';
import { answered } from './l1Error.ts';
import { refused } from './refusal.ts';
import { type L1Transaction, transact } from './transact.ts';

/** The address that stands for ether in a bridge: "ETH". */
export const ETH_TOKEN: Address = '0x0000000000000000000000000000000000455448';

/** What the bridge answers to; the names are those of StarkGate's. */
export const BRIDGE_ABI = parseAbi([
  'function messagingContract() view returns (address)',
  'function l2TokenBridge() view returns (uint256)',
  'function deploymentMessage(address token) view returns (bytes32)',
  'function isServicingToken(address token) view returns (bool)',
  'function setL2TokenBridge(uint256 l2Bridge)',
  'function enrollToken(address token) payable',
  'function enrollTokenBridge(address token) payable',
  'function deposit(address token, uint256 amount, uint256 l2Recipient) payable',
  'function depositWithMessage(address token, uint256 amount, uint256 l2Recipient, uint256[] message) payable',
  'function depositCancelRequest(address token, uint256 amount, uint256 l2Recipient, uint256 nonce)',
  'function depositWithMessageCancelRequest(address token, uint256 amount, uint256 l2Recipient, uint256[] message, uint256 nonce)',
  'function depositReclaim(address token, uint256 amount, uint256 l2Recipient, uint256 nonce)',
  'function depositWithMessageReclaim(address token, uint256 amount, uint256 l2Recipient, uint256[] message, uint256 nonce)',
  'function withdraw(address token, uint256 amount, address recipient)',
  'function withdraw(address token, uint256 amount)',
  'event SetL2TokenBridge(uint256 value)',
  'event TokenEnrollmentInitiated(address token, bytes32 deploymentMsgHash)',
  'event Deposit(address indexed sender, address indexed token, uint256 amount, uint256 indexed l2Recipient, uint256 nonce, uint256 fee)',
  'event DepositWithMessage(address indexed sender, address indexed token, uint256 amount, uint256 indexed l2Recipient, uint256[] message, uint256 nonce, uint256 fee)',
  'event DepositCancelRequest(address indexed sender, address indexed token, uint256 amount, uint256 indexed l2Recipient, uint256 nonce)',
  'event DepositWithMessageCancelRequest(address indexed sender, address indexed token, uint256 amount, uint256 indexed l2Recipient, uint256[] message, uint256 nonce)',
  'event DepositReclaimed(address indexed sender, address indexed token, uint256 amount, uint256 indexed l2Recipient, uint256 nonce)',
  'event DepositWithMessageReclaimed(address indexed sender, address indexed token, uint256 amount, uint256 indexed l2Recipient, uint256[] message, uint256 nonce)',
  'event Withdrawal(address indexed recipient, address indexed token, uint256 amount)',
  'error Refused(string reason)',
]);

/** What is sent to L2 by a bridge. */
export interface BridgeDeposit {
  /** {@link ETH_TOKEN} for ether. */
  readonly token: Address;
  /** In the token's smallest unit. */
  readonly amount: bigint;
  readonly l2Recipient: ContractAddress;
  /** What the recipient, a contract, is told. */
  readonly message?: readonly Felt[];
}

/** Deploys a bridge over a core contract; the account that deploys it sets the bridge on L2. @throws CairnError `DEPLOYMENT_FAILED`. */
export function deployBridge(clients: L1Clients, core: Address): Promise<Address> {
  return deployContract(clients, CAIRN_BRIDGE, encodeAbiParameters([{ type: 'address' }], [core]));
}

/** Tells a bridge, once and for all, its other half on L2. @throws CairnError `CALL_REFUSED`, and those of `transact`. */
export function setL2TokenBridge(
  clients: L1Clients,
  bridge: Address,
  l2Bridge: ContractAddress,
): Promise<TransactionReceipt> {
  const data = encodeFunctionData({ abi: BRIDGE_ABI, functionName: 'setL2TokenBridge', args: [l2Bridge] });
  return send(clients, { to: bridge, data });
}

/** Has L2 deploy its contract of a token. @throws CairnError `CALL_REFUSED`, and those of `transact`. */
export function enrollToken(
  clients: L1Clients,
  bridge: Address,
  token: Address,
  feeWei: bigint,
): Promise<TransactionReceipt> {
  const data = encodeFunctionData({ abi: BRIDGE_ABI, functionName: 'enrollTokenBridge', args: [token] });
  return send(clients, { to: bridge, data, value: feeWei });
}

/**
 * Sends ether or tokens to L2. Of a token the bridge is allowed to take the amount first, when it is not yet. The nonce names the
 * deposit when it is taken back. @throws CairnError `CALL_REFUSED`, and those of `transact`.
 */
export async function deposit(
  clients: L1Clients,
  bridge: Address,
  { token, amount, l2Recipient, message }: BridgeDeposit,
  feeWei: bigint,
): Promise<{ readonly receipt: TransactionReceipt; readonly nonce: bigint }> {
  if (token !== ETH_TOKEN) await allow(clients, bridge, token, amount);
  const data =
    message === undefined
      ? encodeFunctionData({ abi: BRIDGE_ABI, functionName: 'deposit', args: [token, amount, l2Recipient] })
      : encodeFunctionData({
          abi: BRIDGE_ABI,
          functionName: 'depositWithMessage',
          args: [token, amount, l2Recipient, message],
        });
  const value = token === ETH_TOKEN ? amount + feeWei : feeWei;
  const receipt = await send(clients, { to: bridge, data, value });
  const [event] = parseEventLogs({
    abi: BRIDGE_ABI,
    logs: receipt.logs,
    eventName: ['Deposit', 'DepositWithMessage'],
  });
  if (event === undefined)
    throw new CairnError<SettlementErrorCode>(
      'TRANSACTION_FAILED',
      `bridge ${bridge}: got no event of ${receipt.transactionHash}, expected that of a deposit`,
    );
  return { receipt, nonce: event.args.nonce };
}

/** Asks for a deposit back that L2 has not handled. @throws CairnError `CALL_REFUSED`, and those of `transact`. */
export function requestDepositCancel(
  clients: L1Clients,
  bridge: Address,
  deposited: BridgeDeposit,
  nonce: bigint,
): Promise<TransactionReceipt> {
  return send(clients, { to: bridge, data: takeBack('CancelRequest', deposited, nonce) });
}

/**
 * Takes a deposit back, without its fee, once the core contract's delay after the request has passed.
 * @throws CairnError `CALL_REFUSED`, and those of `transact`.
 */
export function reclaimDeposit(
  clients: L1Clients,
  bridge: Address,
  deposited: BridgeDeposit,
  nonce: bigint,
): Promise<TransactionReceipt> {
  return send(clients, { to: bridge, data: takeBack('Reclaim', deposited, nonce) });
}

/** The call of a step by which a deposit is taken back; those with a message have functions of their own. */
function takeBack(
  step: 'CancelRequest' | 'Reclaim',
  { token, amount, l2Recipient, message }: BridgeDeposit,
  nonce: bigint,
): Hex {
  return message === undefined
    ? encodeFunctionData({
        abi: BRIDGE_ABI,
        functionName: `deposit${step}`,
        args: [token, amount, l2Recipient, nonce],
      })
    : encodeFunctionData({
        abi: BRIDGE_ABI,
        functionName: `depositWithMessage${step}`,
        args: [token, amount, l2Recipient, message, nonce],
      });
}

/** Hands out what L2 has sent to the recipient. @throws CairnError `CALL_REFUSED`, and those of `transact`. */
export function withdraw(
  clients: L1Clients,
  bridge: Address,
  token: Address,
  amount: bigint,
  recipient: Address,
): Promise<TransactionReceipt> {
  const data = encodeFunctionData({
    abi: BRIDGE_ABI,
    functionName: 'withdraw',
    args: [token, amount, recipient],
  });
  return send(clients, { to: bridge, data });
}

async function allow(clients: L1Clients, bridge: Address, token: Address, amount: bigint): Promise<void> {
  const owner = clients.wallet.account.address;
  const allowance = await answered(
    `token ${token}`,
    clients.reader.readContract({
      address: token,
      abi: erc20Abi,
      functionName: 'allowance',
      args: [owner, bridge],
    }),
  );
  if (allowance >= amount) return;
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [bridge, amount] });
  await send(clients, { to: token, data });
}

function send(clients: L1Clients, transaction: L1Transaction): Promise<TransactionReceipt> {
  const what = `contract ${transaction.to}`;
  return transact(clients, what, transaction, refused(what));
}
