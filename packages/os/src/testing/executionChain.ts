import { parseCasmClass } from '@cairn/cairo';
import { type ExecutableTransaction, type ExecutionEnvironment, feeTokenBalanceKey } from '@cairn/execution';
import {
  type Felt,
  getPublicKey,
  poseidonMany,
  selectorFromName,
  shortString,
  sign,
} from '@cairn/primitives';
import {
  type AccountTransaction,
  compiledClassHash,
  type DeclareV3,
  type InvokeV3,
  pythonJson,
  sierraClassHashParts,
  type Transaction,
  transactionHash,
  versionedConstants,
} from '@cairn/protocol';
import { EMPTY_STATE, StateOverlay } from '@cairn/state';
import probe from '../../../../tests/src/execution/contracts/probe.json' with { type: 'json' };
import account from '../../../node/contracts/artifacts/account.json' with { type: 'json' };
import deployer from '../../../node/contracts/artifacts/deployer.json' with { type: 'json' };
import token from '../../../node/contracts/artifacts/token.json' with { type: 'json' };

const CHAIN_ID = shortString('CAIRN_DEV');
export const PRIVATE_KEY = 0x1234n;
export const ACCOUNT = 0xacc0n;
export const STRK = 0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938dn;
export const SEQUENCER = 0x5e9n;
export const PROBE = 0x9e0be0n;
export const PROBE_TWIN = 0x9e0be1n;
export const CLASS = {
  account: 0xc1a552n,
  token: 0xc1a553n,
  deployer: 0xc1a554n,
  probe: 0xc1a550n,
  undeclared: 0xc1a557n,
};

const FILES: Record<keyof typeof CLASS, unknown> = {
  account: account.casm,
  token: token.casm,
  deployer: deployer.casm,
  probe: probe.casm,
  undeclared: account.casm,
};

/** Classes of the tests with their code. */
export const CLASSES = (Object.keys(FILES) as (keyof typeof CLASS)[]).map((name) => {
  const casm = parseCasmClass(FILES[name]);
  return { name, hash: CLASS[name], casm, compiledHash: compiledClassHash(casm, 'blake2s') };
});

/** A funded account, the fee token and two probes; what is needed to make blocks on them. */
export function executionChain(): { state: StateOverlay; environment: ExecutionEnvironment } {
  const state = new StateOverlay(EMPTY_STATE);
  for (const { name, hash, compiledHash } of CLASSES)
    if (name !== 'undeclared') state.setCompiledClassHash(hash, compiledHash);
  state.setClassHash(ACCOUNT, CLASS.account);
  state.setStorage(ACCOUNT, selectorFromName('Account_public_key'), getPublicKey(PRIVATE_KEY));
  state.setClassHash(STRK, CLASS.token);
  state.setStorage(STRK, feeTokenBalanceKey(ACCOUNT), 10n ** 24n);
  state.setStorage(STRK, feeTokenBalanceKey(SEQUENCER), 1n);
  for (const probe of [PROBE, PROBE_TWIN]) state.setStorage(STRK, feeTokenBalanceKey(probe), 10n ** 24n);
  state.setClassHash(PROBE, CLASS.probe);
  state.setClassHash(PROBE_TWIN, CLASS.probe);
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
      chain: { chainId: CHAIN_ID, strkTokenAddress: STRK, ethTokenAddress: 0x49dn },
      constants: versionedConstants('0.14.2'),
      classes: {
        executableClass: (hash) => {
          const found = CLASSES.find((cls) => cls.hash === hash);
          return found && { casm: found.casm, sierraVersion: '1.9.3' };
        },
      },
    },
  };
}

/** A call as `__execute__` takes it. */
export interface Call {
  to: Felt;
  selector: string;
  calldata: readonly Felt[];
}

/** A signed invoke of the account. */
export function signedInvoke(calls: readonly Call[], changes: Partial<InvokeV3> = {}): InvokeV3 {
  const calldata = [
    BigInt(calls.length),
    ...calls.flatMap(({ to, selector, calldata: data }) => [
      to,
      selectorFromName(selector),
      BigInt(data.length),
      ...data,
    ]),
  ];
  return signed({
    type: 'INVOKE',
    version: 3,
    senderAddress: ACCOUNT,
    calldata,
    nonce: 0n,
    signature: [],
    resourceBounds: {
      l1Gas: { maxAmount: 10n ** 5n, maxPricePerUnit: 10n ** 12n },
      l2Gas: { maxAmount: 10n ** 9n, maxPricePerUnit: 10n ** 11n },
      l1DataGas: { maxAmount: 10n ** 5n, maxPricePerUnit: 10n ** 12n },
    },
    tip: 0n,
    paymasterData: [],
    accountDeploymentData: [],
    nonceDataAvailabilityMode: 'L1',
    feeDataAvailabilityMode: 'L1',
    ...changes,
  });
}

export function hashOf(tx: Transaction): Felt {
  return transactionHash(tx, CHAIN_ID);
}

export function signed<T extends AccountTransaction>(tx: T): T {
  const { r, s } = sign(PRIVATE_KEY, hashOf(tx));
  return { ...tx, signature: [r, s] };
}

/** A transaction ready for the executor. */
export function executable(transaction: Transaction): ExecutableTransaction {
  return { transaction, hash: hashOf(transaction), codeSize: 0, paidFeeOnL1Wei: 0n };
}

/** A class of which the tests have the source form, for a declaration. */
export const declared = {
  parts: sierraClassHashParts({
    sierraProgram: deployer.sierra.sierra_program.map(BigInt),
    contractClassVersion: deployer.sierra.contract_class_version,
    entryPointsByType: {
      CONSTRUCTOR: entryPoints(deployer.sierra.entry_points_by_type.CONSTRUCTOR),
      EXTERNAL: entryPoints(deployer.sierra.entry_points_by_type.EXTERNAL),
      L1_HANDLER: entryPoints(deployer.sierra.entry_points_by_type.L1_HANDLER),
    },
    abi: pythonJson(deployer.sierra.abi),
  }),
  transaction(nonce: Felt): DeclareV3 {
    const { calldata: _, ...fields } = signedInvoke([], { nonce });
    return signed({
      ...fields,
      type: 'DECLARE',
      classHash: poseidonMany(this.parts),
      compiledClassHash: CLASSES.find(({ name }) => name === 'deployer')!.compiledHash,
    });
  },
};

function entryPoints(list: readonly { selector: string; function_idx: number }[]) {
  return list.map((entry) => ({ selector: BigInt(entry.selector), functionIndex: entry.function_idx }));
}
