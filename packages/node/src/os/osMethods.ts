import { formatOsInput } from '@cairn/os';
import { CairnError } from '@cairn/primitives';
import { defineMethod, type Method, optional, readInteger, required } from '@cairn/rpc';
import type { Chain } from '../chain/chain.ts';
import type { NodeErrorCode } from '../errors.ts';
import type { OsChecker } from './osChecker.ts';
import { osInputOf } from './osInputOf.ts';

/** Most blocks in one OS input. */
const MAX_BLOCKS = 100;

/** What provers ask a node for. */
export function osMethods(chain: Chain, checker: OsChecker | undefined): Method[] {
  return [
    defineMethod({
      name: 'cairn_getOsInput',
      cost: 500,
      parameters: {
        first_block: required((value, path) => readInteger(value, path, 1)),
        last_block: optional((value, path) => readInteger(value, path, 1)),
      },
      handler({ first_block, last_block = first_block }) {
        const count = last_block - first_block + 1;
        if (count < 1 || count > MAX_BLOCKS)
          throw new CairnError('INVALID_PARAMS', `blocks: got ${count}, expected 1 to ${MAX_BLOCKS}`);
        if (chain.store.block(last_block) === undefined)
          throw new CairnError<NodeErrorCode>('BLOCK_NOT_FOUND', `no block ${last_block}`);
        return formatOsInput(osInputOf(chain, first_block, last_block));
      },
    }),
    defineMethod({
      name: 'cairn_getOsStatus',
      parameters: {},
      handler: () => ({
        is_checking: checker !== undefined,
        checked_block: checker?.checkedNumber ?? null,
        quarantined: (checker?.quarantined ?? []).map(({ blockNumber, reason }) => ({
          block_number: blockNumber,
          reason,
        })),
      }),
    }),
  ];
}
