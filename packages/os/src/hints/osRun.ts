import { type HintContext, offsetBy, type Relocatable } from '@cairn/cairo';
import { CairnError, type ContractAddress, type Felt, formatFelt } from '@cairn/primitives';
import {
  commitTries,
  type NodeReader,
  rootHash,
  type StoredNode,
  type TrieHash,
  trieUpdate,
} from '@cairn/state';
import type { OsErrorCode } from '../errors.ts';
import type { OsBlock, OsContract, OsInput } from '../input/osInput.ts';
import type { PatriciaPreimages } from './patriciaHints.ts';

const ACCESS_CELLS = 3;

/** What the hints of one OS run know: the input, the block at hand, and the tries. */
export class OsRun implements NodeReader {
  readonly input: OsInput;
  /** Nodes of the tries of all blocks, new ones included once they are made. */
  readonly #nodes: Map<Felt, StoredNode>;
  readonly preimages: PatriciaPreimages;
  /** Where the headers of the blocks lie. */
  readonly headers: Relocatable[] = [];
  #ancestorIndex = 0;
  #blockIndex = -1;
  #contracts = new Map<ContractAddress, OsContract>();
  readonly #cells = new Map<OsContract, ReadonlyMap<Felt, Felt>>();

  constructor(input: OsInput) {
    this.input = input;
    this.#nodes = new Map(input.blocks.flatMap(({ nodes }) => nodes));
    this.preimages = new Map([...this.#nodes].map(([hash, node]) => [hash, preimageOf(node)]));
  }

  node(hash: Felt): StoredNode | undefined {
    return this.#nodes.get(hash);
  }

  get block(): OsBlock {
    return this.input.blocks[this.#blockIndex]!;
  }

  enterBlock(): void {
    this.#blockIndex++;
    this.#contracts = new Map(this.block.contracts.map((contract) => [contract.address, contract]));
  }

  nextAncestor(): OsInput['ancestors'][number] {
    return this.input.ancestors[this.#ancestorIndex++]!;
  }

  /** A contract as it was before the block. @throws CairnError `MISSING_PROOF` */
  contract(address: ContractAddress): OsContract {
    const contract = this.#contracts.get(address);
    if (contract) return contract;
    throw new CairnError<OsErrorCode>(
      'MISSING_PROOF',
      `block ${this.block.header.blockNumber} touches contract ${formatFelt(address)}, which is not in the input`,
    );
  }

  /** A cell's value before the block. @throws CairnError `MISSING_PROOF` */
  storedValue(address: ContractAddress, key: Felt): Felt {
    const value = this.#cellsOf(address).get(key);
    if (value !== undefined) return value;
    throw new CairnError<OsErrorCode>(
      'MISSING_PROOF',
      `block ${this.block.header.blockNumber} touches key ${formatFelt(key)} of contract ${formatFelt(address)}, which is not in the input`,
    );
  }

  #cellsOf(address: ContractAddress): ReadonlyMap<Felt, Felt> {
    const contract = this.contract(address);
    let cells = this.#cells.get(contract);
    if (cells === undefined) {
      cells = new Map(contract.storage);
      this.#cells.set(contract, cells);
    }
    return cells;
  }

  /** The root after the accesses between two pointers. */
  nextRoot(
    h: HintContext,
    root: Felt,
    accesses: { start: Relocatable; end: Relocatable },
    hash: TrieHash,
  ): Felt {
    const updates = readAccesses(h, accesses.start, accesses.end)
      .filter(({ previous, value }) => previous !== value)
      .map(({ key, value }) => [key, value] as const);
    const next = trieUpdate(root || undefined, updates, this);
    commitTries([next], hash, (nodeHash, node) => this.#nodes.set(nodeHash, node));
    return rootHash(next);
  }
}

function preimageOf(node: StoredNode): readonly [Felt, Felt] | readonly [Felt, Felt, Felt] {
  return 'left' in node ? [node.left, node.right] : [BigInt(node.length), node.path, node.child];
}

/** Dictionary accesses whose values are felts. */
function readAccesses(h: HintContext, start: Relocatable, end: Relocatable) {
  return Array.from({ length: (end.offset - start.offset) / ACCESS_CELLS }, (_, i) => {
    const [key, previous, value] = h.memory.readFelts(offsetBy(start, ACCESS_CELLS * i), ACCESS_CELLS);
    return { key: key!, previous: previous!, value: value! };
  });
}
