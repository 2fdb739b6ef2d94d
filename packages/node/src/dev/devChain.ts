import { CairnError, type ContractAddress, type Felt, formatFelt, selectorFromName } from '@cairn/primitives';
import { type L1HandlerTransaction, type StateDiff, transactionHash } from '@cairn/protocol';
import type { StateOverlay } from '@cairn/state';
import type { StoredBlock } from '@cairn/storage';
import type { Chain } from '../chain/chain.ts';
import type { ChainFeed } from '../chain/chainFeed.ts';
import type { NodeErrorCode } from '../errors.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { TOKEN_BRIDGE } from '../genesis/genesis.ts';
import type { L1Inbox } from '../l1/l1Inbox.ts';
import type { L1Messaging } from '../l1/l1Messaging.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { BlockProducer } from '../producer/blockProducer.ts';
import type { DevClock } from './devClock.ts';
import type { DevState } from './devState.ts';
import { readDump, writeDump } from './dump.ts';
import { signInvoke } from './signInvoke.ts';

/** What the faucet offers for a call: far more than it takes. */
const FAUCET_BOUNDS = { l1Gas: 10_000n, l2Gas: 20_000_000n, l1DataGas: 10_000n };

/** Variable of the bridge. */
const L1_BRIDGE = selectorFromName('l1_bridge');

/** The parts of a sequencer that dev verbs reach into. */
export interface DevParts {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly producer: BlockProducer;
  readonly gateway: Gateway;
  readonly feed: ChainFeed;
  readonly clock: DevClock;
  readonly state: DevState;
  readonly l1: L1Inbox;
  /** The connection to L1, where there is one. */
  readonly messaging?: L1Messaging;
  /** True for transactions that a block holds, the open one included. */
  readonly isKnown: (transactionHash: Felt) => boolean;
}

/** Everything a developer may do to a chain that no transaction can. */
export class DevChain {
  readonly parts: DevParts;
  /** Snapshots by id: the number of the block they were made after. */
  readonly #snapshots = new Map<number, number>();
  #nextSnapshot = 1;

  constructor(parts: DevParts) {
    this.parts = parts;
  }

  /** Closes the open block, even an empty one. */
  createBlock(): StoredBlock {
    return this.parts.producer.closeBlock();
  }

  /** Takes back block `first` and all after it; returns their hashes, the last one first. What waited is forgotten. */
  abortBlocks(first: number): Felt[] {
    const { chain, feed } = this.parts;
    const last = chain.head.block.header.blockNumber;
    if (first <= chain.firstNumber || first > last)
      throw new CairnError<NodeErrorCode>(
        'BLOCK_NOT_FOUND',
        `blocks to take back: got the first ${first}, expected ${chain.firstNumber + 1} to ${last}`,
      );
    if (chain.isOnL1(first))
      throw new CairnError<NodeErrorCode>(
        'UNSUPPORTED',
        `block ${first} is accepted on L1: it cannot be taken back`,
      );
    const hashes: Felt[] = [];
    for (let number = last; number >= first; number--)
      hashes.push(chain.store.block(number)!.block.header.blockHash);
    this.#revertTo(first - 1);
    feed.tell({
      kind: 'reorg',
      first: { number: first, hash: hashes.at(-1)! },
      last: { number: last, hash: hashes[0]! },
    });
    return hashes;
  }

  /** Marks blocks up to `last` as accepted on L1, as a proof there would; returns their hashes, the last one first. */
  acceptOnL1(last: number): Felt[] {
    const { chain, feed } = this.parts;
    const hashes: Felt[] = [];
    for (let number = last; number >= chain.firstNumber && !chain.isOnL1(number); number--)
      hashes.push(chain.store.block(number)!.block.header.blockHash);
    if (hashes.length === 0)
      throw new CairnError<NodeErrorCode>('UNSUPPORTED', `block ${last} is accepted on L1 already`);
    chain.store.setL1Head(last);
    feed.tell({ kind: 'l1Accepted', blockNumber: last });
    return hashes;
  }

