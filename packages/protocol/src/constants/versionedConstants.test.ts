import { hasCode } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { scaleResources } from './resources.ts';
import { versionedConstants } from './versionedConstants.ts';
import { vm } from './vm.ts';

/** Paths and values in which `b` differs from `a`. */
function difference(a: unknown, b: unknown, path = ''): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a === b ? [] : [`${path}: ${a} → ${b}`];
  }
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return keys.flatMap((key) => difference((a as any)[key], (b as any)[key], `${path}/${key}`));
}

describe('versioned constants', () => {
  it('0.14.4 differs from 0.14.2 in exactly these numbers', () => {
    expect(difference(versionedConstants('0.14.2'), versionedConstants('0.14.4'))).toMatchSnapshot();
  });

  it('an unknown version is an error that names the known ones', () => {
    const attempt = (): unknown => versionedConstants('0.13.0');
    expect(attempt).toThrow(/got 0\.13\.0, expected one of 0\.14\.2, 0\.14\.4/);
    try {
      attempt();
    } catch (error) {
      expect(hasCode(error, 'UNSUPPORTED_STARKNET_VERSION')).toBe(true);
    }
  });

  it('scales each resource by calldata on its own, rounding up', () => {
    const scaled = { constant: vm(100, { poseidon: 1 }), perCalldata: vm(11, { poseidon: 1 }), scaling: 2 };
    expect(scaleResources(scaled, 3)).toEqual({
      stepCount: 117,
      memoryHoleCount: 0,
      builtins: { poseidon: 3 },
    });
    expect(scaleResources(scaled, 0)).toEqual({
      stepCount: 100,
      memoryHoleCount: 0,
      builtins: { poseidon: 1 },
    });
  });
});
