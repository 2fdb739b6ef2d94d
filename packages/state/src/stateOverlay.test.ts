import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateOverlay } from './stateOverlay.ts';
import { EMPTY_STATE, type StateReader } from './stateReader.ts';

const BASE: StateReader = {
  ...EMPTY_STATE,
  storageAt: (_, key) => (key < 3n ? key : 0n),
  classHashAt: (a) => (a === 1n ? 7n : 0n),
};

describe('state overlay', () => {
  it('rolls back to any checkpoint, checked against copies', () => {
    const step = fc.record({ key: fc.bigInt(0n, 5n), value: fc.bigInt(0n, 3n), rollBack: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const overlay = new StateOverlay(BASE);
        const stack: { mark: ReturnType<StateOverlay['checkpoint']>; copy: Map<bigint, bigint> }[] = [];
        let model = new Map<bigint, bigint>();
        for (const { key, value, rollBack } of steps) {
          if (rollBack && stack.length > 0) {
            const { mark, copy } = stack.pop()!;
            overlay.rollback(mark);
            model = copy;
          } else {
            stack.push({ mark: overlay.checkpoint(), copy: new Map(model) });
            overlay.setStorage(9n, key, value);
            model.set(key, value);
          }
          for (let k = 0n; k <= 5n; k++) {
            expect(overlay.storageAt(9n, k)).toBe(model.get(k) ?? BASE.storageAt(9n, k));
          }
        }
      }),
    );
  });

  it('reports only real changes, and tells a deployment from a replacement', () => {
    const overlay = new StateOverlay(BASE);
    overlay.setStorage(9n, 1n, 5n);
    overlay.setStorage(9n, 2n, 5n);
    overlay.setStorage(9n, 2n, 2n);
    overlay.setClassHash(1n, 8n);
    overlay.setClassHash(2n, 8n);
    overlay.setNonce(2n, 1n);
    const diff = overlay.diff();
    expect(diff.storage).toEqual(new Map([[9n, new Map([[1n, 5n]])]]));
    expect(diff.replacedClasses).toEqual(new Map([[1n, 8n]]));
    expect(diff.deployedContracts).toEqual(new Map([[2n, 8n]]));
    expect(diff.nonces).toEqual(new Map([[2n, 1n]]));
  });

  it('commits its changes to the overlay below', () => {
    const block = new StateOverlay(BASE);
    const transaction = new StateOverlay(block);
    transaction.setStorage(9n, 1n, 5n);
    transaction.setCompiledClassHash(3n, 4n);
    expect(block.storageAt(9n, 1n)).toBe(1n);
    transaction.commitTo(block);
    expect(block.storageAt(9n, 1n)).toBe(5n);
    expect(block.compiledClassHash(3n)).toBe(4n);
  });
});
