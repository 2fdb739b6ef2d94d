import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Felt, formatFelt } from '@cairn/primitives';
import { type AccountTransaction, deployedAddress } from '@cairn/protocol';
import { STRK } from '../devChain.ts';
import { CLASSES, CONTRACTS, type Scenario, type ScenarioTransaction, STORAGE } from '../scenario.ts';
import type { ScenarioOutcome } from '../scenarioOutcome.ts';

/**
 * Runs scenarios through blockifier.
 * @param program the binary of `oracle/Cargo.toml`
 */
export function askOracle(
  program: string,
  scenarios: readonly Scenario[],
): { name: string; outcomes?: ScenarioOutcome[]; panic?: boolean }[] {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-oracle-'));
  try {
    const file = join(folder, 'scenarios.json');
    writeFileSync(file, JSON.stringify(oracleInput(scenarios)));
    return JSON.parse(execFileSync(program, [file], { maxBuffer: 2 ** 30, encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function oracleInput(scenarios: readonly Scenario[]): unknown {
  return {
    strk: formatFelt(STRK),
    classes: CLASSES.map(({ hash, path, sierraVersion, compiledHash }) => ({
      hash: formatFelt(hash),
      path,
      sierraVersion,
      compiledHash: formatFelt(compiledHash),
    })),
    scenarios: scenarios.map((scenario) => ({
      name: scenario.name,
      block: block(scenario),
      state: {
        declared: CLASSES.filter((c) => c.declared).map((c) => formatFelt(c.hash)),
        contracts: rows([...CONTRACTS, ...(scenario.contracts ?? [])]),
        nonces: [],
        storage: rows([...STORAGE, ...(scenario.storage ?? [])]),
      },
      transactions: scenario.transactions.map(transaction),
    })),
  };
}

const felts = (values: readonly Felt[]): string[] => values.map(formatFelt);
const rows = (values: readonly (readonly Felt[])[]): string[][] => values.map(felts);

function block({ block: b }: Scenario): unknown {
  const prices = [b.gasPrices.l1Gas, b.gasPrices.l1DataGas, b.gasPrices.l2Gas];
  return {
    version: b.starknetVersion,
    number: formatFelt(BigInt(b.blockNumber)),
    timestamp: formatFelt(BigInt(b.timestamp)),
    sequencer: formatFelt(b.sequencerAddress),
    blob: b.l1DaMode === 'BLOB',
    chainId: 'CAIRN_DEV',
    wei: felts(prices.map((p) => p.priceInWei)),
    fri: felts(prices.map((p) => p.priceInFri)),
  };
}

function transaction(scenario: ScenarioTransaction): unknown {
  const { transaction: tx, hash, sierraLength, abiLength, paidFeeOnL1Wei, flags } = scenario;
  const shared = { type: tx.type, hash: formatFelt(hash), nonce: formatFelt(tx.nonce ?? 0n) };
  switch (tx.type) {
    case 'L1_HANDLER':
      return {
        ...shared,
        contractAddress: formatFelt(tx.contractAddress),
        selector: formatFelt(tx.entryPointSelector),
        calldata: felts(tx.calldata),
        paidFee: formatFelt(paidFeeOnL1Wei ?? 0n),
      };
    case 'INVOKE':
      return {
        ...shared,
        ...v3(tx, flags),
        sender: formatFelt(tx.senderAddress),
        calldata: felts(tx.calldata),
        accountDeploymentData: felts(tx.accountDeploymentData),
      };
    case 'DECLARE':
      return {
        ...shared,
        ...v3(tx, flags),
        sender: formatFelt(tx.senderAddress),
        classHash: formatFelt(tx.classHash),
        compiledClassHash: formatFelt(tx.compiledClassHash),
        accountDeploymentData: felts(tx.accountDeploymentData),
        sierraLength: formatFelt(BigInt(sierraLength ?? 0)),
        abiLength: formatFelt(BigInt(abiLength ?? 0)),
      };
    case 'DEPLOY_ACCOUNT':
      return {
        ...shared,
        ...v3(tx, flags),
        sender: formatFelt(deployedAddress(tx)),
        classHash: formatFelt(tx.classHash),
        salt: formatFelt(tx.contractAddressSalt),
        calldata: felts(tx.constructorCalldata),
        accountDeploymentData: [],
      };
  }
}

function v3(tx: AccountTransaction, flags: ScenarioTransaction['flags']): object {
  const bound = (b = { maxAmount: 0n, maxPricePerUnit: 0n }) => felts([b.maxAmount, b.maxPricePerUnit]);
  const { l1Gas, l1DataGas, l2Gas } = tx.resourceBounds;
  return {
    bounds: { l1: bound(l1Gas), l2: bound(l2Gas), l1Data: bound(l1DataGas) },
    tip: formatFelt(tx.tip),
    signature: felts(tx.signature),
    paymasterData: felts(tx.paymasterData),
    nonceDa: tx.nonceDataAvailabilityMode,
    feeDa: tx.feeDataAvailabilityMode,
    flags: flags ?? {},
  };
}
