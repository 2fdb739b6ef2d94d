import { STRK_TOKEN } from '@cairn/node';
import { CairnError, formatFelt, parseFelt } from '@cairn/primitives';
import {
  PROOFS_PATH,
  type RollupManifest,
  type StepVerdict,
  type TransactionProofJson,
  verifyTransactionProof,
} from '@cairn/proving';
import { rpcCall } from '@cairn/runtime';
import { l1Reader } from '@cairn/settlement';

/** Errors of `cairn verify --tx`. */
export type VerifyErrorCode = 'PROOF_NOT_SERVED';

/** Of whom a transaction's proof is asked, and what is trusted. */
export interface TransactionQuestion {
  readonly hash: string;
  /** Any node that has the proof; nothing that it says is trusted. */
  readonly url: string;
  /** An Ethereum node; that of the rollup when absent. */
  readonly l1Url?: string;
  /** The core contract that is trusted; the one the node names when absent. */
  readonly core?: string;
}

/** Checks a transaction from its bytes to L1, step by step. @throws CairnError when a node does not answer. */
export async function* verifyTransaction(question: TransactionQuestion): AsyncGenerator<StepVerdict> {
  const { hash, url } = question;
  const rollup = await rpcCall<RollupManifest & { l1Url: string }>(url, 'cairn_getRollup');
  const chainId = await rpcCall<string>(url, 'starknet_chainId');
  const proof = await rpcCall<TransactionProofJson>(url, 'cairn_getTransactionProof', {
    transaction_hash: formatFelt(parseFelt(hash)),
  });
  const file = proof.batch.proof === null ? new Uint8Array() : await proofFile(url, proof.batch.proof.file);
  yield* verifyTransactionProof(
    {
      transactionHash: parseFelt(hash),
      chain: { chainId: parseFelt(chainId), strkTokenAddress: STRK_TOKEN },
      l1: { reader: l1Reader(question.l1Url ?? rollup.l1Url) },
      core: (question.core ?? rollup.core) as `0x${string}`,
    },
    proof,
    file,
  );
}

async function proofFile(url: string, file: string): Promise<Uint8Array> {
  const response = await fetch(`${url}${PROOFS_PATH}/${file}`);
  if (!response.ok)
    throw new CairnError<VerifyErrorCode>('PROOF_NOT_SERVED', `${url} does not serve proof ${file}`);
  return new Uint8Array(await response.arrayBuffer());
}
