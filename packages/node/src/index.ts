export { NodeBackend } from './backend/nodeBackend.ts';
export { Chain } from './chain/chain.ts';
export { type Clock, SYSTEM_CLOCK } from './clock.ts';
export { DevChain } from './dev/devChain.ts';
export { devMethods } from './dev/devMethods.ts';
export type { NodeErrorCode } from './errors.ts';
export { askOrigin, type ForkPoint, openForkPoint } from './fork/forkPoint.ts';
export { Gateway } from './gateway/gateway.ts';
export type { DevAccount } from './genesis/devAccounts.ts';
export {
  DEV_BALANCE,
  ETH_TOKEN,
  type GenesisConfig,
  type GenesisContents,
  genesisContents,
  LEGACY_UNIVERSAL_DEPLOYER,
  SEQUENCER_ADDRESS,
  STRK_TOKEN,
  UNIVERSAL_DEPLOYER,
} from './genesis/genesis.ts';
export {
  DEFAULT_MEMPOOL_LIMITS,
  Mempool,
  type MempoolLimits,
  type PooledTransaction,
} from './mempool/mempool.ts';
export type { OsCheckEvents, QuarantinedBlock } from './os/osChecker.ts';
export { osInputOf } from './os/osInputOf.ts';
export { osMethods } from './os/osMethods.ts';
export type { BlockMode } from './producer/blockProducer.ts';
export { Sequencer, type SequencerConfig } from './sequencer.ts';
