import { parseOsOutput } from '@cairn/os';
import { PRIME } from '@cairn/primitives';
import { type Address, bytesToHex, encodeFunctionData, type Hex, parseEventLogs } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageHash } from '../data/chunkCommitments.ts';
import { type CredulousChain, outputOutside, startCredulousChain } from '../testing/credulousCore.ts';
import { CORE_ABI, coreState, updateState } from './core.ts';
import { DATA_PAGES_ABI, pageFact, registerDataPages } from './dataPages.ts';
import { refusalOf } from './refusal.ts';
import { type ProvenBlob, proveBlobs, settleState, updateStateWithBlobs } from './settleState.ts';

const words = (count: number) => Array.from({ length: count }, (_, i) => (BigInt(i + 3) ** 99n * 7n) % PRIME);
/** Where an output with two chunks has its words. */
const POINT = 10;
const COUNT = 11;
const LOW = 12;
const HIGH = 13;

let chain: CredulousChain;
beforeAll(async () => {
  chain = await startCredulousChain();
}, 60_000);
afterAll(() => chain?.stop());

const moved = async (core: Address) => (await coreState(chain, core)).blockNumber === 5;
const refused = (reason: string) => ({ code: 'STATE_UPDATE_REFUSED', details: { reason } });

describe('data in blobs', () => {
  const data = words(5000);
  let honest: bigint[];
  let blobs: ProvenBlob[];
  beforeAll(async () => {
    honest = await outputOutside(data, 'blobs');
    blobs = await proveBlobs(parseOsOutput(honest), data, 'blob');
  }, 60_000);

  it('moves the state, with a blob for each 4096 words', async () => {
    const core = await chain.core();
    await chain.prove(honest);
    const { update, pages } = await settleState(chain, core, honest, data, { blobProofs: 'blob' });
    expect(pages).toEqual([]);
    expect(update).toMatchObject({ status: 'success', blobGasUsed: 262_144n });
    // Two evaluations at 50,000 each, and the rest as ever.
    expect(update!.gasUsed).toBeLessThan(240_000n);
    expect(await coreState(chain, core)).toEqual({ root: 0xbbn, blockNumber: 5, blockHash: 0xb5n });
    // Again is nothing.
    expect(await settleState(chain, core, honest, data)).toEqual({ pages: [] });
    await expect(updateStateWithBlobs(chain, core, honest, blobs)).rejects.toMatchObject(
      refused('INVALID_PREV_BLOCK_NUMBER'),
    );
  });

  it('takes messages, that end where the output does', async () => {
    const core = await chain.core();
    const me = BigInt(chain.wallet.account.address);
    const withMessage = await outputOutside([1n], 'blobs', {}, [0x77n, me, 1n, 8n]);
    // In the form of Osaka.
    const sent = await proveBlobs(parseOsOutput(withMessage), [1n]);
    expect(sent.map(({ proofs }) => proofs.length)).toEqual([128]);
    await chain.prove([...withMessage, 0n]);
    await expect(updateStateWithBlobs(chain, core, [...withMessage, 0n], sent)).rejects.toMatchObject(
      refused('INVALID_OUTPUT_LENGTH'),
    );
    await chain.prove(withMessage);
    await updateStateWithBlobs(chain, core, withMessage, sent);
    expect(await chain.call(core, 'consumeMessageFromL2', [0x77n, [8n]])).toBe('success');
  });

  it.each<
    [
      what: string,
      reason: string,
      changes: Record<number, bigint>,
      change?: (all: ProvenBlob[]) => ProvenBlob[],
    ]
  >([
    ['another point', 'POINT_EVALUATION_PRECOMPILE_CALL_FAILED', { [POINT]: 5n }],
    ['a commitment to another blob', 'POINT_EVALUATION_PRECOMPILE_CALL_FAILED', { [LOW]: 5n }],
    ['a low half of a commitment above 192 bits', 'INVALID_KZG_COMMITMENT', { [LOW]: 2n ** 192n }],
    ['a high half of a commitment above 192 bits', 'INVALID_KZG_COMMITMENT', { [HIGH]: 2n ** 192n }],
    ['another value', 'POINT_EVALUATION_PRECOMPILE_CALL_FAILED', { [LOW + 4]: 5n }],
    ['a low half of a value above 128 bits', 'INVALID_Y_VALUE', { [LOW + 4]: 2n ** 128n }],
    ['a high half of a value above 128 bits', 'INVALID_Y_VALUE', { [HIGH + 4]: 2n ** 128n }],
    ['a value above the order', 'POINT_EVALUATION_PRECOMPILE_CALL_FAILED', { [HIGH + 4]: 2n ** 128n - 1n }],
    ['no chunks', 'DATA_IS_MISSING', { [COUNT]: 0n }],
    ['fewer chunks than blobs', 'INVALID_NUMBER_OF_PROOFS', { [COUNT]: 1n }],
    ['more chunks than words', 'STARKNET_OUTPUT_TOO_SHORT', { [COUNT]: 3n }],
    ['chunks that wrap around', 'STARKNET_OUTPUT_TOO_SHORT', { [COUNT]: 2n ** 250n }],
    ['data in the output', 'UNEXPECTED_KZG_DA_FLAG', { 8: 0n }],
    ['data in pages', 'UNEXPECTED_KZG_DA_FLAG', { 8: 3n }],
    ['data nowhere', 'UNEXPECTED_KZG_DA_FLAG', { 8: 2n }],
    ['a word that is no felt', 'NO_FELT', { 20: PRIME }],
    ['one blob fewer', 'INVALID_BLOB_INDEX', {}, ([a, b]) => [a!, { ...b!, versionedHash: '0x' }]],
    ['one blob more', 'UNEXPECTED_BLOB', {}, ([a, b]) => [a!, b!, { ...a!, pointProof: '0x' }]],
    ['the blobs swapped', 'POINT_EVALUATION_PRECOMPILE_CALL_FAILED', {}, (all) => all.toReversed()],
    [
      'proofs of the other blobs',
      'POINT_EVALUATION_PRECOMPILE_CALL_FAILED',
      {},
      ([a, b]) => [
        { ...a!, pointProof: b!.pointProof },
        { ...b!, pointProof: a!.pointProof },
      ],
    ],
    [
      'a proof that is too long',
      'INVALID_KZG_PROOF_SIZE',
      {},
      ([a, b]) => [a!, { ...b!, pointProof: `${b!.pointProof}00` }],
    ],
  ])('refuses %s, though it is proven', async (_what, reason, changes, change = (all) => all) => {
    const core = await chain.core();
    const output = [...honest];
    for (const [at, value] of Object.entries(changes)) output[Number(at)] = value;
    await chain.prove(output);
    const sent = change(blobs);
    // Marked for the test: a proof without a blob, and a blob without a proof.
    const hashes = sent.map(({ versionedHash }) => versionedHash).filter((hash) => hash !== '0x');
    const proofs = sent.map(({ pointProof }) => pointProof).filter((proof) => proof !== '0x');
    expect(await askWithBlobs(core, output, proofs, hashes)).toBe(reason);
    if (reason === 'INVALID_NUMBER_OF_PROOFS') {
      expect(await askWithBlobs(core, output, proofs.slice(1), hashes)).toBe('UNEXPECTED_BLOB');
    }
    expect(await moved(core)).toBe(false);
  });

  it('refuses an output that is too short or comes by the other function', async () => {
    const core = await chain.core();
    const hashes = blobs.map(({ versionedHash }) => versionedHash);
    const proofs = blobs.map(({ pointProof }) => pointProof);
    for (const length of [0, 5, 9, 10, 11, 12, 18])
      expect(await askWithBlobs(core, honest.slice(0, length), proofs, hashes)).toBe(
        'STARKNET_OUTPUT_TOO_SHORT',
      );
    await expect(updateState(chain, core, honest)).rejects.toMatchObject(refused('UNEXPECTED_KZG_DA_FLAG'));
    const unproven = await outputOutside([4n], 'blobs');
    await expect(settleState(chain, core, unproven, [4n])).rejects.toMatchObject(
      refused('NO_STATE_TRANSITION_PROOF'),
    );
    expect(await askWithBlobs(core, honest, proofs, hashes, chain.stranger.account.address)).toBe(
      'ONLY_OPERATOR',
    );
  });

  it('is not sent for other data', async () => {
    const core = await chain.core();
    for (const other of [data.with(7, 1n), data.slice(1), [...data, ...words(4000)], []])
      await expect(settleState(chain, core, honest, other)).rejects.toMatchObject({ code: 'WRONG_DATA' });
  });
});

