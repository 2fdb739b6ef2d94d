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
import { answered } from './l1Error.ts';
import { keyDigests, type VerifierManifest } from './manifest.ts';

/** A client that can send transactions and one that can read, over any transport. */
export interface L1Clients {
  readonly wallet: WalletClient<Transport, Chain, Account>;
  readonly reader: PublicClient;
}

/** Deploys one contract. @throws CairnError `DEPLOYMENT_FAILED`, and those of `l1Error`. */
export async function deployContract(
  { wallet, reader }: L1Clients,
  artifact: ContractArtifact,
  constructorArguments: Hex = '0x',
): Promise<Address> {
  const data = concatHex([artifact.creationCode, constructorArguments]);
  const hash = await answered(artifact.name, wallet.sendTransaction({ data }));
  const receipt = await answered(artifact.name, reader.waitForTransactionReceipt({ hash }));
  if (receipt.status !== 'success' || receipt.contractAddress == null) {
    throw new CairnError<SettlementErrorCode>('DEPLOYMENT_FAILED', `${artifact.name}: ${hash} reverted`);
  }
  return receipt.contractAddress;
}

/**
 * Deploys the contracts of a verifier, each in a transaction of its own, and checks that the chain now has the verifier of
 * this key. Verifiers whose keys differ in the commitment to fixed columns only may share all but the core: `shared` names
 * the contracts that another has deployed. @throws CairnError `DEPLOYMENT_FAILED`, `WRONG_MANIFEST`.
 */
export async function deployVerifier(
  clients: L1Clients,
  artifacts: VerifierArtifacts,
  key: VerifyingKey,
  shared?: Pick<VerifierManifest, 'constraints' | 'statement'>,
): Promise<VerifierManifest> {
  const { constraints, statement } = shared ?? (await deployCalled(clients, artifacts));
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

/** Deploys the contracts that a verifier's core calls. */
async function deployCalled(
  clients: L1Clients,
  artifacts: VerifierArtifacts,
): Promise<Pick<VerifierManifest, 'constraints' | 'statement'>> {
  const constraints: Address[] = [];
  for (const artifact of artifacts.constraints) constraints.push(await deployContract(clients, artifact));
  if (artifacts.statement === undefined) return { constraints };
  return { constraints, statement: await deployContract(clients, artifacts.statement) };
}
