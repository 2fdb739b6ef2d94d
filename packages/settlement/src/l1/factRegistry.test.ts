import { encodeProof } from '@cairn/stark';
import { bytesToHex, encodeAbiParameters, type Hex, keccak256, parseEventLogs, stringToHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { compile, setUpVerifier } from '../testing/askVerifier.ts';
import { copyProof, GRINDING_PROFILE, type ProvenStatement, proveStatement } from '../testing/proofs.ts';
import { tallyAir, tallyInput } from '../testing/testAirs.ts';
import { compileContract } from '../verifier/compileSources.ts';
import { encodePublicValues } from '../verifier/emitCore.ts';
import { FACT_REGISTRY_ABI, VERIFIER_ABI } from './abi.ts';
import { deployContract } from './deploy.ts';
import {
  deployFactRegistry,
  factOf as factOfClaim,
  publicValuesClaim,
  registerFact,
} from './factRegistry.ts';
import type { VerifierManifest } from './manifest.ts';
import { verifyOnChain } from './verifyOnChain.ts';

let chain: TestChain;
let tally: ProvenStatement;
let manifest: VerifierManifest;
let registry: Hex;
beforeAll(async () => {
  chain = await startAnvil();
  tally = await proveStatement(tallyAir, tallyInput([1, 2, 3], 5), GRINDING_PROFILE);
  manifest = await setUpVerifier(chain, 'Tally', tally.key);
  registry = await deployFactRegistry(chain);
}, 60_000);
afterAll(() => chain?.stop());

const factOf = (of: VerifierManifest, at: Hex, values: readonly number[]) =>
  factOfClaim(of, at, publicValuesClaim(values));
const isValid = (fact: Hex) =>
  chain.reader.readContract({
    address: registry,
    abi: FACT_REGISTRY_ABI,
    functionName: 'isValid',
    args: [fact],
  });

describe('the registry of facts', () => {
  it('takes no proof that the verifier rejects', async () => {
    const fact = factOf(manifest, registry, tally.publicValues);
    const bad = copyProof(tally.proof) as any;
    bad.samples[0][0] ^= 1;
    const bytes = encodeProof(tally.key.air, bad);
    await expect(
      registerFact(chain, manifest, registry, encodePublicValues(tally.publicValues), bytes),
    ).rejects.toMatchObject({
      code: 'PROOF_REJECTED',
    });
    await expect(
      registerFact(chain, manifest, registry, encodePublicValues([3, 7]), tally.bytes),
    ).rejects.toMatchObject({
      code: 'PROOF_REJECTED',
    });
    expect(await isValid(fact)).toBe(false);
    expect(await isValid(factOf(manifest, registry, [3, 7]))).toBe(false);
  });
  it('remembers what was proven, once, with an event', async () => {
    const receipt = await registerFact(
      chain,
      manifest,
      registry,
      encodePublicValues(tally.publicValues),
      tally.bytes,
    );
    const fact = factOf(manifest, registry, tally.publicValues);
    expect(receipt.facts).toEqual([fact]);
    const events = parseEventLogs({ abi: FACT_REGISTRY_ABI, logs: receipt.logs });
    expect(events.length).toBe(1);
    expect(events[0]).toMatchObject({
      eventName: 'FactRegistered',
      args: { fact, keyDigest: manifest.keyDigest, airDigest: manifest.airDigest },
    });
    expect(await isValid(fact)).toBe(true);
    const again = await registerFact(
      chain,
      manifest,
      registry,
      encodePublicValues(tally.publicValues),
      tally.bytes,
    );
    expect(parseEventLogs({ abi: FACT_REGISTRY_ABI, logs: again.logs })).toEqual([]);
  });
  it('names facts by chain, registry, verifier, key, layout, profile and claim', async () => {
    const { verifier, keyDigest, airDigest, parametersDigest } = manifest;
    const claim = keccak256(bytesToHex(encodePublicValues(tally.publicValues)));
    const claims = await chain.reader.readContract({
      address: verifier,
      abi: VERIFIER_ABI,
      functionName: 'claims',
      args: [bytesToHex(encodePublicValues(tally.publicValues))],
    });
    expect(claims).toEqual([claim]);
    const args = [verifier, keyDigest, airDigest, parametersDigest, claim] as const;
    const said = await chain.reader.readContract({
      address: registry,
      abi: FACT_REGISTRY_ABI,
      functionName: 'factOf',
      args,
    });
    const types = ['bytes32', 'uint256', 'address', 'address', 'bytes32', 'bytes32', 'bytes32', 'bytes32'];
    const values = [keccak256(stringToHex('cairn.fact.v2')), 31337n, registry, ...args];
    expect(said).toBe(
      keccak256(
        encodeAbiParameters(
          types.map((type) => ({ type })),
          values,
        ),
      ),
    );
    expect(said).toBe(factOf(manifest, registry, tally.publicValues));
    for (const other of [
      factOf({ ...manifest, chainId: 1 }, registry, tally.publicValues),
      factOf(manifest, verifier, tally.publicValues),
      factOf({ ...manifest, verifier: registry }, registry, tally.publicValues),
      factOf({ ...manifest, parametersDigest: airDigest }, registry, tally.publicValues),
    ])
      expect(await isValid(other)).toBe(false);
  });
  it('lets no false verifier make a fact of a true one', async () => {
    // A verifier that says yes to everything and claims the digests of the true one.
    const liar = await deployContract(
      chain,
      compileContract(
        compile,
        'Solidity',
        'Liar',
        `pragma solidity 0.8.37; contract Liar {
          function verify(bytes calldata, bytes calldata) external pure returns (bool) { return true; }
          function claims(bytes calldata statement) external pure returns (bytes32[] memory made) {
            made = new bytes32[](1);
            made[0] = keccak256(statement);
          }
          function isProven(bytes32) external pure returns (bool) { return false; }
          function keyDigest() external pure returns (bytes32) { return ${manifest.keyDigest}; }
          function airDigest() external pure returns (bytes32) { return ${manifest.airDigest}; }
          function parametersDigest() external pure returns (bytes32) { return ${manifest.parametersDigest}; }
        }`,
      ),
    );
    const forged = { ...manifest, verifier: liar };
    await registerFact(chain, forged, registry, encodePublicValues([3, 9]), new Uint8Array(1));
    expect(await isValid(factOf(forged, registry, [3, 9]))).toBe(true);
    expect(await isValid(factOf(manifest, registry, [3, 9]))).toBe(false);
  });
});

describe('a manifest', () => {
  it('is checked against the chain', async () => {
    const ask = (changed: Partial<VerifierManifest>) =>
      verifyOnChain(chain.reader, { ...manifest, ...changed }, tally.bytes, tally.publicValues);
    expect(await ask({})).toEqual({ ok: true });
    await expect(ask({ chainId: 1 })).rejects.toMatchObject({ code: 'WRONG_MANIFEST' });
    await expect(ask({ verifier: registry })).rejects.toMatchObject({ code: 'WRONG_MANIFEST' });
    await expect(ask({ codeHash: manifest.airDigest })).rejects.toMatchObject({ code: 'WRONG_MANIFEST' });
    await expect(ask({ keyDigest: manifest.airDigest })).rejects.toMatchObject({ code: 'WRONG_MANIFEST' });
    expect(await verifyOnChain(chain.reader, manifest, tally.bytes.slice(1), tally.publicValues)).toEqual({
      ok: false,
      code: 'NOT_A_PROOF',
    });
  });
});