/** What a call with blobs of these hashes is answered. */
async function askWithBlobs(
  core: Address,
  output: readonly bigint[],
  proofs: readonly Hex[],
  blobVersionedHashes: readonly Hex[],
  from: Address = chain.wallet.account.address,
): Promise<string> {
  const data = encodeFunctionData({
    abi: CORE_ABI,
    functionName: 'updateStateKzgDA',
    args: [output, proofs],
  });
  try {
    await chain.reader.request({
      method: 'eth_call',
      params: [
        { from, to: core, data, blobVersionedHashes, maxFeePerBlobGas: '0x100000' } as never,
        'latest',
      ],
    });
    return 'success';
  } catch (error) {
    return refusalOf(error);
  }
}

describe('data in pages', () => {
  const data = words(4000);
  let honest: bigint[];
  beforeAll(async () => {
    honest = await outputOutside(data, 'pages');
    await chain.prove(honest);
  });

  it('moves the state after the pages, sending each page once', async () => {
    const core = await chain.core();
    await expect(updateState(chain, core, honest)).rejects.toMatchObject(refused('PAGE_NOT_REGISTERED'));
    const z = honest[POINT]!;
    // A page that stands on chain already is not sent again.
    expect((await registerDataPages(chain, chain.pages, data.slice(0, 3800), z)).length).toBe(1);
    await expect(updateState(chain, core, honest)).rejects.toMatchObject(refused('PAGE_NOT_REGISTERED'));
    const { pages, update } = await settleState(chain, core, honest, data);
    expect(pages.length).toBe(1);
    expect(update!.status).toBe('success');
    expect(update!.gasUsed).toBeLessThan(150_000n);
    expect(await registerDataPages(chain, chain.pages, data, z)).toEqual([]);
    expect(await settleState(chain, core, honest, data)).toEqual({ pages: [] });
    expect(await coreState(chain, core)).toEqual({ root: 0xbbn, blockNumber: 5, blockHash: 0xb5n });
  });

  it('comes in several transactions at once', async () => {
    const three = words(8000).map((word) => word / 5n);
    const receipts = await registerDataPages(chain, chain.pages, three, 5n);
    expect(receipts.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
    expect(await registerDataPages(chain, chain.pages, three, 5n)).toEqual([]);
  });

  it('costs no more than calldata does at least', async () => {
    const page = words(3800).map((word) => word + 1n);
    const [receipt] = await registerDataPages(chain, chain.pages, page, 99n);
    // EIP-7623: 10 for a zero byte and 40 for another, of 3,800 words and 4 before.
    const floor = 21_000n + 40n * 32n * 3_800n;
    expect(receipt!.gasUsed).toBeLessThan(floor + 5_000n);
    expect(receipt!.gasUsed).toBeGreaterThan((floor * 9n) / 10n);
  });

  it.each<[string, string, Record<number, bigint>]>([
    ['another point', 'PAGE_NOT_REGISTERED', { [POINT]: 5n }],
    ['another page', 'PAGE_NOT_REGISTERED', { [LOW]: 5n }],
    ['another second page', 'PAGE_NOT_REGISTERED', { [HIGH + 2]: 5n }],
    ['another value', 'PAGE_NOT_REGISTERED', { [LOW + 4]: 5n }],
    ['a low half of a hash above 128 bits', 'INVALID_PAGE_HASH', { [LOW]: 2n ** 128n }],
    ['a high half of a hash above 128 bits', 'INVALID_PAGE_HASH', { [HIGH]: 2n ** 128n }],
    ['a low half of a value above 128 bits', 'INVALID_Y_VALUE', { [LOW + 4]: 2n ** 128n }],
    ['a high half of a value above 128 bits', 'INVALID_Y_VALUE', { [HIGH + 4]: 2n ** 128n }],
    ['no pages', 'DATA_IS_MISSING', { [COUNT]: 0n }],
    ['more pages than words', 'STARKNET_OUTPUT_TOO_SHORT', { [COUNT]: 3n }],
    ['pages that wrap around', 'STARKNET_OUTPUT_TOO_SHORT', { [COUNT]: 2n ** 250n }],
    ['fewer pages', 'PAGE_NOT_REGISTERED', { [COUNT]: 1n }],
    ['words behind the messages', 'INVALID_OUTPUT_LENGTH', { 22: 0n }],
  ])('refuses %s, though it is proven', async (_what, reason, changes) => {
    const core = await chain.core();
    await registerDataPages(chain, chain.pages, data, honest[POINT]!);
    const output = [...honest];
    for (const [at, value] of Object.entries(changes)) output[Number(at)] = value;
    await chain.prove(output);
    await expect(updateState(chain, core, output)).rejects.toMatchObject(refused(reason));
    expect(await moved(core)).toBe(false);
  });

  it('is not sent for other data', async () => {
    const core = await chain.core();
    for (const other of [data.with(7, 1n), data.slice(1), data.slice(0, 3800)])
      await expect(settleState(chain, core, honest, other)).rejects.toMatchObject({ code: 'WRONG_DATA' });
  });

  it('is refused by a core that has no registry of pages', async () => {
    const core = await chain.core({ dataPages: '0x0000000000000000000000000000000000000000' });
    await expect(updateState(chain, core, honest)).rejects.toMatchObject(refused('NO_DATA_PAGES'));
  });

  it('need not be on chain for a validium, which still takes no output that is not proven', async () => {
    const core = await chain.core({ dataOnChain: false });
    const elsewhere = words(10).map((word) => word / 3n);
    const output = await outputOutside(elsewhere, 'pages');
    await expect(settleState(chain, core, output, elsewhere)).rejects.toMatchObject(
      refused('NO_STATE_TRANSITION_PROOF'),
    );
    await chain.prove(output);
    const { pages, update } = await settleState(chain, core, output, elsewhere);
    expect(pages).toEqual([]);
    expect(update!.status).toBe('success');
  });
});

describe('a page', () => {
  const ask = (page: readonly bigint[], z: bigint) =>
    registerDataPages(chain, chain.pages, page, z).then(
      () => 'success',
      (error) => (error.code === 'CALL_REFUSED' ? error.details.reason : error),
    );
  it('has felts only, at most 3800 and at least one', async () => {
    expect(await ask([PRIME], 5n)).toBe('NO_FELT');
    expect(await ask([...words(10), 2n ** 255n], 5n)).toBe('NO_FELT');
    expect(await ask([1n], PRIME)).toBe('NO_FELT');
    const call = (page: readonly bigint[]) =>
      chain.reader
        .simulateContract({
          address: chain.pages,
          abi: DATA_PAGES_ABI,
          functionName: 'registerDataPage',
          args: [page, 1n],
        })
        .then(() => 'success', refusalOf);
    expect(await call([])).toBe('INVALID_PAGE_SIZE');
    expect(await call(words(3801))).toBe('INVALID_PAGE_SIZE');
    expect(await call(words(3800))).toBe('success');
  });
  it('is named by its words, the point and the value', async () => {
    const page = [3n, 4n, 5n];
    const [receipt] = await registerDataPages(chain, chain.pages, page, 10n);
    const [log] = parseEventLogs({ abi: DATA_PAGES_ABI, logs: receipt!.logs });
    const hash = bytesToHex(pageHash(page));
    expect(log!.args).toEqual({
      fact: pageFact(hash, 10n, 543n),
      pageHash: hash,
      z: 10n,
      y: 543n,
      words: page,
    });
    const isRegistered = (...args: [Hex, bigint, bigint]) =>
      chain.reader.readContract({
        address: chain.pages,
        abi: DATA_PAGES_ABI,
        functionName: 'isRegistered',
        args,
      });
    expect(await isRegistered(hash, 10n, 543n)).toBe(true);
    expect(await isRegistered(hash, 10n, 544n)).toBe(false);
    expect(await isRegistered(hash, 11n, 543n)).toBe(false);
  });
});
