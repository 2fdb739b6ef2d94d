import { PRIME, selectorFromName, shortString } from '@cairn/primitives';
import {
  type Address,
  decodeErrorResult,
  encodeFunctionData,
  erc20Abi,
  parseAbi,
  parseEventLogs,
} from 'viem';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG, type CredulousChain, startCredulousChain } from '../testing/credulousCore.ts';
import { deployToken, FLAWS } from '../testing/tokens.ts';
import {
  BRIDGE_ABI,
  type BridgeDeposit,
  deployBridge,
  deposit,
  ETH_TOKEN,
  enrollToken,
  reclaimDeposit,
  requestDepositCancel,
  setL2TokenBridge,
  withdraw,
} from './bridge.ts';
import { CORE_ABI, updateState } from './core.ts';
import type { L1Clients } from './deploy.ts';

const L2_BRIDGE = 0xb41d6en;
const RECIPIENT = 0x4ec1n;
const FEE = 7n;

let chain: CredulousChain;
let core: Address;
let bridge: Address;
beforeAll(async () => {
  chain = await startCredulousChain();
}, 60_000);
afterAll(() => chain?.stop());
beforeEach(async () => {
  core = await chain.core();
  bridge = await deployBridge(chain, core);
  await setL2TokenBridge(chain, bridge, L2_BRIDGE);
  block = 4n;
});

/** 'success', or the reason of the refusal. */
const outcome = (action: Promise<unknown>) =>
  action.then(
    () => 'success',
    (error) => (error.code === 'CALL_REFUSED' ? error.details.reason : error),
  );
const read = (functionName: string, args: readonly unknown[] = []) =>
  chain.reader.readContract({ address: bridge, abi: BRIDGE_ABI, functionName, args } as never);
const balance = (token: Address, of: Address) =>
  token === ETH_TOKEN
    ? chain.reader.getBalance({ address: of })
    : chain.reader.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [of] });
const stranger = (): L1Clients => ({ ...chain, wallet: chain.stranger });
const me = () => chain.wallet.account.address;

/** The messages to L2 that a transaction has sent. */
const sentBy = (receipt: { logs: readonly unknown[] }) =>
  parseEventLogs({ abi: CORE_ABI, logs: receipt.logs as never, eventName: 'LogMessageToL2' }).map(
    ({ args }) => args,
  );

let block: bigint;
/** L2 says something to L1 in the next block, and handles messages of L1. */
async function settle(toL1: readonly bigint[], toL2: readonly bigint[] = []): Promise<void> {
  const state = (number: bigint) => [
    number === 4n ? 0xaan : 0xa00n + number,
    number === 4n ? 0xb4n : 0xb00n + number,
  ];
  const [before, after] = [state(block), state(block + 1n)];
  const words = [
    ...[before[0]!, after[0]!, block, block + 1n, before[1]!, after[1]!, 0n, CONFIG, 0n, 0n],
    ...[BigInt(toL1.length), ...toL1, BigInt(toL2.length), ...toL2, 9n],
  ];
  block++;
  await chain.prove(words);
  await updateState(chain, core, words);
}
const withdrawal = (to: Address, token: Address, amount: bigint, from = L2_BRIDGE) => [
  ...[from, BigInt(bridge), 5n, 0n, BigInt(to), BigInt(token)],
  ...[amount & (2n ** 128n - 1n), amount >> 128n],
];

