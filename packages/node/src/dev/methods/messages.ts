import { CairnError, formatFelt } from '@cairn/primitives';
import { messageToL1Hash } from '@cairn/protocol';
import {
  defineMethod,
  type Method,
  optional,
  type Parser,
  readAmount,
  readBoolean,
  readEthereumAddress,
  readFelt,
  readFelts,
  readString,
  required,
} from '@cairn/rpc';
import type { NodeErrorCode } from '../../errors.ts';
import type { L1MessageRecord } from '../../l1/l1MessageBook.ts';
import type { L1Messaging } from '../../l1/l1Messaging.ts';
import type { DevChain } from '../devChain.ts';

/** Messages between the layers: by way of L1, or without one, doing what its core contract would do. */
export function messageMethods(dev: DevChain): Method[] {
  const { l1, producer } = dev.parts;
  const messaging = (): L1Messaging => {
    if (dev.parts.messaging) return dev.parts.messaging;
    throw new CairnError<NodeErrorCode>('UNSUPPORTED', 'this node has no connection to an L1');
  };
  /** Messages from L1 that earlier flushes told of. */
  let toldCount = 0;
  return [
    defineMethod({
      name: 'devnet_postmanLoad',
      parameters: {
        network_url: required(readString),
        messaging_contract_address: optional(readAddress),
        deployer_account_private_key: optional(readAmount),
        // The second parameter under its older name.
        address: optional(readAddress),
      },
      async handler(target) {
        const coreContract = target.messaging_contract_address ?? target.address;
        const deployerPrivateKey = target.deployer_account_private_key;
        const connection = messaging();
        await connection.load({
          networkUrl: target.network_url,
          ...(coreContract !== undefined && { coreContract }),
          ...(deployerPrivateKey !== undefined && { deployerPrivateKey }),
        });
        return { messaging_contract_address: formatAddress(connection.coreContract!) };
      },
    }),
    defineMethod({
      name: 'devnet_postmanFlush',
      parameters: { dry_run: optional(readBoolean, false) },
      async handler({ dry_run: isDryRun }) {
        const connection = messaging();
        const messagesToL1 = await connection.flush(isDryRun);
        const untold = l1.arrivals(toldCount);
        const arrived = untold.filter(({ handler }) => handler !== undefined);
        if (!isDryRun) {
          toldCount += untold.length;
          await producer.whenIdle();
        }
        return {
          messages_to_l1: messagesToL1.map(({ fromAddress, toAddress, payload }) => ({
            from_address: formatFelt(fromAddress),
            to_address: formatAddress(toAddress),
            payload: payload.map(formatFelt),
          })),
          messages_to_l2: arrived.map(formatMessageToL2),
          generated_l2_transactions: isDryRun ? [] : arrived.map(({ handler }) => formatFelt(handler!.hash)),
          l1_provider: connection.networkUrl ?? null,
        };
      },
    }),
    defineMethod({
      name: 'devnet_postmanSendMessageToL2',
      parameters: {
        l2_contract_address: required(readFelt),
        entry_point_selector: required(readFelt),
        l1_contract_address: required(readFelt),
        payload: required(readFelts),
        paid_fee_on_l1: required(readAmount),
        nonce: required(readFelt),
      },
      async handler(message) {
        const hash = await dev.sendMessage(
          {
            type: 'L1_HANDLER',
            version: 0,
            contractAddress: message.l2_contract_address,
            entryPointSelector: message.entry_point_selector,
            calldata: [message.l1_contract_address, ...message.payload],
            nonce: message.nonce,
          },
          message.paid_fee_on_l1,
        );
        return { transaction_hash: formatFelt(hash) };
      },
    }),
    defineMethod({
      name: 'devnet_postmanConsumeMessageFromL2',
      parameters: {
        from_address: required(readFelt),
        to_address: required(readFelt),
        payload: required(readFelts),
      },
      handler({ from_address, to_address, payload }) {
        const hash = messageToL1Hash({ fromAddress: from_address, toAddress: to_address, payload });
        return { message_hash: `0x${hash.toString(16).padStart(64, '0')}` };
      },
    }),
  ];
}

const readAddress: Parser<bigint> = readEthereumAddress;

function formatAddress(address: bigint): string {
  return `0x${address.toString(16).padStart(40, '0')}`;
}

/** As `devnet_postmanSendMessageToL2` takes it. */
function formatMessageToL2({ handler, feeWei }: L1MessageRecord) {
  const { contractAddress, entryPointSelector, calldata, nonce = 0n } = handler!.transaction;
  const [l1Sender = 0n, ...payload] = calldata;
  return {
    l2_contract_address: formatFelt(contractAddress),
    entry_point_selector: formatFelt(entryPointSelector),
    l1_contract_address: formatAddress(l1Sender),
    payload: payload.map(formatFelt),
    paid_fee_on_l1: `0x${feeWei.toString(16)}`,
    nonce: formatFelt(nonce),
  };
}