  /** Remembers the state of now, the open block closed; returns the id to come back with. */
  snapshot(): number {
    const { producer, chain } = this.parts;
    if (producer.preConfirmed.transactions.length > 0) producer.closeBlock();
    this.#snapshots.set(this.#nextSnapshot, chain.head.block.header.blockNumber);
    return this.#nextSnapshot++;
  }

  /**
   * Comes back to a snapshot, which is used up by it, as are those made after it.
   * @throws CairnError `UNKNOWN_SNAPSHOT`
   */
  revert(id: number): void {
    const { chain, feed } = this.parts;
    const number = this.#snapshots.get(id);
    if (number === undefined)
      throw new CairnError<NodeErrorCode>('UNKNOWN_SNAPSHOT', `no snapshot ${id}: it was used or never made`);
    for (const other of this.#snapshots.keys()) if (other >= id) this.#snapshots.delete(other);
    const { header } = chain.head.block;
    const first = chain.store.block(number + 1)?.block.header;
    this.#revertTo(number);
    if (first === undefined) return;
    feed.tell({
      kind: 'reorg',
      first: { number: first.blockNumber, hash: first.blockHash },
      last: { number: header.blockNumber, hash: header.blockHash },
    });
  }

  /** Starts the chain again behind its first block. */
  restart(): void {
    const { chain, clock, state } = this.parts;
    clock.reset();
    state.reset();
    const { firstNumber } = chain;
    chain.store.setL1Head(undefined);
    if (chain.head.block.header.blockNumber > firstNumber) this.abortBlocks(firstNumber + 1);
    else this.#revertTo(firstNumber);
  }

  #revertTo(number: number): void {
    const { chain, mempool, producer } = this.parts;
    for (const [id, block] of this.#snapshots) if (block > number) this.#snapshots.delete(id);
    chain.store.removePending(mempool.clear().map(({ hash }) => hash));
    chain.revertTo(number);
    producer.reopen();
  }

  /** Closes a block that changes the state without a transaction; such a block cannot be proven. */
  editState(edit: (state: StateOverlay) => void): StoredBlock {
    return this.parts.producer.editState(edit);
  }

  /** {@link editState} by a whole state diff. */
  applyStateDiff(diff: StateDiff): StoredBlock {
    return this.editState((state) => {
      for (const [hash, compiled] of diff.declaredClasses) state.setCompiledClassHash(hash, compiled);
      for (const contracts of [diff.deployedContracts, diff.replacedClasses])
        for (const [address, hash] of contracts) state.setClassHash(address, hash);
      for (const [address, nonce] of diff.nonces) state.setNonce(address, nonce);
      for (const [address, cells] of diff.storage)
        for (const [key, value] of cells) state.setStorage(address, key, value);
    });
  }

  /** Sends tokens from the faucet: a transaction like any other. Resolves with its hash once it is in a block. */
  mint(token: ContractAddress, to: ContractAddress, amount: bigint): Promise<Felt> {
    const mask = (1n << 128n) - 1n;
    return this.#callByFaucet(token, 'transfer', [to, amount & mask, amount >> 128n]);
  }

  /**
   * Tells the bridge who its counterpart on L1 is, by a transaction of its governor: from then on they trust each other.
   * Resolves with the transaction's hash once it has run; undefined when the bridge knows already.
   * @throws CairnError `UNSUPPORTED` when the bridge refuses: it learns this once.
   */
  async setL1Bridge(l1Bridge: bigint): Promise<Felt | undefined> {
    const { chain, producer } = this.parts;
    if (producer.preConfirmed.state.storageAt(TOKEN_BRIDGE, L1_BRIDGE) === l1Bridge && l1Bridge !== 0n)
      return undefined;
    const hash = await this.#callByFaucet(TOKEN_BRIDGE, 'set_l1_bridge', [l1Bridge]);
    const place = chain.store.transactionPlace(hash);
    const { transactions } = place ? chain.store.block(place.blockNumber)!.block : producer.preConfirmed;
    const receipt = transactions.find((executed) => executed.receipt.transactionHash === hash)?.receipt;
    if (receipt === undefined || receipt.revertReason !== undefined)
      throw new CairnError<NodeErrorCode>(
        'UNSUPPORTED',
        `the bridge does not take ${formatFelt(l1Bridge)} for its counterpart on L1: ${receipt?.revertReason ?? 'the transaction has not run'}`,
      );
    return hash;
  }

  async #callByFaucet(to: ContractAddress, name: string, calldata: readonly Felt[]): Promise<Felt> {
    const { chain, gateway, producer } = this.parts;
    const { faucet } = chain.genesis;
    const { gasPrices } = producer.preConfirmed.environment.block;
    const bound = (resource: keyof typeof FAUCET_BOUNDS) => ({
      maxAmount: FAUCET_BOUNDS[resource],
      maxPricePerUnit: 2n * gasPrices[resource].priceInFri,
    });
    const signed = signInvoke(
      faucet,
      chain.info.chainId,
      [{ to, selector: selectorFromName(name), calldata }],
      {
        nonce: this.#nextFaucetNonce(),
        resourceBounds: { l1Gas: bound('l1Gas'), l2Gas: bound('l2Gas'), l1DataGas: bound('l1DataGas') },
      },
    );
    const accepted = await gateway.submit({ transaction: signed, query: false, hasProof: false });
    producer.wake();
    await producer.whenIdle();
    return accepted.transactionHash;
  }