describe('the bridge', () => {
  it('is told its other half once, by who has deployed it', async () => {
    const fresh = await deployBridge(chain, core);
    expect(await outcome(deposit(chain, fresh, { token: ETH_TOKEN, amount: 1n, l2Recipient: 1n }, FEE))).toBe(
      'L2_BRIDGE_NOT_SET',
    );
    expect(await outcome(setL2TokenBridge(stranger(), fresh, 5n))).toBe('ONLY_OWNER');
    expect(await outcome(setL2TokenBridge(chain, fresh, 0n))).toBe('L2_ADDRESS_OUT_OF_RANGE');
    expect(await outcome(setL2TokenBridge(chain, fresh, PRIME))).toBe('L2_ADDRESS_OUT_OF_RANGE');
    expect(await outcome(setL2TokenBridge(chain, fresh, 5n))).toBe('success');
    expect(await outcome(setL2TokenBridge(chain, fresh, 6n))).toBe('L2_BRIDGE_IS_SET');
    expect(await read('l2TokenBridge')).toBe(L2_BRIDGE);
  });

  it('sends ether with the message that L2 expects', async () => {
    const amount = 2n ** 130n / 10n ** 22n + 5n;
    const { receipt, nonce } = await deposit(
      chain,
      bridge,
      { token: ETH_TOKEN, amount, l2Recipient: RECIPIENT },
      FEE,
    );
    expect(nonce).toBe(0n);
    expect(await balance(ETH_TOKEN, bridge)).toBe(amount);
    expect(sentBy(receipt)).toEqual([
      {
        fromAddress: expect.stringMatching(new RegExp(bridge, 'i')),
        toAddress: L2_BRIDGE,
        selector: selectorFromName('handle_token_deposit'),
        payload: [0x455448n, BigInt(me()), RECIPIENT, amount, 0n],
        nonce: 0n,
        fee: FEE,
      },
    ]);
  });

  it('sends tokens once they are enrolled, and a message with them', async () => {
    const token = await deployToken(chain);
    const given: BridgeDeposit = { token, amount: 500n, l2Recipient: RECIPIENT };
    expect(await outcome(deposit(chain, bridge, given, FEE))).toBe('TOKEN_NOT_SERVICED');
    const enrolled = await enrollToken(chain, bridge, token, FEE);
    expect(sentBy(enrolled)).toMatchObject([
      {
        toAddress: L2_BRIDGE,
        selector: selectorFromName('handle_token_deployment'),
        payload: [BigInt(token), shortString('A token with a name that is lon'), shortString('TOK'), 6n],
      },
    ]);
    await deposit(chain, bridge, given, FEE);
    expect(await balance(token, bridge)).toBe(500n);
    const { receipt, nonce } = await deposit(chain, bridge, { ...given, message: [8n, 9n] }, FEE);
    expect(nonce).toBe(2n);
    expect(sentBy(receipt)).toMatchObject([
      {
        selector: selectorFromName('handle_deposit_with_message'),
        payload: [BigInt(token), BigInt(me()), RECIPIENT, 500n, 0n, 2n, 8n, 9n],
      },
    ]);
    expect(await balance(token, me())).toBe(999_000n);
  });

  it('takes no deposit that L2 cannot handle', async () => {
    const given: BridgeDeposit = { token: ETH_TOKEN, amount: 1n, l2Recipient: RECIPIENT };
    const attempt = (change: Partial<BridgeDeposit>, fee = FEE) =>
      outcome(deposit(chain, bridge, { ...given, ...change }, fee));
    expect(await attempt({ amount: 0n })).toBe('ZERO_DEPOSIT');
    expect(await attempt({ l2Recipient: 0n })).toBe('L2_ADDRESS_OUT_OF_RANGE');
    expect(await attempt({ l2Recipient: PRIME })).toBe('L2_ADDRESS_OUT_OF_RANGE');
    expect(await attempt({ message: [PRIME] })).toBe('NO_FELT');
    expect(await attempt({ amount: 10n }, -1n)).toBe('INSUFFICIENT_VALUE');
    expect(await attempt({}, 0n)).toBe('L1_MSG_FEE_MUST_BE_GREATER_THAN_0');
    expect(await attempt({}, 2n * 10n ** 18n)).toBe('MAX_L1_MSG_FEE_EXCEEDED');
    expect(await balance(ETH_TOKEN, bridge)).toBe(0n);
  });

  it('enrols contracts with decimals only, and again while L2 has not heard of it', async () => {
    expect(await outcome(enrollToken(chain, bridge, ETH_TOKEN, FEE))).toBe('ETH_IS_SERVICED');
    expect(await outcome(enrollToken(chain, bridge, me(), FEE))).toBe('INVALID_TOKEN_ADDRESS');
    const wordy = await deployToken(chain, FLAWS.noDecimals);
    expect(await outcome(enrollToken(chain, bridge, wordy, FEE))).toBe('NO_DECIMALS');
    for (const [flaws, name, symbol] of [
      [FLAWS.oldTexts, 'A token with a name that is lon', 'TOK'],
      [FLAWS.noTexts, '', ''],
    ] as const) {
      const token = await deployToken(chain, flaws);
      const [sent] = sentBy(await enrollToken(chain, bridge, token, FEE));
      expect(sent!.payload).toEqual([BigInt(token), shortString(name), shortString(symbol), 6n]);
    }
    const token = await deployToken(chain);
    const [first] = sentBy(await enrollToken(chain, bridge, token, FEE));
    const [second] = sentBy(await enrollToken(chain, bridge, token, FEE));
    await settle([], [BigInt(bridge), L2_BRIDGE, second!.nonce, second!.selector, 4n, ...second!.payload]);
    expect(first!.payload).toEqual(second!.payload);
    expect(await outcome(enrollToken(chain, bridge, token, FEE))).toBe('TOKEN_ALREADY_ENROLLED');
    expect(await read('isServicingToken', [token])).toBe(true);
    expect(await read('isServicingToken', [wordy])).toBe(false);
  });

  it('hands out what L2 has sent, to whom it is for, once', async () => {
    const token = await deployToken(chain);
    await enrollToken(chain, bridge, token, FEE);
    await deposit(chain, bridge, { token, amount: 500n, l2Recipient: RECIPIENT }, FEE);
    await deposit(chain, bridge, { token: ETH_TOKEN, amount: 500n, l2Recipient: RECIPIENT }, FEE);
    const to: Address = '0x00000000000000000000000000000000000dead1';
    for (const each of [token, ETH_TOKEN]) {
      expect(await outcome(withdraw(chain, bridge, each, 40n, to))).toBe('INVALID_MESSAGE_TO_CONSUME');
      await settle([...withdrawal(to, each, 40n), ...withdrawal(to, each, 41n, L2_BRIDGE + 1n)]);
      expect(await outcome(withdraw(chain, bridge, each, 41n, to))).toBe('INVALID_MESSAGE_TO_CONSUME');
      expect(await outcome(withdraw(chain, bridge, each, 40n, me()))).toBe('INVALID_MESSAGE_TO_CONSUME');
      await withdraw(stranger(), bridge, each, 40n, to);
      expect(await balance(each, to)).toBe(40n);
      expect(await outcome(withdraw(chain, bridge, each, 40n, to))).toBe('INVALID_MESSAGE_TO_CONSUME');
      expect(await balance(each, bridge)).toBe(460n);
    }
    expect(
      await outcome(withdraw(chain, bridge, token, 1n, '0x0000000000000000000000000000000000000000')),
    ).toBe('INVALID_RECIPIENT');
  });

  it('keeps what a recipient does not take', async () => {
    await deposit(chain, bridge, { token: ETH_TOKEN, amount: 500n, l2Recipient: RECIPIENT }, FEE);
    await settle(withdrawal(chain.facts, ETH_TOKEN, 40n));
    const attempt = () => outcome(withdraw(chain, bridge, ETH_TOKEN, 40n, chain.facts));
    expect(await attempt()).toBe('ETHER_TRANSFER_FAILED');
    // The message is still there.
    expect(await attempt()).toBe('ETHER_TRANSFER_FAILED');
    expect(await balance(ETH_TOKEN, bridge)).toBe(500n);
  });

  it('hands out to the caller by the short form, and amounts above 128 bits in halves', async () => {
    const token = await deployToken(chain);
    await enrollToken(chain, bridge, token, FEE);
    await deposit(chain, bridge, { token, amount: 500n, l2Recipient: RECIPIENT }, FEE);
    await settle([...withdrawal(me(), token, 30n), ...withdrawal(me(), token, 2n ** 128n + 30n)]);
    const short = (amount: bigint) =>
      chain.reader.simulateContract({
        account: chain.wallet.account,
        address: bridge,
        abi: parseAbi(['function withdraw(address token, uint256 amount)', 'error Refused(string reason)']),
        functionName: 'withdraw',
        args: [token, amount],
      });
    await short(30n);
    // The message is there; the tokens are not.
    expect(await outcome(withdraw(chain, bridge, token, 2n ** 128n + 30n, me()))).toBe(
      'TOKEN_TRANSFER_FAILED',
    );
    await expect(short(31n)).rejects.toThrow('INVALID_MESSAGE_TO_CONSUME');
  });

  it('gives deposits back that L2 does not handle, to who has made them', async () => {
    const token = await deployToken(chain);
    await enrollToken(chain, bridge, token, FEE);
    for (const given of [
      { token, amount: 500n, l2Recipient: RECIPIENT },
      { token, amount: 500n, l2Recipient: RECIPIENT, message: [5n] },
      { token: ETH_TOKEN, amount: 500n, l2Recipient: RECIPIENT },
      { token: ETH_TOKEN, amount: 500n, l2Recipient: RECIPIENT, message: [] },
    ]) {
      const { nonce } = await deposit(chain, bridge, given, FEE);
      expect(await outcome(reclaimDeposit(chain, bridge, given, nonce))).toBe(
        'MESSAGE_CANCELLATION_NOT_REQUESTED',
      );
      expect(await outcome(requestDepositCancel(stranger(), bridge, given, nonce))).toBe(
        'NO_MESSAGE_TO_CANCEL',
      );
      for (const other of [
        { ...given, amount: 501n },
        { ...given, l2Recipient: 1n },
        { ...given, token: given.token === token ? ETH_TOKEN : token },
        { ...given, message: [6n] },
      ])
        expect(await outcome(requestDepositCancel(chain, bridge, other, nonce))).toBe('NO_MESSAGE_TO_CANCEL');
      await requestDepositCancel(chain, bridge, given, nonce);
      expect(await outcome(reclaimDeposit(chain, bridge, given, nonce))).toBe(
        'MESSAGE_CANCELLATION_NOT_ALLOWED_YET',
      );
      await chain.rpc('evm_increaseTime', 101);
      await chain.rpc('evm_mine');
      expect(await outcome(reclaimDeposit(stranger(), bridge, given, nonce))).toBe('NO_MESSAGE_TO_CANCEL');
      expect(await balance(given.token, bridge)).toBe(500n);
      await reclaimDeposit(chain, bridge, given, nonce);
      expect(await balance(given.token, bridge)).toBe(0n);
      expect(await outcome(reclaimDeposit(chain, bridge, given, nonce))).toBe('NO_MESSAGE_TO_CANCEL');
    }
  });
});

