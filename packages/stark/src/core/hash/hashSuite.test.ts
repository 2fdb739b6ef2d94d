import { blake2s } from '@noble/hashes/blake2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIGEST_BYTES, HASH_ROLE, hashSuite, sameBytes } from './hashSuite.ts';

const words = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 100 });
const bytes = fc.uint8Array({ maxLength: 300 });
const digest = fc.uint8Array({ minLength: DIGEST_BYTES, maxLength: DIGEST_BYTES });

const personal = (role: number) => Uint8Array.from([...new TextEncoder().encode('CairnST'), role]);
const encode = (values: number[], littleEndian: boolean) => {
  const out = new DataView(new ArrayBuffer(4 * values.length));
  for (const [i, value] of values.entries()) out.setUint32(4 * i, value, littleEndian);
  return new Uint8Array(out.buffer);
};

describe('hash suites', () => {
  it('keccak: a role word, then big-endian words', () => {
    const hash = hashSuite('keccak256');
    const expected = (role: number, ...parts: Uint8Array[]) =>
      keccak_256(Uint8Array.from([0, 0, 0, role, ...parts.flatMap((p) => [...p])]));
    fc.assert(
      fc.property(words, bytes, digest, digest, (w, b, l, r) => {
        expect(hash.leaf(w)).toEqual(expected(HASH_ROLE.leaf, encode(w, false)));
        expect(hash.node(l, r)).toEqual(expected(HASH_ROLE.node, l, r));
        expect(hash.transcript(b)).toEqual(expected(HASH_ROLE.transcript, b));
      }),
    );
  });
  it('keccak192: the first 24 bytes in trees, the same transcript', () => {
    const [short, full] = [hashSuite('keccak192'), hashSuite('keccak256')];
    fc.assert(
      fc.property(words, bytes, digest, digest, (w, b, l, r) => {
        expect(short.leaf(w)).toEqual(full.leaf(w).slice(0, 24));
        expect(short.node(l.slice(0, 24), r.slice(0, 24))).toEqual(
          keccak_256(Uint8Array.from([0, 0, 0, HASH_ROLE.node, ...l.slice(0, 24), ...r.slice(0, 24)])).slice(
            0,
            24,
          ),
        );
        expect(short.transcript(b)).toEqual(full.transcript(b));
      }),
    );
  });
  it('Blake2s: the role in the personalisation, little-endian words', () => {
    const hash = hashSuite('blake2s');
    fc.assert(
      fc.property(words, bytes, digest, digest, (w, b, l, r) => {
        expect(hash.leaf(w)).toEqual(blake2s(encode(w, true), { personalization: personal(HASH_ROLE.leaf) }));
        expect(hash.node(l, r)).toEqual(
          blake2s(Uint8Array.from([...l, ...r]), { personalization: personal(HASH_ROLE.node) }),
        );
        expect(hash.transcript(b)).toEqual(blake2s(b, { personalization: personal(HASH_ROLE.transcript) }));
      }),
    );
  });
  it('compare bytes', () => {
    expect([
      sameBytes(Uint8Array.of(1), Uint8Array.of(1)),
      sameBytes(Uint8Array.of(1), Uint8Array.of(2)),
      sameBytes(Uint8Array.of(1), Uint8Array.of(1, 0)),
    ]).toEqual([true, false, false]);
    const zero = new Uint8Array(DIGEST_BYTES);
    for (let i = 0; i < DIGEST_BYTES; i++) expect(sameBytes(zero, zero.with(i, 128))).toBe(false);
  });
});
