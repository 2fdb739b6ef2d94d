import { existsSync, readFileSync } from 'node:fs';
import { type CasmClass, parseCasmClass } from '@cairn/cairo';
import { type ExecutableClass, feeTokenBalanceKey } from '@cairn/execution';
import { type Felt, getPublicKey, selectorFromName } from '@cairn/primitives';
import { type BlockContext, compiledClassHash, type Transaction } from '@cairn/protocol';
import { EMPTY_STATE, StateOverlay } from '@cairn/state';
import { ACCOUNT, PRIVATE_KEY, SEQUENCER, STRK } from './devChain.ts';

/** Transactions to run one after the other on a state that every scenario starts from. */
export interface Scenario {
  name: string;
  block: BlockContext;
  transactions: readonly ScenarioTransaction[];
  /** Contracts besides the common ones: address, class hash. */
  contracts?: readonly (readonly [Felt, Felt])[];
  /** Storage on top of the common state: address, key, value. */
  storage?: readonly (readonly [Felt, Felt, Felt])[];
}

export interface ScenarioTransaction {
  transaction: Transaction;
  hash: Felt;
  /** Of a declare: felts of its Sierra program and characters of its ABI. */
  sierraLength?: number;
  abiLength?: number;
  paidFeeOnL1Wei?: bigint;
  flags?: { query?: boolean; chargeFee?: boolean; validate?: boolean; strictNonce?: boolean };
}

/** A class of the scenarios: a CASM file under a Sierra version, which decides how its work is charged. */
export interface ScenarioClass {
  hash: Felt;
  /** Path of a JSON file that holds the class, or has it as `casm`. */
  path: string;
  sierraVersion: string;
  cls: ExecutableClass;
  compiledHash: Felt;
  declared: boolean;
}

const OWN = new URL('./contracts/', import.meta.url).pathname;
const NODE = new URL('../../../packages/node/contracts/artifacts/', import.meta.url).pathname;

const casms = new Map<string, CasmClass>();

/** The probe charged by gas and by steps, and the other classes of the scenarios, by hash. */
export const CLASS = {
  gas: 0xc1a550n,
  steps: 0xc1a551n,
  account: 0xc1a552n,
  token: 0xc1a553n,
  deployer: 0xc1a554n,
  faultyGas: 0xc1a555n,
  faultySteps: 0xc1a556n,
  undeclared: 0xc1a557n,
  tokenSteps: 0xc1a558n,
  /** Hash of a class that is shown transaction version 1. */
  v1Bound: 0x1a736d6ed154502257f02b1ccdf4d9d1089f80811cd6acad48e6b6a9d1f2003n,
  /** Hash of a class that is not shown the bound of L1 data gas. */
  withoutDataGas: 0x2c8c7e6fbcfb3e8e15a46648e8914c6aa1fc506fc1e7fb3d1e19630716174bcn,
  openZeppelinAccount: 0xc1a560n,
  openZeppelinToken: 0xc1a561n,
} as const;

const VECTORS = new URL('../../../../shared/vectors/sierra-casm/', import.meta.url).pathname;
/** True when the classes of other projects are there, which are not committed. */
export const HAS_VECTORS = existsSync(VECTORS);

export const CLASSES: readonly ScenarioClass[] = [
  scenarioClass(CLASS.gas, `${OWN}probe.json`, '1.9.3'),
  scenarioClass(CLASS.steps, `${OWN}probe.json`, '1.6.0'),
  scenarioClass(CLASS.account, `${NODE}account.json`, '1.9.3'),
  scenarioClass(CLASS.token, `${NODE}token.json`, '1.9.3'),
  scenarioClass(CLASS.deployer, `${NODE}deployer.json`, '1.9.3'),
  scenarioClass(CLASS.faultyGas, `${OWN}faulty.json`, '1.9.3'),
  scenarioClass(CLASS.faultySteps, `${OWN}faulty.json`, '1.6.0'),
  scenarioClass(CLASS.undeclared, `${NODE}account.json`, '1.9.3', false),
  scenarioClass(CLASS.tokenSteps, `${NODE}token.json`, '1.4.0'),
  scenarioClass(CLASS.v1Bound, `${OWN}probe.json`, '1.9.3'),
  scenarioClass(CLASS.withoutDataGas, `${OWN}probe.json`, '1.9.3'),
  ...(HAS_VECTORS
    ? [
        scenarioClass(
          CLASS.openZeppelinAccount,
          `${VECTORS}OpenZeppelinAccountCairoOne__s1.4.0_c2.5.3.casm.json`,
          '1.4.0',
        ),
        scenarioClass(CLASS.openZeppelinToken, `${VECTORS}ERC20OZ081__s1.4.0_c2.4.1.casm.json`, '1.4.0'),
      ]
    : []),
];