describe('tokens that are otherwise', () => {
  const enrolled = async (flaws: bigint) => {
    const token = await deployToken(chain, flaws);
    await enrollToken(chain, bridge, token, FEE);
    return token;
  };
  const given = (token: Address): BridgeDeposit => ({ token, amount: 500n, l2Recipient: RECIPIENT });

  it('answer nothing, and are bridged', async () => {
    const token = await enrolled(FLAWS.silent);
    await deposit(chain, bridge, given(token), FEE);
    await settle(withdrawal(me(), token, 500n));
    await withdraw(chain, bridge, token, 500n, me());
    expect(await balance(token, bridge)).toBe(0n);
  });
  it('keep something of a transfer, answer false or are not allowed, and are refused', async () => {
    expect(await outcome(deposit(chain, bridge, given(await enrolled(FLAWS.keepsTenth)), FEE))).toBe(
      'INCORRECT_AMOUNT_TRANSFERRED',
    );
    expect(await outcome(deposit(chain, bridge, given(await enrolled(FLAWS.saysFalse)), FEE))).toBe(
      'TOKEN_TRANSFER_FAILED',
    );
    const token = await enrolled(0n);
    const data = encodeFunctionData({ abi: BRIDGE_ABI, functionName: 'deposit', args: [token, 5n, 5n] });
    await expect(
      chain.reader.call({ account: chain.wallet.account, to: bridge, data, value: FEE }),
    ).rejects.toThrow('TOKEN_TRANSFER_FAILED');
    expect(await outcome(deposit(chain, bridge, { ...given(token), amount: 1_000_001n }, FEE))).toBe(
      'TOKEN_TRANSFER_FAILED',
    );
  });
  it.each<
    [string, (token: Address) => { functionName: string; args: readonly unknown[] }, isPayable?: boolean]
  >([
    ['deposit', (token) => ({ functionName: 'deposit', args: [token, 1n, RECIPIENT] }), true],
    ['withdraw', (token) => ({ functionName: 'withdraw', args: [token, 100n, token] })],
    ['enrol', (token) => ({ functionName: 'enrollToken', args: [token] }), true],
    [
      'deposit with a message',
      (token) => ({ functionName: 'depositWithMessage', args: [token, 1n, RECIPIENT, []] }),
      true,
    ],
    [
      'ask for a deposit with a message back',
      (token) => ({
        functionName: 'depositWithMessageCancelRequest',
        args: [token, 500n, RECIPIENT, [], 0n],
      }),
    ],
    [
      'reclaim a deposit with a message',
      (token) => ({ functionName: 'depositWithMessageReclaim', args: [token, 500n, RECIPIENT, [], 0n] }),
    ],
    [
      'ask for the deposit back',
      (token) => ({ functionName: 'depositCancelRequest', args: [token, 500n, RECIPIENT, 0n] }),
    ],
    ['reclaim', (token) => ({ functionName: 'depositReclaim', args: [token, 500n, RECIPIENT, 0n] })],
  ])('cannot %s while they are called', async (_what, call, isPayable = false) => {
    const token = await enrolled(0n);
    // It may do so otherwise, or would be refused for another reason.
    await settle([...withdrawal(token, token, 100n), ...withdrawal(me(), token, 100n)]);
    const tokenAbi = parseAbi([
      'function onTransfer(address to, bytes data) payable',
      'function answer() view returns (bytes)',
      'error Refused(string reason)',
    ]);
    const told = await chain.wallet.writeContract({
      address: token,
      abi: tokenAbi,
      functionName: 'onTransfer',
      args: [bridge, encodeFunctionData({ abi: BRIDGE_ABI, ...call(token) } as never)],
      value: isPayable ? 100n : 0n,
    });
    await chain.reader.waitForTransactionReceipt({ hash: told });
    const answer = async () =>
      decodeErrorResult({
        abi: tokenAbi,
        data: await chain.reader.readContract({ address: token, abi: tokenAbi, functionName: 'answer' }),
      }).args;
    await deposit(chain, bridge, given(token), FEE);
    expect(await answer()).toEqual(['REENTRANT_CALL']);
    await deposit(chain, bridge, { ...given(token), message: [1n] }, FEE);
    expect(await answer()).toEqual(['REENTRANT_CALL']);
    await withdraw(chain, bridge, token, 100n, me());
    expect(await answer()).toEqual(['REENTRANT_CALL']);
    expect(await balance(token, bridge)).toBe(900n);
  });
});