  #nextFaucetNonce(): Felt {
    const { chain, mempool, producer } = this.parts;
    const { address } = chain.genesis.faucet;
    let nonce = producer.preConfirmed.state.nonceAt(address);
    for (const { transaction } of mempool.all())
      if (
        transaction.type === 'INVOKE' &&
        transaction.senderAddress === address &&
        transaction.nonce >= nonce
      )
        nonce = transaction.nonce + 1n;
    return nonce;
  }

  /**
   * Runs a message as if L1 had sent it; resolves with the hash of its handler's transaction once it has run.
   * @throws CairnError `DUPLICATE_TRANSACTION` when the chain has had the very same message.
   */
  async sendMessage(transaction: L1HandlerTransaction, paidFeeOnL1Wei: bigint): Promise<Felt> {
    const { chain, producer, isKnown } = this.parts;
    const hash = transactionHash(transaction, chain.info.chainId);
    if (isKnown(hash) || producer.hasMessage(hash))
      throw new CairnError<NodeErrorCode>(
        'DUPLICATE_TRANSACTION',
        `message ${formatFelt(hash)} was sent before`,
      );
    producer.addMessage({ transaction, hash, paidFeeOnL1Wei });
    await producer.whenIdle();
    return hash;
  }

  /** The chain as bytes: every block and class, compressed. The open block is closed first when it holds something. */
  dump(): Promise<Uint8Array> {
    const { chain, producer } = this.parts;
    if (producer.preConfirmed.transactions.length > 0) producer.closeBlock();
    return writeDump(chain);
  }

  /** Replaces the chain by a dumped one, every root and hash computed anew. @throws CairnError `INVALID_DUMP`. */
  async load(dump: Uint8Array): Promise<void> {
    const { chain, feed, mempool, producer } = this.parts;
    const { blocks, classes } = await readDump(dump, chain.info.chainId);
    const { header: last } = chain.head.block;
    const { header: first } = chain.store.block(chain.firstNumber)!.block;
    chain.store.removePending(mempool.clear().map(({ hash }) => hash));
    this.#snapshots.clear();
    chain.load(blocks, classes);
    producer.reopen();
    feed.tell({
      kind: 'reorg',
      first: { number: first.blockNumber, hash: first.blockHash },
      last: { number: last.blockNumber, hash: last.blockHash },
    });
  }
}
