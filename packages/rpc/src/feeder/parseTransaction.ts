import { CairnError, type Felt } from '@cairn/primitives';
import type {
  AnyTransaction,
  DataAvailabilityMode,
  OldDeclare,
  ResourceBound,
  ResourceBounds,
  V3Fields,
} from '@cairn/protocol';
import { asArray, asBigInt, asFelt, asFelts, asObject, asString, type JsonObject } from './json.ts';

/** A transaction of a feeder-gateway block with the hash recorded for it. */
export interface FeederTransaction {
  hash: Felt;
  transaction: AnyTransaction;
}

/**
 * Reads one transaction of a feeder-gateway block, of any type and version.
 * @throws CairnError `MALFORMED_FEEDER_JSON`
 */
export function parseFeederTransaction(json: unknown): FeederTransaction {
  const tx = asObject(json, 'transaction');
  return { hash: asFelt(tx.transaction_hash, 'transaction_hash'), transaction: parseFeederBody(tx) };
}

/** Reads a transaction without its hash. @throws CairnError `MALFORMED_FEEDER_JSON` */
export function parseFeederBody(tx: JsonObject): AnyTransaction {
  const version = Number(asBigInt(tx.version ?? 0, 'version'));
  switch (asString(tx.type, 'type')) {
    case 'INVOKE_FUNCTION':
      return parseInvoke(tx, version);
    case 'DECLARE':
      return parseDeclare(tx, version);
    case 'DEPLOY_ACCOUNT': {
      const deployment = parseDeployment(tx);
      return version === 3
        ? { type: 'DEPLOY_ACCOUNT', ...deployment, ...parseV3Fields(tx) }
        : {
            type: 'DEPLOY_ACCOUNT',
            version: 1,
            ...deployment,
            ...parseMaxFee(tx),
            nonce: asFelt(tx.nonce, 'nonce'),
          };
    }
    case 'DEPLOY':
      return { type: 'DEPLOY', version: version === 0 ? 0 : 1, ...parseDeployment(tx) };
    case 'L1_HANDLER':
      return {
        type: 'L1_HANDLER',
        version: 0,
        contractAddress: asFelt(tx.contract_address, 'contract_address'),
        entryPointSelector: asFelt(tx.entry_point_selector, 'entry_point_selector'),
        calldata: asFelts(tx.calldata, 'calldata'),
        ...(tx.nonce === undefined ? {} : { nonce: asFelt(tx.nonce, 'nonce') }),
      };
    default:
      throw new CairnError(
        'MALFORMED_FEEDER_JSON',
        `unknown transaction type: got ${JSON.stringify(tx.type)}`,
      );
  }
}

function parseInvoke(tx: JsonObject, version: number): AnyTransaction {
  const calldata = asFelts(tx.calldata, 'calldata');
  if (version === 0) {
    return {
      type: 'INVOKE',
      version,
      contractAddress: asFelt(tx.contract_address ?? tx.sender_address, 'contract_address'),
      entryPointSelector: asFelt(tx.entry_point_selector, 'entry_point_selector'),
      calldata,
      ...parseMaxFee(tx),
    };
  }
  const senderAddress = asFelt(tx.sender_address ?? tx.contract_address, 'sender_address');
  if (version === 1) {
    return {
      type: 'INVOKE',
      version,
      senderAddress,
      calldata,
      ...parseMaxFee(tx),
      nonce: asFelt(tx.nonce, 'nonce'),
    };
  }
  return {
    type: 'INVOKE',
    senderAddress,
    calldata,
    accountDeploymentData: asFelts(tx.account_deployment_data, 'account_deployment_data'),
    ...(tx.proof_facts === undefined ? {} : { proofFacts: asFelts(tx.proof_facts, 'proof_facts') }),
    ...parseV3Fields(tx),
  };
}

function parseDeclare(tx: JsonObject, version: number): AnyTransaction {
  const common = {
    type: 'DECLARE' as const,
    senderAddress: asFelt(tx.sender_address, 'sender_address'),
    classHash: asFelt(tx.class_hash, 'class_hash'),
  };
  if (version !== 3) {
    return {
      ...common,
      version: version as OldDeclare['version'],
      ...(version === 2 ? { compiledClassHash: asFelt(tx.compiled_class_hash, 'compiled_class_hash') } : {}),
      ...parseMaxFee(tx),
      nonce: asFelt(tx.nonce, 'nonce'),
    };
  }
  return {
    ...common,
    compiledClassHash: asFelt(tx.compiled_class_hash, 'compiled_class_hash'),
    accountDeploymentData: asFelts(tx.account_deployment_data, 'account_deployment_data'),
    ...parseV3Fields(tx),
  };
}

function parseDeployment(tx: JsonObject): {
  classHash: Felt;
  contractAddressSalt: Felt;
  constructorCalldata: Felt[];
} {
  return {
    classHash: asFelt(tx.class_hash, 'class_hash'),
    contractAddressSalt: asFelt(tx.contract_address_salt, 'contract_address_salt'),
    constructorCalldata: asFelts(tx.constructor_calldata, 'constructor_calldata'),
  };
}

function parseMaxFee(tx: JsonObject): { maxFee: bigint; signature: Felt[] } {
  return { maxFee: asBigInt(tx.max_fee, 'max_fee'), signature: asFelts(tx.signature, 'signature') };
}

function parseV3Fields(tx: JsonObject): V3Fields {
  return {
    version: 3,
    signature: asFelts(tx.signature, 'signature'),
    nonce: asFelt(tx.nonce, 'nonce'),
    resourceBounds: parseResourceBounds(tx.resource_bounds),
    tip: asBigInt(tx.tip, 'tip'),
    paymasterData: asFelts(tx.paymaster_data, 'paymaster_data'),
    nonceDataAvailabilityMode: parseDaMode(tx.nonce_data_availability_mode),
    feeDataAvailabilityMode: parseDaMode(tx.fee_data_availability_mode),
  };
}

/** Feeder keys are upper case (`L1_DATA_GAS`), those of JSON-RPC lower case. */
function parseResourceBounds(json: unknown): ResourceBounds {
  const bounds = new Map(
    Object.entries(asObject(json, 'resource_bounds')).map(([k, v]) => [k.toUpperCase(), v]),
  );
  const bound = (name: string): ResourceBound => {
    const value = asObject(bounds.get(name), `resource_bounds.${name}`);
    return {
      maxAmount: asBigInt(value.max_amount, `${name}.max_amount`),
      maxPricePerUnit: asBigInt(value.max_price_per_unit, `${name}.max_price_per_unit`),
    };
  };
  const dataGas = bounds.has('L1_DATA_GAS') ? { l1DataGas: bound('L1_DATA_GAS') } : {};
  return { l1Gas: bound('L1_GAS'), l2Gas: bound('L2_GAS'), ...dataGas };
}

/** Blocks spell the mode 0 or 1; some exports spell it `L1` or `L2`. */
function parseDaMode(value: unknown): DataAvailabilityMode {
  if (value === 0 || value === 'L1') return 'L1';
  if (value === 1 || value === 'L2') return 'L2';
  throw new CairnError(
    'MALFORMED_FEEDER_JSON',
    `malformed data availability mode: got ${JSON.stringify(value)}, expected 0 or 1`,
  );
}

/** Reads a list of transactions. */
export function parseFeederTransactions(json: unknown): FeederTransaction[] {
  return asArray(json, 'transactions').map(parseFeederTransaction);
}