function scenarioClass(hash: Felt, path: string, sierraVersion: string, declared = true): ScenarioClass {
  let casm = casms.get(path);
  if (!casm) {
    const json = JSON.parse(readFileSync(path, 'utf8'));
    casm = parseCasmClass(json.casm ?? json);
    casms.set(path, casm);
  }
  const cls = { casm, sierraVersion };
  return { hash, path, sierraVersion, cls, compiledHash: compiledClassHash(casm, 'blake2s'), declared };
}

/** Contracts every scenario has, by address. Probes of the two kinds are accounts as well. */
export const PROBE = {
  /** Charged by gas. */
  gas: [0x6a50n, 0x6a51n, 0x6a52n, 0x6a53n],
  /** Charged by steps. */
  steps: [0x57e0n, 0x57e1n, 0x57e2n, 0x57e3n],
} as const;
export const FAULTY = { gas: 0xfa0n, steps: 0xfa1n } as const;
export const DEPLOYER = 0xdec0n;
export const TOKEN_STEPS = 0x70c0n;
export const NOBODY = 0xdeadn;
/** A probe account with hardly any fee token. */
export const POOR = 0x9000n;
export const BALANCE = 10n ** 24n;

export const CONTRACTS: readonly (readonly [Felt, Felt])[] = [
  ...PROBE.gas.map((address) => [address, CLASS.gas] as const),
  ...PROBE.steps.map((address) => [address, CLASS.steps] as const),
  [POOR, CLASS.gas],
  [ACCOUNT, CLASS.account],
  [STRK, CLASS.token],
  [TOKEN_STEPS, CLASS.tokenSteps],
  [DEPLOYER, CLASS.deployer],
  [FAULTY.gas, CLASS.faultyGas],
  [FAULTY.steps, CLASS.faultySteps],
];

export const STORAGE: readonly (readonly [Felt, Felt, Felt])[] = [
  [ACCOUNT, selectorFromName('Account_public_key'), getPublicKey(PRIVATE_KEY)],
  ...[ACCOUNT, ...PROBE.gas, ...PROBE.steps].map(
    (address) => [STRK, feeTokenBalanceKey(address), BALANCE] as const,
  ),
  [STRK, feeTokenBalanceKey(POOR), 1000n],
  [STRK, feeTokenBalanceKey(SEQUENCER), 1n],
  [TOKEN_STEPS, feeTokenBalanceKey(ACCOUNT), 10n ** 6n],
  // Old values that scripts overwrite, clear and write back.
  ...[...PROBE.gas, ...PROBE.steps].map((address) => [address, 0x01dn, 7n] as const),
  [1n, 2n, 0xb10c2n],
  [1n, 90n, 0xb10c90n],
];

/** The state before the first transaction of a scenario. */
export function startState(scenario: Scenario): StateOverlay {
  const state = new StateOverlay(EMPTY_STATE);
  for (const { hash, compiledHash, declared } of CLASSES) {
    if (declared) state.setCompiledClassHash(hash, compiledHash);
  }
  for (const [address, classHash] of [...CONTRACTS, ...(scenario.contracts ?? [])]) {
    state.setClassHash(address, classHash);
  }
  for (const [address, key, value] of [...STORAGE, ...(scenario.storage ?? [])]) {
    state.setStorage(address, key, value);
  }
  return state;
}
