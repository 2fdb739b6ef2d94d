import { BLS_ORDER, chunksOf, evaluate } from '@cairn/os';
import { bytesToBigInt, bytesToHex, hexToBytes, PRIME } from '@cairn/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOB_BYTES, blobOf, wordsOfBlob } from './blob.ts';
import { chunkCommitments, commitmentBytes, commitmentHalves, pageHash } from './chunkCommitments.ts';
import { blobCommitment, pointProof, versionedHash } from './kzg.ts';

const felts = (count: number) => Array.from({ length: count }, (_, i) => (BigInt(i + 1) ** 77n * 3n) % PRIME);

describe('a blob', () => {
  it('holds its words, and zeros behind them', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: PRIME - 1n }), { maxLength: 40 }), (words) => {
        const found = wordsOfBlob(blobOf(words));
        expect(found.slice(0, words.length)).toEqual(words);
        expect(found.slice(words.length).every((word) => word === 0n)).toBe(true);
      }),
      { numRuns: 5 },
    );
    expect(wordsOfBlob(blobOf(felts(4096)))).toEqual(felts(4096));
  });
  it('of a constant has it in every place, of x the roots of unity in bit-reversed order', () => {
    const element = (blob: Uint8Array, i: number) => bytesToBigInt(blob.subarray(32 * i, 32 * i + 32));
    const constant = blobOf([5n]);
    expect([0, 1, 4095].map((i) => element(constant, i))).toEqual([5n, 5n, 5n]);
    const identity = blobOf([0n, 1n]);
    expect(identity.length).toBe(BLOB_BYTES);
    // 1, -1, and then the two roots whose square is -1.
    expect(element(identity, 0)).toBe(1n);
    expect(element(identity, 1)).toBe(BLS_ORDER - 1n);
    expect(element(identity, 2) ** 2n % BLS_ORDER).toBe(BLS_ORDER - 1n);
    expect(element(identity, 2) + element(identity, 3)).toBe(BLS_ORDER);
  });
  it('takes no other length and no numbers above the order', () => {
    const refused = (action: () => unknown) =>
      expect(action).toThrow(expect.objectContaining({ code: 'INVALID_BLOB' }));
    refused(() => blobOf(felts(4097)));
    refused(() => blobOf([BLS_ORDER]));
    refused(() => wordsOfBlob(new Uint8Array(BLOB_BYTES - 1)));
    refused(() => wordsOfBlob(new Uint8Array(BLOB_BYTES).fill(0xff)));
  });
});

describe('commitments', () => {
  it('of blobs open at a point to what the OS puts out', async () => {
    const words = felts(100);
    const z = 0x1234567n ** 8n % PRIME;
    expect((await pointProof(blobOf(words), z)).value).toBe(evaluate(words, z));
  });
  it('of nothing and of one are the points at infinity and of the ceremony', async () => {
    expect(bytesToHex(await blobCommitment(blobOf([])))).toBe(`c0${'00'.repeat(47)}`);
    // The polynomial 1 commits to the generator of G1 (draft-irtf-cfrg-pairing-friendly-curves).
    const one = await blobCommitment(blobOf([1n]));
    expect(bytesToHex(one)).toBe(
      '97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb',
    );
    expect(versionedHash(one)[0]).toBe(1);
    // EIP-4844: the versioned hash of the point at infinity.
    expect(bytesToHex(versionedHash(hexToBytes(`c0${'00'.repeat(47)}`)))).toBe(
      '010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014',
    );
  });
  it('come in halves, one for each chunk', async () => {
    const data = felts(3801);
    const pages = await chunkCommitments(data, 'pages');
    expect(pages.map((halves) => commitmentBytes(halves, 'pages'))).toEqual(
      chunksOf(data, 'pages').map(pageHash),
    );
    expect(pages.flat().every((half) => half < 1n << 128n)).toBe(true);
    expect(pages.length).toBe(2);
    const blobs = await chunkCommitments(data, 'blobs');
    expect(blobs.length).toBe(1);
    const commitment = await blobCommitment(blobOf(data));
    expect(commitmentBytes(blobs[0]!, 'blobs')).toEqual(commitment);
    expect(commitmentHalves(commitment, 'blobs')).toEqual(blobs[0]);
    expect(blobs.flat().every((half) => half < 1n << 192n)).toBe(true);
  });
  it('to a page hash its words in 32 bytes each', () => {
    // keccak256(abi.encodePacked(uint256(0))), which Solidity's documents have for an empty slot 0.
    expect(bytesToHex(pageHash([0n]))).toBe(
      '290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563',
    );
  });
});
