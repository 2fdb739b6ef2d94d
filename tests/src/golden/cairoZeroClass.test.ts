import { cairoZeroClassHash } from '@cairn/protocol';
import { hash } from 'starknet';
import { describe, expect, it } from 'vitest';

/** A Cairo 0 class that has every part the hash treats in its own way. */
const cls = (compilerVersion: string | undefined): string =>
  JSON.stringify({
    abi: [{ inputs: [{ name: 'a', type: 'felt' }], name: 'f', outputs: [], type: 'function' }],
    entry_points_by_type: {
      CONSTRUCTOR: [{ offset: '0x3', selector: '0x1' }],
      EXTERNAL: [{ offset: '0x10', selector: '0x2' }],
      L1_HANDLER: [],
    },
    program: {
      attributes: [
        {
          accessible_scopes: [],
          end_pc: 2,
          flow_tracking_data: null,
          name: 'error_message',
          start_pc: 1,
          value: 'a: b',
        },
      ],
      builtins: ['pedersen', 'range_check'],
      ...(compilerVersion === undefined ? {} : { compiler_version: compilerVersion }),
      data: ['0x480680017fff8000', '0x1', '0x208b7fff7fff7ffe'],
      debug_info: { file_contents: {} },
      hints: {
        '10': [{ accessible_scopes: ['m'], code: 'x = "e"', flow_tracking_data: { reference_ids: {} } }],
        '9': [{ accessible_scopes: ['m'], code: 'y', flow_tracking_data: { reference_ids: {} } }],
      },
      identifiers: { 'm.f': { cairo_type: '(a : felt, b : felt*)', type: 'function' } },
      main_scope: '__main__',
      prime: '0x800000000000011000000000000000000000000000000000000000000000001',
      reference_manager: { references: [] },
    },
  });

describe('Cairo 0 class hash', () => {
  // starknet.js keeps the order of keys, which this class already has.
  it('equals that of starknet.js', () => {
    expect(cairoZeroClassHash(cls('0.10.0'))).toBe(
      BigInt(hash.computeLegacyContractClassHash(cls('0.10.0'))),
    );
  });

  it('spaces the types of classes from before compilers named themselves', () => {
    // A class of then with spaced types hashes as itself; one that lost its spaces gets them back.
    const unspaced = cls(undefined).replace('(a : felt, b : felt*)', '(a: felt, b: felt*)');
    expect(cairoZeroClassHash(unspaced)).toBe(cairoZeroClassHash(cls(undefined)));
    expect(cairoZeroClassHash(cls(undefined))).not.toBe(cairoZeroClassHash(cls('0.10.0')));
  });

  it('keeps numbers that JSON.parse would round', () => {
    const withNumber = (n: string) => cls('0.10.0').replace('"start_pc":1', `"start_pc":${n}`);
    expect(cairoZeroClassHash(withNumber('36893488147419103233'))).not.toBe(
      cairoZeroClassHash(withNumber('36893488147419103232')),
    );
  });

  it.each(['{', '[1,]x', '{"a" 1}', '"open', '['.repeat(1_000)])('%s is refused', (text) => {
    expect(() => cairoZeroClassHash(text)).toThrow(/invalid JSON/);
  });
});
