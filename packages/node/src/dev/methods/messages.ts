import { formatFelt } from '@cairn/primitives';
import { messageToL1Hash } from '@cairn/protocol';
import { defineMethod, type Method, readAmount, readFelt, readFelts, required } from '@cairn/rpc';
import type { DevChain } from '../devChain.ts';

/** Messages between the layers without an L1: what its core contract would do. */
export function messageMethods(dev: DevChain): Method[] {
  return [
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
