import { type Felt, pedersenArray, poseidonMany, selectorFromName, shortString } from '@cairn/primitives';
import { contractAddress } from './contractAddress.ts';
import type {
  AccountTransaction,
  AnyTransaction,
  DataAvailabilityMode,
  L1HandlerTransaction,
  OldTransaction,
  ResourceBound,
  ResourceBounds,
  V3Fields,
} from './transaction.ts';

const INVOKE = shortString('invoke');
const DECLARE = shortString('declare');
const DEPLOY = shortString('deploy');
const DEPLOY_ACCOUNT = shortString('deploy_account');
const L1_HANDLER = shortString('l1_handler');
const L1_GAS = shortString('L1_GAS');
const L2_GAS = shortString('L2_GAS');
const L1_DATA = shortString('L1_DATA');
const CONSTRUCTOR = selectorFromName('constructor');

/** Added to the version of a transaction that may only be simulated. */
export const QUERY_VERSION_BASE = 1n << 128n;

/**
 * Hash of any transaction on the chain named `chainId` (a short string as felt). With `query`, the hash of
 * its simulate-only form.
 */
export function transactionHash(tx: AnyTransaction, chainId: Felt, query = false): Felt {
  const version = (query ? QUERY_VERSION_BASE : 0n) + BigInt(tx.version);
  if (tx.type === 'L1_HANDLER') return l1HandlerHash(tx, chainId, version);
  if (tx.version === 3) return accountTransactionHash(tx, chainId, version);
  return oldTransactionHash(tx, chainId, version);
}

/** @see SNIP-8; the data-gas bound joined in 0.13.4, proof facts (SNIP-36) in 0.14.2 */
function accountTransactionHash(tx: AccountTransaction, chainId: Felt, version: Felt): Felt {
  switch (tx.type) {
    case 'INVOKE': {
      const tail = [poseidonMany(tx.accountDeploymentData), poseidonMany(tx.calldata)];
      if (tx.proofFacts && tx.proofFacts.length > 0) tail.push(poseidonMany(tx.proofFacts));
      return poseidonMany([...commonFields(INVOKE, version, tx.senderAddress, tx, chainId), ...tail]);
    }
    case 'DECLARE':
      return poseidonMany([
        ...commonFields(DECLARE, version, tx.senderAddress, tx, chainId),
        poseidonMany(tx.accountDeploymentData),
        tx.classHash,
        tx.compiledClassHash,
      ]);
    case 'DEPLOY_ACCOUNT':
      return poseidonMany([
        ...commonFields(DEPLOY_ACCOUNT, version, deployedAddress(tx), tx, chainId),
        poseidonMany(tx.constructorCalldata),
        tx.classHash,
        tx.contractAddressSalt,
      ]);
  }
}

function commonFields(prefix: Felt, version: Felt, address: Felt, tx: V3Fields, chainId: Felt): Felt[] {
  return [
    prefix,
    version,
    address,
    poseidonMany([tx.tip, ...packResourceBounds(tx.resourceBounds)]),
    poseidonMany(tx.paymasterData),
    chainId,
    tx.nonce,
    (daModeBit(tx.nonceDataAvailabilityMode) << 32n) + daModeBit(tx.feeDataAvailabilityMode),
  ];
}

function packResourceBounds(bounds: ResourceBounds): Felt[] {
  const packed = [packBound(L1_GAS, bounds.l1Gas), packBound(L2_GAS, bounds.l2Gas)];
  if (bounds.l1DataGas) packed.push(packBound(L1_DATA, bounds.l1DataGas));
  return packed;
}

function packBound(name: Felt, bound: ResourceBound): Felt {
  return (name << 192n) + (bound.maxAmount << 128n) + bound.maxPricePerUnit;
}

function daModeBit(mode: DataAvailabilityMode): bigint {
  return mode === 'L2' ? 1n : 0n;
}

/** Address that a deploy or deploy-account transaction creates. */
export function deployedAddress(tx: {
  contractAddressSalt: Felt;
  classHash: Felt;
  constructorCalldata: readonly Felt[];
}): Felt {
  return contractAddress({
    deployer: 0n,
    salt: tx.contractAddressSalt,
    classHash: tx.classHash,
    constructorCalldata: tx.constructorCalldata,
  });
}

function l1HandlerHash(tx: L1HandlerTransaction, chainId: Felt, version: Felt): Felt {
  const calldata = pedersenArray(tx.calldata);
  return pedersenArray([
    L1_HANDLER,
    version,
    tx.contractAddress,
    tx.entryPointSelector,
    calldata,
    0n,
    chainId,
    tx.nonce ?? 0n,
  ]);
}

function oldTransactionHash(tx: OldTransaction, chainId: Felt, version: Felt): Felt {
  switch (tx.type) {
    case 'INVOKE': {
      const calldata = pedersenArray(tx.calldata);
      return tx.version === 0
        ? pedersenArray([
            INVOKE,
            version,
            tx.contractAddress,
            tx.entryPointSelector,
            calldata,
            tx.maxFee,
            chainId,
          ])
        : pedersenArray([INVOKE, version, tx.senderAddress, 0n, calldata, tx.maxFee, chainId, tx.nonce]);
    }
    case 'DECLARE': {
      if (tx.version === 0) {
        return pedersenArray([
          DECLARE,
          version,
          tx.senderAddress,
          0n,
          pedersenArray([]),
          tx.maxFee,
          chainId,
          tx.classHash,
        ]);
      }
      const fields = [
        DECLARE,
        version,
        tx.senderAddress,
        0n,
        pedersenArray([tx.classHash]),
        tx.maxFee,
        chainId,
        tx.nonce,
      ];
      if (tx.version === 2) fields.push(tx.compiledClassHash ?? 0n);
      return pedersenArray(fields);
    }
    case 'DEPLOY_ACCOUNT': {
      const calldata = pedersenArray([tx.classHash, tx.contractAddressSalt, ...tx.constructorCalldata]);
      return pedersenArray([
        DEPLOY_ACCOUNT,
        version,
        deployedAddress(tx),
        0n,
        calldata,
        tx.maxFee,
        chainId,
        tx.nonce,
      ]);
    }
    case 'DEPLOY': {
      const calldata = pedersenArray(tx.constructorCalldata);
      return pedersenArray([DEPLOY, version, deployedAddress(tx), CONSTRUCTOR, calldata, 0n, chainId]);
    }
  }
}

/**
 * The hashes a transaction of mainnet's first 1,470 blocks may have had, before versions, fees and message
 * nonces entered the hash. Empty for types that did not exist then.
 */
export function genesisEraTransactionHashes(tx: AnyTransaction, chainId: Felt): Felt[] {
  switch (tx.type) {
    case 'DEPLOY':
      return [
        pedersenArray([
          DEPLOY,
          deployedAddress(tx),
          CONSTRUCTOR,
          pedersenArray(tx.constructorCalldata),
          chainId,
        ]),
      ];
    case 'INVOKE':
      if (tx.version !== 0) return [];
      return [
        pedersenArray([
          INVOKE,
          tx.contractAddress,
          tx.entryPointSelector,
          pedersenArray(tx.calldata),
          chainId,
        ]),
      ];
    case 'L1_HANDLER': {
      const call = [tx.contractAddress, tx.entryPointSelector, pedersenArray(tx.calldata), chainId];
      return [pedersenArray([INVOKE, ...call]), pedersenArray([L1_HANDLER, ...call, tx.nonce ?? 0n])];
    }
    default:
      return [];
  }
}
