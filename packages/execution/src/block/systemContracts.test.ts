import { versionedConstants } from '@cairn/protocol';
import { EMPTY_STATE, StateOverlay } from '@cairn/state';
import { describe, expect, it } from 'vitest';
import { ALIAS_CONTRACT, allocateAliases, BLOCK_HASH_CONTRACT, storeBlockHash } from './systemContracts.ts';

const aliases = (state: StateOverlay) => state.diff().storage.get(ALIAS_CONTRACT);

describe('aliases', () => {
  it('start with 0x80 and go to keys before their contract, both ascending', () => {
    const state = new StateOverlay(EMPTY_STATE);
    state.setStorage(0x500n, 0x300n, 1n);
    state.setStorage(0x500n, 0x200n, 1n);
    state.setNonce(0x400n, 1n);
    state.setClassHash(0x600n, 9n);
    allocateAliases(state);
    expect(aliases(state)).toEqual(
      new Map([
        [0x400n, 0x80n],
        [0x200n, 0x81n],
        [0x300n, 0x82n],
        [0x500n, 0x83n],
        [0x600n, 0x84n],
        [0n, 0x85n],
      ]),
    );
  });

  it('are given once', () => {
    const parent = new StateOverlay(EMPTY_STATE);
    parent.setStorage(0x500n, 0x200n, 1n);
    allocateAliases(parent);
    const state = new StateOverlay(parent);
    state.setStorage(0x500n, 0x200n, 2n);
    allocateAliases(state);
    expect(aliases(state)).toBeUndefined();
    state.setStorage(0x500n, 0x201n, 2n);
    allocateAliases(state);
    expect(aliases(state)).toEqual(
      new Map([
        [0x201n, 0x82n],
        [0n, 0x83n],
      ]),
    );
  });

  it('are not given to small keys and addresses, nor to keys of system contracts', () => {
    const state = new StateOverlay(EMPTY_STATE);
    state.setStorage(0x500n, 0x7fn, 1n);
    state.setStorage(0xfn, 0x200n, 1n);
    state.setStorage(0x10n, 0x300n, 1n);
    allocateAliases(state);
    expect(aliases(state)).toEqual(
      new Map([
        [0x300n, 0x80n],
        [0x500n, 0x81n],
        [0n, 0x82n],
      ]),
    );
  });

  it('are not given to cells that got their old value back', () => {
    const state = new StateOverlay(EMPTY_STATE);
    state.setStorage(0x500n, 0x200n, 1n);
    state.setStorage(0x500n, 0x200n, 0n);
    allocateAliases(state);
    expect(aliases(state)).toEqual(new Map([[0n, 0x80n]]));
  });
});

it('the hash of the block ten before becomes readable', () => {
  const state = new StateOverlay(EMPTY_STATE);
  storeBlockHash(state, 35, 0xabcn, versionedConstants('0.14.2'));
  expect(state.storageAt(BLOCK_HASH_CONTRACT, 25n)).toBe(0xabcn);
});
