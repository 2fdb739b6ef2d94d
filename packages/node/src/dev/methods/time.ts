import { formatFelt } from '@cairn/primitives';
import { defineMethod, type Method, optional, readBoolean, readInteger, required } from '@cairn/rpc';
import type { DevChain } from '../devChain.ts';

/** The time of blocks. A block is never older than its parent. */
export function timeMethods(dev: DevChain): Method[] {
  const { clock } = dev.parts;
  const now = () => Math.floor(clock.nowMs() / 1000);
  const block = () => formatFelt(dev.createBlock().block.header.blockHash);
  return [
    defineMethod({
      name: 'devnet_setTime',
      parameters: { time: required(readInteger), generate_block: optional(readBoolean, false) },
      handler({ time, generate_block }) {
        clock.set(time);
        return { block_timestamp: time, time, ...(generate_block ? { block_hash: block() } : {}) };
      },
    }),
    defineMethod({
      name: 'devnet_increaseTime',
      parameters: { time: required(readInteger) },
      handler({ time }) {
        clock.advance(time);
        const block_hash = block();
        return { timestamp_increased_by: time, time: now(), block_hash };
      },
    }),
    ...['dev_setNextBlockTimestamp', 'evm_setNextBlockTimestamp'].map((name) =>
      defineMethod({
        name,
        parameters: { timestamp: required(readInteger) },
        handler({ timestamp }) {
          clock.set(timestamp);
          return null;
        },
      }),
    ),
    ...['dev_increaseNextBlockTimestamp', 'evm_increaseTime'].map((name) =>
      defineMethod({
        name,
        parameters: { timestamp: required(readInteger) },
        handler({ timestamp }) {
          clock.advance(timestamp);
          return timestamp;
        },
      }),
    ),
    defineMethod({ name: 'dev_nextBlockTimestamp', parameters: {}, handler: now }),
  ];
}
