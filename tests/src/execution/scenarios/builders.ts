import { type Felt, selectorFromName, shortString } from '@cairn/primitives';
import {
  type BlockContext,
  type InvokeV3,
  type L1DataAvailabilityMode,
  type L1HandlerTransaction,
  transactionHash,
} from '@cairn/protocol';
import { type Call, SEQUENCER, STRK, signedInvoke } from '../devChain.ts';
import { CLASS, FAULTY, PROBE, type ScenarioTransaction } from '../scenario.ts';
import * as s from '../script.ts';

const CHAIN_ID = shortString('CAIRN_DEV');
export const TRANSFER = selectorFromName('transfer');
export const EXECUTE = selectorFromName('__execute__');
const price = (wei: bigint, fri: bigint) => ({ priceInWei: wei, priceInFri: fri });
/** A key that holds a value before every scenario, and one that does not. */
export const OLD_KEY = 0x01dn;
export const NEW_KEY = 0x4e33n;

export type Version = '0.14.2' | '0.14.4';
export const VERSIONS: readonly Version[] = ['0.14.2', '0.14.4'];

export function block(version: Version, l1DaMode: L1DataAvailabilityMode): BlockContext {
  return {
    blockNumber: 100,
    timestamp: 1_800_001_234,
    sequencerAddress: SEQUENCER,
    gasPrices: {
      l1Gas: price(3_000_000n, 30_000_000_007n),
      l1DataGas: price(5_000_000n, 50_000_011n),
      l2Gas: price(1_000_000n, 8_000_000_003n),
    },
    l1DaMode,
    starknetVersion: version,
  };
}

export const bound = (maxAmount: bigint, maxPricePerUnit: bigint) => ({ maxAmount, maxPricePerUnit });
export const BOUNDS = {
  l1Gas: bound(10n ** 6n, 10n ** 12n),
  l2Gas: bound(10n ** 8n, 10n ** 11n),
  l1DataGas: bound(10n ** 5n, 10n ** 12n),
};

export const V3 = {
  version: 3,
  nonce: 0n,
  signature: [0x51n, 0x52n],
  resourceBounds: BOUNDS,
  tip: 0n,
  paymasterData: [],
  nonceDataAvailabilityMode: 'L1',
  feeDataAvailabilityMode: 'L1',
} as const;

export type Rest = Omit<ScenarioTransaction, 'transaction' | 'hash'>;

/** An invoke of a probe account. */
export function probeInvoke(
  sender: Felt,
  execution: s.Script,
  { validation = [], rest = {}, ...changes }: Partial<InvokeV3> & { validation?: s.Script; rest?: Rest } = {},
): ScenarioTransaction {
  return hashed(
    {
      type: 'INVOKE',
      ...V3,
      senderAddress: sender,
      calldata: s.probeCalldata(execution, validation),
      accountDeploymentData: [],
      ...changes,
    },
    rest,
  );
}

export function hashed(
  transaction: ScenarioTransaction['transaction'],
  rest: Rest = {},
): ScenarioTransaction {
  return { transaction, hash: transactionHash(transaction, CHAIN_ID, rest.flags?.query), ...rest };
}

/** A message from L1 to a probe. */
export function l1Handler(
  contractAddress: Felt,
  script: s.Script,
  paidFeeOnL1Wei = 1n,
  changes: Partial<L1HandlerTransaction> = {},
): ScenarioTransaction {
  return hashed(
    {
      type: 'L1_HANDLER',
      version: 0,
      nonce: 7n,
      contractAddress,
      entryPointSelector: selectorFromName('handle'),
      calldata: [0x11ffn, ...s.scriptCalldata(script)],
      ...changes,
    },
    { paidFeeOnL1Wei },
  );
}

/** An invoke of the account of our own chains. */
export function ownInvoke(calls: readonly Call[], changes: Partial<InvokeV3> = {}): ScenarioTransaction {
  return hashed(signedInvoke(calls, { resourceBounds: BOUNDS, ...changes }));
}

export const transfer = (to: Felt, amount: bigint, token = STRK): Call => ({
  to: token,
  selector: TRANSFER,
  calldata: [to, amount, 0n],
});

/** How a call tree is charged: the account that starts it, and the contracts it calls. */
export interface Kinds {
  /** Sender, then two more probes of its kind. */
  own: readonly Felt[];
  ownClass: Felt;
  /** Probes that the sender calls. */
  other: readonly Felt[];
  otherClass: Felt;
  faulty: Felt;
  faultyClass: Felt;
}

export const KINDS: Record<'gg' | 'gs' | 'sg' | 'ss', Kinds> = {
  gg: kinds('gas', 'gas'),
  gs: kinds('gas', 'steps'),
  sg: kinds('steps', 'gas'),
  ss: kinds('steps', 'steps'),
};

function kinds(own: 'gas' | 'steps', other: 'gas' | 'steps'): Kinds {
  return {
    own: PROBE[own],
    ownClass: CLASS[own],
    other: PROBE[other].slice(1),
    otherClass: CLASS[other],
    faulty: FAULTY[other],
    faultyClass: other === 'gas' ? CLASS.faultyGas : CLASS.faultySteps,
  };
}

/** Prime of secp256k1's field. */
export const SECP256K1_PRIME = 2n ** 256n - 2n ** 32n - 977n;
export const join = (...scripts: s.Script[]): s.Script => scripts.flat();
export const short = shortString;

/** Calls of `script` through `depth` probes, alternating between two. */
export function nested(k: Kinds, depth: number, script: s.Script): s.Script {
  let inner = script;
  for (let i = 0; i < depth; i++) inner = s.callProbe(i % 2 === 0 ? k.other[0]! : k.own[1]!, inner);
  return inner;
}

export const amount = (key: keyof typeof BOUNDS, maxAmount: bigint) => ({
  ...BOUNDS,
  [key]: { ...BOUNDS[key], maxAmount },
});
export const unitPrice = (key: keyof typeof BOUNDS, maxPricePerUnit: bigint) => ({
  ...BOUNDS,
  [key]: { ...BOUNDS[key], maxPricePerUnit },
});
