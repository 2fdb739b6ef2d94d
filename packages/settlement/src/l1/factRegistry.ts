import { CairnError } from '@cairn/primitives';
import type { M31 } from '@cairn/stark';
import {
  type Address,
  bytesToHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  parseAbiParameters,
  stringToHex,
  type TransactionReceipt,
} from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import { FACT_REGISTRY } from '../generated/factRegistry.ts';
import { encodePublicValues } from '../verifier/emitCore.ts';
import { FACT_REGISTRY_ABI, VERIFIER_ABI } from './abi.ts';
import { deployContract, type L1Clients } from './deploy.ts';
import { answered } from './l1Error.ts';
import type { VerifierManifest } from './manifest.ts';
import { transact } from './transact.ts';
import { rejectionOf } from './verifyOnChain.ts';

/** Deploys a registry of facts. @throws CairnError `DEPLOYMENT_FAILED`. */
export function deployFactRegistry(clients: L1Clients): Promise<Address> {
  return deployContract(clients, FACT_REGISTRY);
}

/** The name of the fact that a verifier's proof has shown a claim (`factOf` of contracts/FactRegistry.sol). */
export function factOf(manifest: VerifierManifest, registry: Address, claim: Hex): Hex {
  return keccak256(
    encodeAbiParameters(
      parseAbiParameters('bytes32, uint256, address, address, bytes32, bytes32, bytes32, bytes32'),
      [
        keccak256(stringToHex('cairn.fact.v2')),
        BigInt(manifest.chainId),
        registry,
        manifest.verifier,
        manifest.keyDigest,
        manifest.airDigest,
        manifest.parametersDigest,
        claim,
      ],
    ),
  );
}

/** What a proof of a verifier without statements of its own shows: the hash of its public values. */
export function publicValuesClaim(publicValues: readonly M31[]): Hex {
  return keccak256(bytesToHex(encodePublicValues(publicValues)));
}

/**
 * Has the registry remember what a proof shows, in one transaction. With a proof it has the verifier verify it; without, the
 * verifier must have verified one in parts. The statement is what the verifier takes: `encodeStatement` of a Cairo proof
 * file, `encodePublicValues` for others. @throws CairnError `PROOF_REJECTED` (nothing was sent), `TRANSACTION_FAILED`,
 * and those of `l1Error`.
 */
export async function registerFact(
  clients: L1Clients,
  manifest: VerifierManifest,
  registry: Address,
  statement: Uint8Array,
  proof?: Uint8Array,
): Promise<TransactionReceipt & { readonly facts: readonly Hex[] }> {
  const data = encodeFunctionData(
    proof === undefined
      ? {
          abi: FACT_REGISTRY_ABI,
          functionName: 'registerProven',
          args: [manifest.verifier, bytesToHex(statement)],
        }
      : {
          abi: FACT_REGISTRY_ABI,
          functionName: 'verifyAndRegister',
          args: [manifest.verifier, bytesToHex(statement), bytesToHex(proof)],
        },
  );
  const what = `registry ${registry}`;
  const receipt = await transact(clients, what, { to: registry, data }, (_revertData, cause) => {
    const code = rejectionOf(cause);
    return new CairnError<SettlementErrorCode>(
      'PROOF_REJECTED',
      `verifier ${manifest.verifier}: ${code ?? 'the call failed'}`,
      { cause, details: { code } },
    );
  });
  const claims = await answered(
    what,
    clients.reader.readContract({
      address: manifest.verifier,
      abi: VERIFIER_ABI,
      functionName: 'claims',
      args: [bytesToHex(statement)],
    }),
  );
  return { ...receipt, facts: claims.map((claim) => factOf(manifest, registry, claim)) };
}
