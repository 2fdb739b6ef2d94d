import { readFile, writeFile } from 'node:fs/promises';
import { CairnError } from '@cairn/primitives';
import {
  defineMethod,
  type Method,
  optional,
  readAmount,
  readBoolean,
  readString,
  required,
} from '@cairn/rpc';
import type { NodeErrorCode } from '../../errors.ts';
import type { DevChain } from '../devChain.ts';

/** Snapshots in constant time, dumps to a file, and a fresh start. */
export function snapshotMethods(dev: DevChain): Method[] {
  return [
    ...['cairn_snapshot', 'evm_snapshot'].map((name) =>
      defineMethod({ name, parameters: {}, handler: () => `0x${dev.snapshot().toString(16)}` }),
    ),
    ...['cairn_revert', 'evm_revert'].map((name) =>
      defineMethod({
        name,
        parameters: { snapshot_id: required(readAmount) },
        handler({ snapshot_id }) {
          dev.revert(Number(snapshot_id));
          return true;
        },
      }),
    ),
    defineMethod({
      name: 'devnet_dump',
      parameters: { path: required(readString) },
      async handler({ path }) {
        const bytes = await dev.dump();
        await inFile(path, () => writeFile(path, bytes));
        return null;
      },
    }),
    defineMethod({
      name: 'devnet_load',
      parameters: { path: required(readString) },
      async handler({ path }) {
        await dev.load(await inFile(path, () => readFile(path)));
        return null;
      },
    }),
    defineMethod({
      name: 'devnet_restart',
      parameters: { restart_l1_to_l2_messaging: optional(readBoolean, false) },
      handler() {
        dev.restart();
        return null;
      },
    }),
  ];
}

async function inFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new CairnError<NodeErrorCode>('DUMP_UNREADABLE', `${path}: ${(cause as Error).message}`, { cause });
  }
}
