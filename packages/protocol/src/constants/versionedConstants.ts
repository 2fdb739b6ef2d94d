import { CairnError, type ClassHash, type Felt } from '@cairn/primitives';
import type { L1DataAvailabilityMode } from '../block/block.ts';
import type { StarknetVersion } from '../block/starknetVersion.ts';
import type { GasVector } from '../transaction/receipt.ts';
import type { Transaction } from '../transaction/transaction.ts';
import type { BuiltinName, ScaledResources, VmResources } from './resources.ts';
import { V0_14_2 } from './v0_14_2.ts';
import { V0_14_4 } from './v0_14_4.ts';

/** Syscalls a Sierra contract can make. */
export type SyscallName =
  | 'CallContract'
  | 'Deploy'
  | 'EmitEvent'
  | 'GetBlockHash'
  | 'GetClassHashAt'
  | 'GetExecutionInfo'
  | 'Keccak'
  | 'KeccakRound'
  | 'LibraryCall'
  | 'MetaTxV0'
  | 'ReplaceClass'
  | 'Secp256k1Add'
  | 'Secp256k1GetPointFromX'
  | 'Secp256k1GetXy'
  | 'Secp256k1Mul'
  | 'Secp256k1New'
  | 'Secp256r1Add'
  | 'Secp256r1GetPointFromX'
  | 'Secp256r1GetXy'
  | 'Secp256r1Mul'
  | 'Secp256r1New'
  | 'SendMessageToL1'
  | 'Sha256ProcessBlock'
  | 'Sha512ProcessBlock'
  | 'StorageRead'
  | 'StorageWrite';

/** Every number of the protocol that depends on the version of a block. */
export interface VersionedConstants {
  starknetVersion: StarknetVersion;
  maxEventKeyCount: number;
  maxEventDataLength: number;
  maxEventCountPerTransaction: number;
  maxCalldataLength: number;
  maxBytecodeLength: number;
  /** Step limits hold for classes charged by steps only. */
  invokeMaxStepCount: number;
  validateMaxStepCount: number;
  maxRecursionDepth: number;
  executeMaxSierraGas: bigint;
  validateMaxSierraGas: bigint;
  /** Classes of an older Sierra version are charged by VM steps. */
  minSierraVersionForSierraGas: string;
  /** L2 gas for data that nodes keep: calldata, signatures, events, code, proofs. */
  archivalGas: { perDataFelt: bigint; eventKeyFactor: bigint; perCodeByte: bigint; perProof: bigint };
  /** Gas for each storage key that becomes non-zero. */
  allocationGas: Record<L1DataAvailabilityMode, GasVector>;
  /** L1 gas units of VM work, times 10,000. The dearest resource alone is charged. */
  vmFeePerTenThousand: { step: number; builtins: Partial<Record<BuiltinName, number>> };
  /** Sierra gas of VM work. */
  gasCosts: { step: number; memoryHole: number; builtins: Partial<Record<BuiltinName, number>> };
  /** What compiled code has already paid when it enters a syscall; also the floor of a syscall's price. */
  syscallBaseGas: bigint;
  entryPointInitialBudget: bigint;
  defaultInitialGas: bigint;
  l1HandlerMaxGas: GasVector;
  validateBlockNumberRounding: number;
  validateTimestampRounding: number;
  /** Age in blocks from which a block's hash can be read. */
  storedBlockHashBuffer: number;
  enableCasmHashMigration: boolean;
  stripVmFramesInSierraGas: boolean;
  allowedProofVersions: readonly Felt[];
  allowedVirtualOsProgramHashes: readonly Felt[];
  /** Sierra account classes that are shown transaction version 1 when the tip is at most the maximum below. */
  v1BoundAccounts: readonly ClassHash[];
  v1BoundAccountsMaxTip: bigint;
  /** Account classes that are shown only the L1 and L2 gas bounds. */
  dataGasAccounts: readonly ClassHash[];
  syscalls: Record<SyscallName, ScaledResources>;
  /** Work of the Starknet OS for one transaction of each type. */
  transactions: Record<Transaction['type'], ScaledResources>;
  /** Work of the Starknet OS to commit to a blob's data. */
  kzgCommitment: VmResources;
  feeMarket: { gasTarget: bigint; maxBlockGas: bigint; minGasPriceFri: bigint; maxChangeDenominator: bigint };
  /** What one block may hold. */
  blockLimits: {
    l1Gas: number;
    messageSegmentLength: number;
    eventCount: number;
    transactionCount: number;
    stateDiffSize: number;
    sierraGas: bigint;
    receiptL2Gas: bigint;
    /** Ours: steps of the block's OS run that a proof holds, by the estimate of `execution`; class hashes come on top. */
    osSteps: number;
  };
}

const VERSIONS: readonly VersionedConstants[] = [V0_14_2, V0_14_4];

/** Version a new chain starts with: the newest one that every full node and wallet of today accepts. */
export const DEFAULT_STARKNET_VERSION: StarknetVersion = V0_14_2.starknetVersion;

/**
 * Constants of a protocol version Cairn can run.
 * @throws CairnError `UNSUPPORTED_STARKNET_VERSION`
 */
export function versionedConstants(version: StarknetVersion): VersionedConstants {
  const found = VERSIONS.find((v) => v.starknetVersion === version);
  if (found) return found;
  const known = VERSIONS.map((v) => v.starknetVersion).join(', ');
  throw new CairnError(
    'UNSUPPORTED_STARKNET_VERSION',
    `unsupported protocol version: got ${version}, expected one of ${known}`,
  );
}
