import { type Felt, formatFelt } from '@cairn/primitives';
import type { ExecutedBlock, ExecutionResult } from './runExecution.ts';

/** What the OS's execution of a block gave otherwise than the engine's, in words. */
export function differences(block: ExecutedBlock, result: ExecutionResult): string[] {
  return [...stateDifferences(block, result), ...recordDifferences(block, result)];
}

function stateDifferences({ parent, stateDiff }: ExecutedBlock, result: ExecutionResult): string[] {
  const found: string[] = [];
  const check = (what: string, got: unknown, expected: unknown): void => {
    if (got !== expected) found.push(`${what}: got ${got}, expected ${expected}`);
  };
  const touched = new Set([
    ...stateDiff.storage.keys(),
    ...stateDiff.nonces.keys(),
    ...stateDiff.deployedContracts.keys(),
    ...stateDiff.replacedClasses.keys(),
    ...result.contracts.keys(),
  ]);
  for (const address of touched) {
    const name = formatFelt(address);
    const contract = result.contracts.get(address);
    if (!contract) {
      found.push(`contract ${name} untouched`);
      continue;
    }
    check(`nonce of ${name}`, contract.nonce, stateDiff.nonces.get(address) ?? parent.nonceAt(address));
    check(
      `class of ${name}`,
      contract.classHash,
      stateDiff.deployedContracts.get(address) ??
        stateDiff.replacedClasses.get(address) ??
        parent.classHashAt(address),
    );
    const changes = stateDiff.storage.get(address) ?? new Map<Felt, Felt>();
    for (const key of new Set([...changes.keys(), ...contract.storage.keys()])) {
      const initial = parent.storageAt(address, key);
      const [before, after] = contract.storage.get(key) ?? [initial, initial];
      check(`storage ${formatFelt(key)} of ${name} before`, before, initial);
      check(`storage ${formatFelt(key)} of ${name}`, after, changes.get(key) ?? initial);
    }
  }
  for (const hash of new Set([...stateDiff.declaredClasses.keys(), ...result.classes.keys()])) {
    const initial = parent.compiledClassHash(hash);
    const [before, after] = result.classes.get(hash) ?? [initial, initial];
    check(`class ${formatFelt(hash)} before`, before, initial);
    check(`class ${formatFelt(hash)}`, after, stateDiff.declaredClasses.get(hash) ?? initial);
  }
  return found;
}

function recordDifferences({ executed }: ExecutedBlock, { records }: ExecutionResult): string[] {
  const found: string[] = [];
  for (const [i, { transaction, receipt }] of executed.entries()) {
    const record = records[i]!;
    const expected = {
      transactionHash: receipt.transactionHash,
      signature: transaction.type === 'L1_HANDLER' ? [] : transaction.signature,
      isReverted: receipt.revertReason !== undefined,
      actualFee: receipt.actualFee,
      l1Gas: receipt.resources.totalGasConsumed.l1Gas,
      l1DataGas: receipt.resources.totalGasConsumed.l1DataGas,
      messageFelts: receipt.messagesToL1.flatMap(({ fromAddress, toAddress, payload }) => [
        fromAddress,
        toAddress,
        BigInt(payload.length),
        ...payload,
      ]),
      events: receipt.events.map(({ fromAddress, keys, data }) => ({ fromAddress, keys, data })),
    };
    const [got, wanted] = [text(record), text(expected)];
    if (got !== wanted) found.push(`record of transaction ${i}: got ${got}, expected ${wanted}`);
  }
  return found;
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? formatFelt(field) : field));
}
