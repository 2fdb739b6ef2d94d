import {
  type AccountTransaction,
  type DeclareV3,
  type DeployAccountV3,
  type InvokeV3,
  QUERY_VERSION_BASE,
  sierraClassHash,
  type V3Fields,
} from '@cairn/protocol';
import type { BroadcastTransaction } from '../backend.ts';
import type { Parser } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readContractClass } from './contractClass.ts';
import {
  invalidParameter,
  type JsonObject,
  oneOf,
  readFelt,
  readFelts,
  readObject,
  readString,
  readU64,
} from './read.ts';
import { readResourceBounds } from './resourceBounds.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?$/;
const readType = oneOf('INVOKE', 'DECLARE', 'DEPLOY_ACCOUNT');
const readDaMode = oneOf('L1', 'L2');

/**
 * Reads BROADCASTED_TXN as simulations take it: version 3, with or without the query bit.
 * @throws CairnError `INVALID_PARAMS`, or error 61 for another version.
 */
export function readBroadcastTransaction(value: unknown, path: string): BroadcastTransaction {
  const tx = readObject(value, path);
  const type = readType(tx.type, `${path}.type`);
  const query = readVersion(tx, path) !== 3n;
  switch (type) {
    case 'INVOKE':
      return { transaction: readInvoke(tx, path), query, hasProof: readHasProof(tx.proof, `${path}.proof`) };
    case 'DECLARE': {
      const sierraClass = readContractClass(tx.contract_class, `${path}.contract_class`);
      return {
        transaction: readDeclare(tx, path, sierraClassHash(sierraClass)),
        sierraClass,
        query,
        hasProof: false,
      };
    }
    case 'DEPLOY_ACCOUNT':
      return { transaction: readDeployAccount(tx, path), query, hasProof: false };
  }
}

/** A parser of transactions to be kept: of one type, and without the query bit. */
export function submittedTransaction(type: AccountTransaction['type']): Parser<BroadcastTransaction> {
  return (value, path) => {
    const tx = readBroadcastTransaction(value, path);
    if (tx.transaction.type !== type) {
      throw invalidParameter(`${path}.type`, tx.transaction.type, `"${type}"`);
    }
    if (tx.query) throw new SpecificationError('UNSUPPORTED_TX_VERSION');
    return tx;
  };
}

function readVersion(tx: JsonObject, path: string): bigint {
  const version = readFelt(tx.version, `${path}.version`);
  if (version !== 3n && version !== QUERY_VERSION_BASE + 3n) {
    throw new SpecificationError('UNSUPPORTED_TX_VERSION');
  }
  return version;
}

function readInvoke(tx: JsonObject, path: string): InvokeV3 {
  return {
    type: 'INVOKE',
    ...readV3Fields(tx, path),
    senderAddress: readFelt(tx.sender_address, `${path}.sender_address`),
    calldata: readFelts(tx.calldata, `${path}.calldata`),
    accountDeploymentData: readFelts(tx.account_deployment_data, `${path}.account_deployment_data`),
    ...(tx.proof_facts === undefined ? {} : { proofFacts: readFelts(tx.proof_facts, `${path}.proof_facts`) }),
  };
}

function readDeclare(tx: JsonObject, path: string, classHash: DeclareV3['classHash']): DeclareV3 {
  return {
    type: 'DECLARE',
    ...readV3Fields(tx, path),
    senderAddress: readFelt(tx.sender_address, `${path}.sender_address`),
    classHash,
    compiledClassHash: readFelt(tx.compiled_class_hash, `${path}.compiled_class_hash`),
    accountDeploymentData: readFelts(tx.account_deployment_data, `${path}.account_deployment_data`),
  };
}

function readDeployAccount(tx: JsonObject, path: string): DeployAccountV3 {
  return {
    type: 'DEPLOY_ACCOUNT',
    ...readV3Fields(tx, path),
    classHash: readFelt(tx.class_hash, `${path}.class_hash`),
    contractAddressSalt: readFelt(tx.contract_address_salt, `${path}.contract_address_salt`),
    constructorCalldata: readFelts(tx.constructor_calldata, `${path}.constructor_calldata`),
  };
}

function readV3Fields(tx: JsonObject, path: string): V3Fields {
  return {
    version: 3,
    signature: readFelts(tx.signature, `${path}.signature`),
    nonce: readFelt(tx.nonce, `${path}.nonce`),
    resourceBounds: readResourceBounds(tx.resource_bounds, `${path}.resource_bounds`),
    tip: readU64(tx.tip, `${path}.tip`),
    paymasterData: readFelts(tx.paymaster_data, `${path}.paymaster_data`),
    nonceDataAvailabilityMode: readDaMode(
      tx.nonce_data_availability_mode,
      `${path}.nonce_data_availability_mode`,
    ),
    feeDataAvailabilityMode: readDaMode(tx.fee_data_availability_mode, `${path}.fee_data_availability_mode`),
  };
}

function readHasProof(value: unknown, path: string): boolean {
  if (value === undefined || value === null) return false;
  if (!BASE64.test(readString(value, path))) throw invalidParameter(path, value, 'base64 text');
  return value !== '';
}
