import { feeTokenBalance } from '@cairn/execution';
import {
  DEV_BALANCE,
  ETH_TOKEN,
  L1_ETHER,
  osInputOf,
  STRK_TOKEN,
  TOKEN_BRIDGE,
  UNIVERSAL_DEPLOYER,
} from '@cairn/node';
import { runOs } from '@cairn/os';
import { type Felt, selectorFromName, shortString } from '@cairn/primitives';
import { contractAddress, type ExecutedTransaction, type MessageToL1 } from '@cairn/protocol';
import type { L1Event } from '@cairn/settlement';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signedDeclare } from './declareClass.ts';
import { deployment, L1_BRIDGE, L1Log } from './l1Log.ts';
import { testSequencer } from './testSequencer.ts';
import { type Call, signedInvoke, transferCall } from './wallet.ts';

const GOLD = 0x601dn;
const DEPOSITOR = 0xde90n;
const MASK = (1n << 128n) - 1n;
const u256 = (value: bigint) => [value & MASK, value >> 128n];
const text = (value: string) => [0n, shortString(value), BigInt(value.length)];

let made: ReturnType<typeof testSequencer>;
let log: L1Log;
let nonce: number;
beforeEach(() => {
  made = testSequencer();
  log = new L1Log();
  nonce = 0;
});
afterEach(async () => {
  expect(made.errors).toEqual([]);
  await made.sequencer.stop();
});

const last = (): ExecutedTransaction => made.sequencer.chain.head.block.transactions.at(-1)!;
const reverted = () => last().receipt.revertReason ?? '';
const alice = () => made.sequencer.chain.genesis.accounts[0]!;

/** L1 sends a message; afterwards its handler is the {@link last} transaction. */
async function fromL1(sent: L1Event): Promise<void> {
  made.sequencer.l1.events([sent]);
  await made.sequencer.producer.whenIdle();
  expect(last().transaction.type).toBe('L1_HANDLER');
}

function deposit(token: bigint, recipient: Felt, amount: bigint, message?: Felt[]) {
  const name = message ? 'handle_deposit_with_message' : 'handle_token_deposit';
  return {
    fromAddress: L1_BRIDGE,
    toAddress: TOKEN_BRIDGE,
    selector: selectorFromName(name),
    payload: [
      token,
      DEPOSITOR,
      recipient,
      ...u256(amount),
      ...(message ? [BigInt(message.length), ...message] : []),
    ],
  };
}

async function invoke(...calls: Call[]): Promise<void> {
  const transaction = signedInvoke(alice(), made.sequencer.chain.info.chainId, nonce++, calls);
  await made.sequencer.backend.submit({ transaction, query: false, hasProof: false });
  await made.sequencer.producer.whenIdle();
}

const withdrawal = (token: bigint, recipient: bigint, amount: bigint): Call => ({
  to: TOKEN_BRIDGE,
  selector: selectorFromName('initiate_token_withdraw'),
  calldata: [token, recipient, ...u256(amount)],
});

function view(to: Felt, name: string, ...calldata: Felt[]): readonly Felt[] {
  const call = { contractAddress: to, selector: selectorFromName(name), calldata };
  return made.sequencer.backend.call({ kind: 'latest' }, call).retdata;
}

const balance = (token: Felt, account: Felt) =>
  feeTokenBalance(made.sequencer.chain.headState, token, account);
const tokenOf = (l1Token: bigint): Felt => view(TOKEN_BRIDGE, 'get_l2_token', l1Token)[0]!;

