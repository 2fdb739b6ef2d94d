import { CairnError } from '@cairn/primitives';
import type { VerifyingKey } from '@cairn/stark';
import {
  type Account,
  type Address,
  type Chain,
  concatHex,
  encodeAbiParameters,
  type Hex,
  keccak256,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import type { ContractArtifact, VerifierArtifacts } from '../verifier/compileSources.ts';
import { checkManifest } from './checkManifest.ts';
import { keyDigests, type VerifierManifest } from './manifest.ts';

/** A client that can send transactions and one that can read, over any transport. */
export interface L1Clients {
  readonly wallet: WalletClient<Transport, Chain, Account>;
  readonly reader: PublicClient;
}

/** Deploys one contract. @throws CairnError `DEPLOYMENT_FAILED`. */
export async function deployContract(
  { wallet, reader }: L1Clients,
  artifact: ContractArtifact,
  constructorArguments: Hex = '0x',
): Promise<Address> {
  const hash = await wallet.sendTransaction({
    data: concatHex([artifact.creationCode, constructorArguments]),
  });
  const receipt = await reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success' || receipt.contractAddress == null) {
    throw new CairnError<SettlementErrorCode>('DEPLOYMENT_FAILED', `${artifact.name}: ${hash} reverted`);
  }
  return receipt.contractAddress;
}

/**
 * Deploys the contracts of a verifier, each in a transaction of its own, and checks that the chain now has the verifier of
 * this key. @throws CairnError `DEPLOYMENT_FAILED`, `WRONG_MANIFEST`.
 */
export async function deployVerifier(
  clients: L1Clients,
  artifacts: VerifierArtifacts,
  key: VerifyingKey,
): Promise<VerifierManifest> {
  const constraints: Address[] = [];
  for (const artifact of artifacts.constraints) constraints.push(await deployContract(clients, artifact));
  const statement =
    artifacts.statement === undefined ? undefined : await deployContract(clients, artifacts.statement);
  const called = statement === undefined ? constraints : [...constraints, statement];
  const addresses = concatHex(called.map((address) => encodeAbiParameters([{ type: 'address' }], [address])));
  const verifier = await deployContract(clients, artifacts.verifier, addresses);
  const manifest: VerifierManifest = {
    name: artifacts.name,
    chainId: await clients.reader.getChainId(),
    verifier,
    constraints,
    ...(statement === undefined ? {} : { statement }),
    codeHash: keccak256(concatHex([artifacts.verifier.runtimeCode, addresses])),
    ...keyDigests(key),
  };
  await checkManifest(clients.reader, manifest);
  return manifest;
}
