import { sierraVersion } from '@cairn/cairo';
import { senderAddress } from '@cairn/execution';
import { ADDRESS_BOUND, CairnError } from '@cairn/primitives';
import {
  type AccountTransaction,
  pythonJson,
  type SierraClass,
  type VersionedConstants,
} from '@cairn/protocol';
import type { NodeErrorCode } from '../errors.ts';

/** Limits of admission that are the gateway's own. @see starkware-libs/sequencer, apollo_gateway_config */
const MAX_SIGNATURE_LENGTH = 4_000;
const MAX_SIERRA_LENGTH = 81_920;
const MAX_CLASS_BYTES = 4_089_446;

/**
 * Checks that need no state: versions, lengths, ranges, and fields that are reserved.
 * @throws CairnError `INVALID_TRANSACTION` and the codes of what is wrong
 */
export function checkStateless(
  tx: AccountTransaction,
  cls: SierraClass | undefined,
  constants: VersionedConstants,
): void {
  if (!tx.resourceBounds.l1DataGas) throw invalid('resource bounds lack l1_data_gas');
  if (tx.signature.length > MAX_SIGNATURE_LENGTH) {
    throw invalid(`signature length: got ${tx.signature.length}, expected at most ${MAX_SIGNATURE_LENGTH}`);
  }
  if (tx.paymasterData.length > 0) throw invalid('paymaster_data is reserved: expected it empty');
  if ('accountDeploymentData' in tx && tx.accountDeploymentData.length > 0) {
    throw invalid('account_deployment_data is reserved: expected it empty');
  }
  if (tx.nonceDataAvailabilityMode !== 'L1' || tx.feeDataAvailabilityMode !== 'L1') {
    throw invalid('data availability modes: expected both L1');
  }
  const sender = senderAddress(tx);
  if (sender <= 1n || sender >= ADDRESS_BOUND) throw invalid('sender address is out of range');
  const calldataLength =
    tx.type === 'INVOKE'
      ? tx.calldata.length + (tx.proofFacts?.length ?? 0)
      : tx.type === 'DEPLOY_ACCOUNT'
        ? tx.constructorCalldata.length
        : 0;
  if (calldataLength > constants.maxCalldataLength) {
    throw invalid(`calldata length: got ${calldataLength}, expected at most ${constants.maxCalldataLength}`);
  }
  if (cls) checkClass(cls);
}

/** Sierra versions that sequencers accept. */
const FIRST_SIERRA_MINOR = 1;
const LAST_SIERRA_MINOR = 9;

function checkClass(cls: SierraClass): void {
  if (cls.sierraProgram.length > MAX_SIERRA_LENGTH) {
    throw refuse(
      'CLASS_TOO_LARGE',
      `Sierra program: got ${cls.sierraProgram.length} felts, expected at most ${MAX_SIERRA_LENGTH}`,
    );
  }
  const size = pythonJson({ program: cls.sierraProgram.map(String), abi: cls.abi }).length;
  if (size > MAX_CLASS_BYTES)
    throw refuse('CLASS_TOO_LARGE', `class: got ${size} bytes, expected at most ${MAX_CLASS_BYTES}`);
  if (cls.contractClassVersion !== '0.1.0') {
    throw refuse(
      'UNSUPPORTED_CLASS_VERSION',
      `contract class version: got ${cls.contractClassVersion}, expected 0.1.0`,
    );
  }
  const { major, minor, patch } = sierraVersion(cls.sierraProgram);
  if (major !== 1 || minor < FIRST_SIERRA_MINOR || minor > LAST_SIERRA_MINOR) {
    throw refuse(
      'UNSUPPORTED_CLASS_VERSION',
      `Sierra version: got ${major}.${minor}.${patch}, expected 1.${FIRST_SIERRA_MINOR} to 1.${LAST_SIERRA_MINOR}`,
    );
  }
  for (const [type, entryPoints] of Object.entries(cls.entryPointsByType)) {
    for (let i = 1; i < entryPoints.length; i++) {
      if (entryPoints[i - 1]!.selector >= entryPoints[i]!.selector) {
        throw refuse('COMPILATION_FAILED', `entry points of type ${type} must be sorted and unique`);
      }
    }
  }
}

function invalid(what: string): CairnError {
  return refuse('INVALID_TRANSACTION', what);
}

function refuse(code: NodeErrorCode, message: string): CairnError {
  return new CairnError<NodeErrorCode>(code, message);
}