describe('before the bridge on L1 is known', () => {
  it('nothing comes in and nothing goes out', async () => {
    await fromL1(log.send(deposit(L1_ETHER, alice().address, 5n)));
    expect(reverted()).toMatch(/L1_BRIDGE_NOT_SET/);
    // No message comes from address 0, but if one did it would be no bridge's.
    await fromL1(log.send({ ...deposit(L1_ETHER, alice().address, 5n), fromAddress: 0n }));
    expect(reverted()).toMatch(/L1_BRIDGE_NOT_SET/);
    await invoke(withdrawal(L1_ETHER, DEPOSITOR, 5n));
    expect(reverted()).toMatch(/L1_BRIDGE_NOT_SET/);
    expect(balance(ETH_TOKEN, alice().address)).toBe(DEV_BALANCE);
  });

  it('only the governor says who it is, once, and no zero', async () => {
    const set = { to: TOKEN_BRIDGE, selector: selectorFromName('set_l1_bridge'), calldata: [L1_BRIDGE] };
    await invoke(set);
    expect(reverted()).toMatch(/ONLY_GOVERNOR/);
    expect(view(TOKEN_BRIDGE, 'get_governor')).toEqual([made.sequencer.chain.genesis.faucet.address]);
    const { dev } = made.sequencer;
    await expect(dev.setL1Bridge(0n)).rejects.toThrow(/ZERO_L1_BRIDGE/);
    expect(await dev.setL1Bridge(L1_BRIDGE)).toBe(last().receipt.transactionHash);
    expect(reverted()).toBe('');
    expect(await dev.setL1Bridge(L1_BRIDGE)).toBeUndefined();
    await expect(dev.setL1Bridge(L1_BRIDGE + 1n)).rejects.toThrow(/L1_BRIDGE_ALREADY_SET/);
    expect(view(TOKEN_BRIDGE, 'get_l1_bridge')).toEqual([L1_BRIDGE]);
  });
});

