import { type Felt, parseFelt } from '@cairn/primitives';
import { rpcCall } from '@cairn/runtime';

/** What the orchestrator looks at of a block. */
export interface ChainBlock {
  readonly blockNumber: number;
  readonly blockHash: Felt;
  readonly transactionCount: number;
}

/** The chain whose blocks are proven, behind the JSON-RPC of any Cairn node. */
export class ChainClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Number of the newest block. @throws CairnError `NODE_UNREACHABLE`, `NODE_ERROR`. */
  headNumber(): Promise<number> {
    return rpcCall<number>(this.#url, 'starknet_blockNumber');
  }

  /** A closed block. @throws CairnError `NODE_UNREACHABLE`, `NODE_ERROR` where there is none. */
  async block(blockNumber: number): Promise<ChainBlock> {
    const block = await rpcCall<{ block_hash: string; transactions: string[] }>(
      this.#url,
      'starknet_getBlockWithTxHashes',
      { block_id: { block_number: blockNumber } },
    );
    return {
      blockNumber,
      blockHash: parseFelt(block.block_hash),
      transactionCount: block.transactions.length,
    };
  }

  /** What an OS run over the blocks needs, as text. @throws CairnError `NODE_UNREACHABLE`, `NODE_ERROR`. */
  osInput(firstBlock: number, lastBlock: number): Promise<string> {
    return rpcCall<string>(this.#url, 'cairn_getOsInput', {
      first_block: firstBlock,
      last_block: lastBlock,
    });
  }
}
