import { CairnError } from '@cairn/primitives';
import type { M31 } from '@cairn/stark';
import {
  type Address,
  bytesToHex,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
  stringToHex,
  type TransactionReceipt,
} from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import { FACT_REGISTRY } from '../generated/factRegistry.ts';
import { encodePublicValues } from '../verifier/emitCore.ts';
import { FACT_REGISTRY_ABI } from './abi.ts';
import { deployContract, type L1Clients } from './deploy.ts';
import type { VerifierManifest } from './manifest.ts';
import { rejectionOf } from './verifyOnChain.ts';

/** Deploys a registry of facts. @throws CairnError `DEPLOYMENT_FAILED`. */
export function deployFactRegistry(clients: L1Clients): Promise<Address> {
  return deployContract(clients, FACT_REGISTRY);
}

/** The name of the fact that a verifier accepted a proof of these public values (`factOf` of contracts/FactRegistry.sol). */
export function factOf(manifest: VerifierManifest, registry: Address, publicValues: readonly M31[]): Hex {
  return keccak256(
    encodeAbiParameters(
      parseAbiParameters('bytes32, uint256, address, address, bytes32, bytes32, bytes32, bytes32'),
      [
        keccak256(stringToHex('cairn.fact.v1')),
        BigInt(manifest.chainId),
        registry,
        manifest.verifier,
        manifest.keyDigest,
        manifest.airDigest,
        manifest.parametersDigest,
        keccak256(bytesToHex(encodePublicValues(publicValues))),
      ],
    ),
  );
}

/**
 * Has the registry verify a proof and remember the fact, in one transaction. @throws CairnError `PROOF_REJECTED` (nothing was
 * sent), `TRANSACTION_FAILED`.
 */
export async function registerFact(
  { wallet, reader }: L1Clients,
  manifest: VerifierManifest,
  registry: Address,
  proof: Uint8Array,
  publicValues: readonly M31[],
): Promise<TransactionReceipt & { readonly fact: Hex }> {
  const call = {
    account: wallet.account,
    address: registry,
    abi: FACT_REGISTRY_ABI,
    functionName: 'verifyAndRegister',
    args: [manifest.verifier, bytesToHex(encodePublicValues(publicValues)), bytesToHex(proof)],
  } as const;
  try {
    await reader.simulateContract(call);
  } catch (error) {
    throw new CairnError<SettlementErrorCode>(
      'PROOF_REJECTED',
      `verifier ${manifest.verifier}: ${rejectionOf(error) ?? 'the call failed'}`,
      { cause: error, details: { code: rejectionOf(error) } },
    );
  }
  const hash = await wallet.writeContract({ ...call, chain: wallet.chain });
  const receipt = await reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success')
    throw new CairnError<SettlementErrorCode>('TRANSACTION_FAILED', `registry ${registry}: ${hash} reverted`);
  return { ...receipt, fact: factOf(manifest, registry, publicValues) };
}
