export { NodeBackend } from './backend/nodeBackend.ts';
export { Chain } from './chain/chain.ts';
export { type Clock, SYSTEM_CLOCK } from './clock.ts';
export { DevChain } from './dev/devChain.ts';
export { devMethods } from './dev/devMethods.ts';
export { type Call, signInvoke, transferCall } from './dev/signInvoke.ts';
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
  L1_ETHER,
  LEGACY_UNIVERSAL_DEPLOYER,
  SEQUENCER_ADDRESS,
  STRK_TOKEN,
  TOKEN_BRIDGE,
  UNIVERSAL_DEPLOYER,
} from './genesis/genesis.ts';
export { L1Inbox } from './l1/l1Inbox.ts';
export type { L1MessageState } from './l1/l1MessageBook.ts';
export type { L1Messaging, L1MessagingTarget } from './l1/l1Messaging.ts';
export { l1Methods } from './l1/l1Methods.ts';
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
export { NOT_REBUILT, type RebuildStep, rebuild } from './rebuild/rebuild.ts';
export {
  blocksText,
  differenceText,
  type RangeResult,
  type RebuildDifference,
  type RebuiltState,
  rebuildRange,
  type SettledChanges,
} from './rebuild/rebuiltState.ts';
export { type RebuiltHead, RebuiltStore } from './rebuild/rebuiltStore.ts';
export { Sequencer, type SequencerConfig } from './sequencer.ts';
