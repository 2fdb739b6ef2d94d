import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatFelt } from '@cairn/primitives';
import { expect, it } from 'vitest';
import { compileClass } from '../classes/compileClass.ts';
import { readArtifact } from './artifact.ts';

const contracts = new URL('../../contracts/', import.meta.url);

/** Class hash and Blake2s compiled class hash of our contracts, as the official compiler 2.20.0 made them. */
const KNOWN = {
  account:
    '0x38496676dffb9f0aa35428b4a0e94ace33d5ffb1b65c9ccb5d1bbb09316a739 0x380d02aa9cff6d04006b2f431194a0963d855ea4a7d20a2beff814402f60eeb',
  token:
    '0x187a9384c840192d9bec61173926404348a08c85cf1b383be5d83f0405b1c0e 0x12bba499de12103eab4ce0e0ced5f9f4420c85f5c312a181c0997239a6a0baf',
  deployer:
    '0x29cebdf5ea30cabfcf5dda81dfb0d4804b8fb1f71ae3fa46af8a1c10957b83c 0x3c60bf8f89299f882c4c2b86787c3ab465521192a5273ccd0ff565168b598f0',
  token_bridge:
    '0x3f216f5fbf5fac55d09d6a7e524f6b3bedb5d056a02e6fb088847324d55403d 0xa6f21f8b055d7656f76be868dec0227f9bcdfacb59961fd6ad80bb9577ed48',
};

it.each(['account', 'token', 'deployer', 'token_bridge'] as const)(
  '%s: the artifact belongs to its source, and our compiler agrees with it',
  (name) => {
    const artifact = JSON.parse(readFileSync(new URL(`artifacts/${name}.json`, contracts), 'utf8'));
    const source = readFileSync(new URL(`${name}.cairo`, contracts));
    expect(artifact.sourceSha256).toBe(createHash('sha256').update(source).digest('hex'));
    const { classHash, compiledClassHash, stored } = readArtifact(name);
    expect(`${formatFelt(classHash)} ${formatFelt(compiledClassHash)}`).toBe(KNOWN[name]);
    const { bytecode, entry_points_by_type, bytecode_segment_lengths } = compileClass(stored.sierra, 81_920)
      .casm as any;
    const official = stored.casm as any;
    expect({ bytecode, entry_points_by_type, bytecode_segment_lengths }).toEqual({
      bytecode: official.bytecode,
      entry_points_by_type: official.entry_points_by_type,
      bytecode_segment_lengths: official.bytecode_segment_lengths,
    });
  },
);
