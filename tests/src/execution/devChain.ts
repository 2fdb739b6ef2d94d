import { readFileSync } from 'node:fs';
import { type CasmClass, parseCasmClass } from '@cairn/cairo';
import type { ClassSource, ExecutableClass, ExecutionEnvironment } from '@cairn/execution';
import { feeTokenBalanceKey } from '@cairn/execution';
import { type Felt, getPublicKey, selectorFromName, shortString, sign } from '@cairn/primitives';
import {
  type AccountTransaction,
  compiledClassHash,
  type InvokeV3,
  pythonJson,
  sierraClassHash,
  transactionHash,
  versionedConstants,
} from '@cairn/protocol';
import { EMPTY_STATE, StateOverlay } from '@cairn/state';

/** A class of ours as committed: Sierra and official CASM. */
export function ownClass(name: 'account' | 'token' | 'deployer'): {
  hash: Felt;
  compiledHash: Felt;
  cls: ExecutableClass;
} {
  const path = new URL(`../../../packages/node/contracts/artifacts/${name}.json`, import.meta.url);
  const { sierra, casm: json } = JSON.parse(readFileSync(path, 'utf8'));
  const casm: CasmClass = parseCasmClass(json);
  const entryPoints = (type: string) =>
    sierra.entry_points_by_type[type].map((e: any) => ({
      selector: BigInt(e.selector),
      functionIndex: e.function_idx,
    }));
  const hash = sierraClassHash({
    sierraProgram: sierra.sierra_program.map(BigInt),
    contractClassVersion: sierra.contract_class_version,
    entryPointsByType: {
      CONSTRUCTOR: entryPoints('CONSTRUCTOR'),
      EXTERNAL: entryPoints('EXTERNAL'),
      L1_HANDLER: entryPoints('L1_HANDLER'),
    },
    abi: pythonJson(sierra.abi),
  });
  return { hash, compiledHash: compiledClassHash(casm, 'blake2s'), cls: { casm, sierraVersion: '1.9.3' } };
}

export const PRIVATE_KEY = 0x1234n;
export const ACCOUNT = 0xacc0n;
export const STRK = 0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938dn;
export const SEQUENCER = 0x5e9n;

/** A state with one funded account and the fee token, and what is needed to run transactions on it. */
export function devChain(): { state: StateOverlay; environment: ExecutionEnvironment } {
  const classes = new Map<Felt, ExecutableClass>();
  const state = new StateOverlay(EMPTY_STATE);
  const declare = (name: 'account' | 'token' | 'deployer'): Felt => {
    const { hash, compiledHash, cls } = ownClass(name);
    classes.set(hash, cls);
    state.setCompiledClassHash(hash, compiledHash);
    return hash;
  };
  state.setClassHash(ACCOUNT, declare('account'));
  state.setStorage(ACCOUNT, selectorFromName('Account_public_key'), getPublicKey(PRIVATE_KEY));
  state.setClassHash(STRK, declare('token'));
  state.setStorage(STRK, feeTokenBalanceKey(ACCOUNT), 10n ** 24n);
  state.setStorage(STRK, feeTokenBalanceKey(SEQUENCER), 1n);
  declare('deployer');
  const source: ClassSource = { executableClass: (hash) => classes.get(hash) };
  const price = { priceInWei: 10n ** 6n, priceInFri: 8n * 10n ** 9n };
  return {
    state,
    environment: {
      block: {
        blockNumber: 20,
        timestamp: 1_800_000_000,
        sequencerAddress: SEQUENCER,
        gasPrices: { l1Gas: price, l1DataGas: price, l2Gas: price },
        l1DaMode: 'BLOB',
        starknetVersion: '0.14.2',
      },
      chain: { chainId: shortString('CAIRN_DEV'), strkTokenAddress: STRK, ethTokenAddress: 0x49dn },
      constants: versionedConstants('0.14.2'),
      classes: source,
    },
  };
}

/** A call as `__execute__` takes it. */
export interface Call {
  to: Felt;
  selector: Felt;
  calldata: readonly Felt[];
}

/** A signed invoke of the dev account. */
export function signedInvoke(calls: readonly Call[], changes: Partial<InvokeV3> = {}): InvokeV3 {
  const bound = { maxAmount: 10n ** 9n, maxPricePerUnit: 10n ** 12n };
  const calldata = [
    BigInt(calls.length),
    ...calls.flatMap(({ to, selector, calldata: data }) => [to, selector, BigInt(data.length), ...data]),
  ];
  const tx: InvokeV3 = {
    type: 'INVOKE',
    version: 3,
    senderAddress: ACCOUNT,
    calldata,
    nonce: 0n,
    signature: [],
    resourceBounds: {
      l1Gas: { maxAmount: 10n ** 5n, maxPricePerUnit: 10n ** 12n },
      l2Gas: { ...bound, maxPricePerUnit: 10n ** 11n },
      l1DataGas: { maxAmount: 10n ** 5n, maxPricePerUnit: 10n ** 12n },
    },
    tip: 0n,
    paymasterData: [],
    accountDeploymentData: [],
    nonceDataAvailabilityMode: 'L1',
    feeDataAvailabilityMode: 'L1',
    ...changes,
  };
  return { ...tx, signature: signatureOf(tx) };
}

/** Signature of the dev account. */
export function signatureOf(tx: AccountTransaction): Felt[] {
  const { r, s } = sign(PRIVATE_KEY, transactionHash(tx, shortString('CAIRN_DEV')));
  return [r, s];
}
