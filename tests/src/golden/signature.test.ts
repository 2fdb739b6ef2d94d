import { verifySignature } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';

describe('a block signature of integration Sepolia', () => {
  // Block 35748, signed over its hash. @see eqlabs/pathfinder fixtures/0.13.2/signature
  const key = 0x4e4856eb36dbd5f4a7dca29f7bb5232974ef1fb7eb5b597c58077174c294da1n;
  const blockHash = 0x1ea2a9cfa3df5297d58c0a04d09d276bc68d40fe64701305bbe2ed8f417e869n;
  const r = 0x45161746eecbeae297f45a1f407ab702310f4e52c5e9350ed6f542fa8e98413n;
  const s = 0x3e67cfbc5b179ba55a3b687228d8fe40626233f6691b4aabe308fcd6d71dcdbn;

  it('verifies', () => {
    expect(verifySignature(key, blockHash, r, s)).toBe(true);
  });

  it('fails when key, hash or either half is changed', () => {
    expect(verifySignature(key + 1n, blockHash, r, s)).toBe(false);
    expect(verifySignature(key, blockHash + 1n, r, s)).toBe(false);
    expect(verifySignature(key, blockHash, r + 1n, s)).toBe(false);
    expect(verifySignature(key, blockHash, r, s + 1n)).toBe(false);
  });
});