describe('the bridge', () => {
  beforeEach(async () => {
    await made.sequencer.dev.setL1Bridge(L1_BRIDGE);
  });

  it('knows ether from genesis on, at its usual address', async () => {
    expect(L1_ETHER).toBe(0x455448n);
    expect(tokenOf(L1_ETHER)).toBe(ETH_TOKEN);
    expect(view(TOKEN_BRIDGE, 'get_l1_token', ETH_TOKEN)).toEqual([L1_ETHER]);
    const supply = view(ETH_TOKEN, 'total_supply')[0]!;
    await fromL1(log.send(deposit(L1_ETHER, alice().address, 1234n)));
    expect(reverted()).toBe('');
    expect(balance(ETH_TOKEN, alice().address)).toBe(DEV_BALANCE + 1234n);
    expect(view(ETH_TOKEN, 'total_supply')).toEqual([supply + 1234n, 0n]);
    const event = last().receipt.events.at(-1)!;
    expect(event).toEqual({
      fromAddress: TOKEN_BRIDGE,
      keys: [selectorFromName('DepositHandled'), L1_ETHER, alice().address],
      data: [1234n, 0n],
    });
  });

  it('believes its counterpart on L1 only', async () => {
    await fromL1(log.send(deployment(GOLD)));
    const token = tokenOf(GOLD);
    const bad = [
      deposit(GOLD, alice().address, 5n),
      deposit(GOLD, alice().address, 5n, [1n]),
      deployment(GOLD + 1n),
    ];
    for (const message of bad) {
      await fromL1(log.send({ ...message, fromAddress: L1_BRIDGE + 1n }));
      expect(reverted()).toMatch(/EXPECTED_FROM_BRIDGE_ONLY/);
    }
    expect(balance(token, alice().address)).toBe(0n);
    expect(tokenOf(GOLD + 1n)).toBe(0n);
    // Handlers are for messages: no account calls them.
    const { selector, payload } = deposit(GOLD, alice().address, 5n);
    await invoke({ to: TOKEN_BRIDGE, selector, calldata: [L1_BRIDGE, ...payload] });
    expect(reverted()).toMatch(/ENTRYPOINT_NOT_FOUND|not found/);
  });

  it.each([
    ['Gold', 'GLD', 6n],
    ['', '', 0n],
    // As many characters as a short string has.
    ['A name of thirty-one characters', 'SYMBOL', 255n],
  ] as const)(
    'deploys the token %o at an address that follows from its own on L1',
    async (name, symbol, decimals) => {
      const sent = deployment(GOLD, 'x', symbol, decimals);
      const payload = [
        GOLD,
        name === '' ? 0n : shortString(name),
        symbol === '' ? 0n : shortString(symbol),
        decimals,
      ];
      await fromL1(log.send({ ...sent, payload }));
      expect(reverted()).toBe('');
      const token = tokenOf(GOLD);
      const serialized = (value: string) =>
        value === '' ? [0n, 0n, 0n] : value.length === 31 ? [1n, shortString(value), 0n, 0n] : text(value);
      expect(token).toBe(
        contractAddress({
          deployer: TOKEN_BRIDGE,
          salt: GOLD,
          classHash: made.sequencer.chain.genesis.classes.token.classHash,
          constructorCalldata: [
            ...serialized(name),
            ...serialized(symbol),
            decimals,
            0n,
            0n,
            0n,
            TOKEN_BRIDGE,
          ],
        }),
      );
      expect(view(token, 'name')).toEqual(serialized(name));
      expect(view(token, 'symbol')).toEqual(serialized(symbol));
      expect(view(token, 'decimals')).toEqual([decimals]);
      expect(view(token, 'minter')).toEqual([TOKEN_BRIDGE]);
      expect(view(token, 'total_supply')).toEqual([0n, 0n]);
      expect(view(TOKEN_BRIDGE, 'get_l1_token', token)).toEqual([GOLD]);
      expect(last().receipt.events.at(-1)).toEqual({
        fromAddress: TOKEN_BRIDGE,
        keys: [selectorFromName('DeployHandled')],
        data: payload,
      });
    },
  );

  it('deploys no token twice, and no ether', async () => {
    await fromL1(log.send(deployment(GOLD)));
    const token = tokenOf(GOLD);
    await fromL1(log.send(deployment(GOLD, 'Other', 'OTH', 18n)));
    expect(reverted()).toMatch(/TOKEN_ALREADY_EXISTS/);
    await fromL1(log.send(deployment(L1_ETHER)));
    expect(reverted()).toMatch(/TOKEN_ALREADY_EXISTS/);
    await fromL1(log.send(deployment(0n)));
    expect(reverted()).toMatch(/INVALID_L1_TOKEN/);
    expect(tokenOf(GOLD)).toBe(token);
    await fromL1(log.send({ ...deployment(GOLD + 2n), payload: [GOLD + 2n, 1n << 248n, 1n, 1n] }));
    expect(reverted()).toMatch(/INVALID_SHORT_STRING/);
  });

  it('mints deposits, and burns withdrawals with the message that L1 pays them out for', async () => {
    await fromL1(log.send(deployment(GOLD)));
    const token = tokenOf(GOLD);
    const amount = 3n * (1n << 128n) + 7n;
    await fromL1(log.send(deposit(GOLD, alice().address, amount)));
    expect(reverted()).toBe('');
    expect(balance(token, alice().address)).toBe(amount);

    await invoke(transferCall(token, 0x5e1fn, 2n));
    const taken = (1n << 128n) + 4n;
    await invoke(withdrawal(GOLD, DEPOSITOR, taken));
    expect(reverted()).toBe('');
    expect(balance(token, alice().address)).toBe(amount - 2n - taken);
    expect(view(token, 'total_supply')).toEqual(u256(amount - taken));
    const messages: MessageToL1[] = [
      { fromAddress: TOKEN_BRIDGE, toAddress: L1_BRIDGE, payload: [0n, DEPOSITOR, GOLD, 4n, 1n] },
    ];
    expect(last().receipt.messagesToL1).toEqual(messages);
    const event = last().receipt.events.find(({ fromAddress }) => fromAddress === TOKEN_BRIDGE)!;
    expect(event.keys).toEqual([selectorFromName('WithdrawInitiated'), GOLD, DEPOSITOR, alice().address]);
    expect(event.data).toEqual([4n, 1n]);

    await invoke(withdrawal(L1_ETHER, DEPOSITOR, 9n));
    expect(balance(ETH_TOKEN, alice().address)).toBe(DEV_BALANCE - 9n);
    expect(last().receipt.messagesToL1[0]!.payload).toEqual([0n, DEPOSITOR, L1_ETHER, 9n, 0n]);

    // The OS proves all of it, and puts the same messages out.
    const { blockNumber } = made.sequencer.chain.head.block.header;
    const { output } = runOs(osInputOf(made.sequencer.chain, 1, blockNumber));
    expect(output.newBlockHash).toBe(made.sequencer.chain.head.block.header.blockHash);
    expect(output.messagesToL2).toHaveLength(2);
    expect(output.messagesToL1.map(({ toAddress, payload }) => [toAddress, payload[2]])).toEqual([
      [L1_BRIDGE, GOLD],
      [L1_BRIDGE, L1_ETHER],
    ]);
  });

  it('refuses what it cannot do', async () => {
    await fromL1(log.send(deposit(GOLD, alice().address, 5n)));
    expect(reverted()).toMatch(/TOKEN_NOT_IN_BRIDGE/);
    await fromL1(log.send(deployment(GOLD)));
    await fromL1(log.send(deposit(GOLD, 0n, 5n)));
    expect(reverted()).toMatch(/mint to 0/);
    await fromL1(log.send(deposit(GOLD, alice().address, 2n ** 256n - 1n)));
    expect(reverted()).toBe('');
    await fromL1(log.send(deposit(GOLD, alice().address, 1n)));
    expect(reverted()).toMatch(/u256_add Overflow/);
    // A token address that is none on L1; an amount that is none.
    await fromL1(log.send(deposit(1n << 160n, alice().address, 5n)));
    expect(reverted()).not.toBe('');
    const message = deposit(GOLD, alice().address, 1n);
    await fromL1(log.send({ ...message, payload: [...message.payload.slice(0, 3), 1n << 128n, 0n] }));
    expect(reverted()).not.toBe('');

    for (const [call, reason] of [
      [withdrawal(GOLD + 1n, DEPOSITOR, 1n), /TOKEN_NOT_IN_BRIDGE/],
      [withdrawal(GOLD, 0n, 1n), /INVALID_RECIPIENT/],
      [withdrawal(GOLD, DEPOSITOR, 0n), /ZERO_WITHDRAWAL/],
      [withdrawal(L1_ETHER, DEPOSITOR, DEV_BALANCE + 1n), /insufficient balance/],
    ] as const) {
      await invoke(call);
      expect(reverted()).toMatch(reason);
      expect(last().receipt.messagesToL1).toEqual([]);
    }
  });

  it('alone mints and burns its tokens', async () => {
    await fromL1(log.send(deployment(GOLD)));
    for (const token of [tokenOf(GOLD), ETH_TOKEN])
      for (const name of ['permissioned_mint', 'permissioned_burn']) {
        await invoke({ to: token, selector: selectorFromName(name), calldata: [alice().address, 1n, 0n] });
        expect(reverted()).toMatch(/MINTER_ONLY/);
      }
    // STRK has a minter that nobody is.
    expect(view(STRK_TOKEN, 'minter')).toEqual([shortString('CAIRN_MINTER')]);
  });

  it('asks who receives a deposit with a message whether they take it', async () => {
    await fromL1(log.send(deployment(GOLD)));
    const token = tokenOf(GOLD);
    const receiver = await deployReceiver();
    await fromL1(log.send(deposit(GOLD, receiver, 70n, [1n, 2n])));
    expect(reverted()).toBe('');
    expect(balance(token, receiver)).toBe(70n);
    expect(view(receiver, 'newest')).toEqual([TOKEN_BRIDGE, token, 70n, 0n, DEPOSITOR]);
    expect(last().receipt.events.at(-1)).toEqual({
      fromAddress: TOKEN_BRIDGE,
      keys: [selectorFromName('DepositWithMessageHandled'), DEPOSITOR, GOLD, receiver],
      data: [70n, 0n, 2n, 1n, 2n],
    });
    await fromL1(log.send(deposit(GOLD, receiver, 5n, [1n, 0n])));
    expect(reverted()).toMatch(/DEPOSIT_REJECTED/);
    // One that fails, one that cannot be asked, one that does not exist.
    for (const [recipient, message] of [
      [receiver, []],
      [alice().address, [1n]],
      [0x5e1fn, [1n]],
    ] as const) {
      await fromL1(log.send(deposit(GOLD, recipient, 5n, [...message])));
      expect(reverted()).not.toBe('');
    }
    expect(balance(token, receiver)).toBe(70n);
    expect(view(token, 'total_supply')).toEqual([70n, 0n]);
  });
});

/** Declares and deploys contracts/deposit_receiver.cairo. */
async function deployReceiver(): Promise<Felt> {
  const { chain, backend, producer } = made.sequencer;
  const declare = signedDeclare(alice(), chain.info.chainId, nonce++, 'deposit_receiver');
  const { classHash } = declare.transaction;
  await backend.submit({ ...declare, query: false, hasProof: false });
  await producer.whenIdle();
  await invoke({
    to: UNIVERSAL_DEPLOYER,
    selector: selectorFromName('deploy_contract'),
    calldata: [classHash, 1n, 0n, 0n],
  });
  expect(reverted()).toBe('');
  return contractAddress({ deployer: 0n, salt: 1n, classHash, constructorCalldata: [] });
}
