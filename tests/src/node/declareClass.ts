import { readFileSync } from 'node:fs';
import { parseCasmClass } from '@cairn/cairo';
import type { DevAccount } from '@cairn/node';
import { type Felt, sign } from '@cairn/primitives';
import {
  compiledClassHash,
  type DeclareV3,
  type SierraClass,
  sierraClassHash,
  transactionHash,
} from '@cairn/protocol';
import { readContractClass } from '@cairn/rpc';
import { signedInvoke } from './wallet.ts';

/** A signed declaration of a class in `contracts/`, and the class. */
export function signedDeclare(
  account: DevAccount,
  chainId: Felt,
  nonce: number,
  name: string,
): { transaction: DeclareV3; sierraClass: SierraClass } {
  const path = new URL(`contracts/${name}.json`, import.meta.url);
  const { sierra, casm } = JSON.parse(readFileSync(path, 'utf8'));
  const sierraClass = readContractClass(sierra, 'class');
  const { calldata: _, proofFacts: __, ...fields } = signedInvoke(account, chainId, nonce, []);
  const declare: DeclareV3 = {
    ...fields,
    type: 'DECLARE',
    classHash: sierraClassHash(sierraClass),
    compiledClassHash: compiledClassHash(parseCasmClass(casm), 'blake2s'),
    resourceBounds: {
      ...fields.resourceBounds,
      l2Gas: { ...fields.resourceBounds.l2Gas, maxAmount: 1_000_000_000n },
    },
  };
  const { r, s } = sign(account.privateKey, transactionHash(declare, chainId));
  return { transaction: { ...declare, signature: [r, s] }, sierraClass };
}
