import { type OsInput, osConfigHash } from '@cairn/os';
import { type ContractAddress, decodeShortString, type Felt } from '@cairn/primitives';
import {
  deployBridge,
  deployCore,
  deployDataPages,
  deployFactRegistry,
  deployVerifier,
  type L1Clients,
  setL2TokenBridge,
} from '@cairn/settlement';
import { OS_PROOF_HEIGHTS } from '../osProof/osLayout.ts';
import { osProgramHash, osVerifierArtifacts, osVerifyingKey } from '../osProof/osVerifier.ts';
import type { DataAvailability, RollupManifest } from './rollupManifest.ts';

/** What a rollup starts with. */
export interface RollupSetup {
  readonly chain: OsInput['chain'];
  /** Block 0, which is taken as given. */
  readonly genesis: { readonly stateRoot: Felt; readonly blockHash: Felt };
  readonly data: DataAvailability;
  /** The bridge's other half, a contract of L2. */
  readonly l2Bridge: ContractAddress;
  /** Seconds. */
  readonly cancellationDelay: bigint;
  readonly governanceDelay: bigint;
}

/**
 * Deploys all contracts of a rollup: verifiers of OS runs, registries of facts and of data pages, core, bridge. The account
 * that deploys may move the state, and governs. `onProgress` is told what is done next.
 * @throws CairnError `DEPLOYMENT_FAILED`, and those of settlement's `l1Error`.
 */
export async function deployRollup(
  clients: L1Clients,
  setup: RollupSetup,
  onProgress: (what: string) => void = () => {},
): Promise<RollupManifest> {
  const { wallet, reader } = clients;
  onProgress('contracts of constraints');
  const verifiers: RollupManifest['verifiers'][number][] = [];
  for (const logMaxHeight of OS_PROOF_HEIGHTS) {
    const artifacts = osVerifierArtifacts(logMaxHeight);
    const key = osVerifyingKey(logMaxHeight);
    verifiers.push({
      ...(await deployVerifier(clients, artifacts, key, verifiers[0])),
      logMaxHeight,
    });
    onProgress(`verifier of proofs of 2^${logMaxHeight} rows`);
  }
  const factRegistry = await deployFactRegistry(clients);
  const dataPages = await deployDataPages(clients);
  onProgress('core contract');
  const firstL1Block = Number(await reader.getBlockNumber({ cacheTime: 0 }));
  const core = await deployCore(clients, factRegistry, {
    root: setup.genesis.stateRoot,
    blockNumber: 0n,
    blockHash: setup.genesis.blockHash,
    programHash: osProgramHash(),
    configHash: osConfigHash(setup.chain),
    operator: wallet.account.address,
    cancellationDelay: setup.cancellationDelay,
    governanceDelay: setup.governanceDelay,
    verifiers: verifiers.map(({ verifier }) => verifier),
    dataPages,
    dataOnChain: setup.data !== 'validium',
  });
  onProgress('bridge');
  const bridge = await deployBridge(clients, core);
  await setL2TokenBridge(clients, bridge, setup.l2Bridge);
  return {
    l1ChainId: wallet.chain.id,
    chainId: decodeShortString(setup.chain.chainId) ?? '',
    core,
    factRegistry,
    dataPages,
    bridge,
    data: setup.data,
    firstL1Block,
    verifiers,
  };
}
