import { STRK_TOKEN } from '@cairn/node';
import { parseFelt } from '@cairn/primitives';
import type { BatchProofJson } from '@cairn/proving';
import { formatTransaction } from '@cairn/rpc';
import { rpc } from '../e2e/cairnProcess.ts';
import { signedInvoke, transferCall } from '../node/wallet.ts';
import { acceptedOnL1, settlingChain } from '../settlement/testRollup.ts';

interface Result {
  name: string;
  value: number;
  unit: string;
}

const TIMEOUT_MS = 900_000;
/**
 * Blocks of 1, 10 and 100 transfers from a wallet to a state that anvil's contracts have accepted: seconds of each stage,
 * bytes of the proof, gas on L1 for the block and for each transfer.
 */
export async function runSettleBench({ smoke }: { smoke: boolean }): Promise<Result[]> {
  const node = await settlingChain('--block-mode', 'demand');
  const call = async (method: string, params: unknown = {}) => {
    const { result, error } = await rpc(node.url, method, params);
    if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  };
  const results: Result[] = [];
  try {
    const chainId = parseFelt(await call('starknet_chainId'));
    const [from, to] = await call('devnet_getPredeployedAccounts');
    const sender = { address: parseFelt(from.address), privateKey: parseFelt(from.private_key) };
    let nonce = 0;
    for (const count of smoke ? [1] : [1, 10, 100]) {
      let last = '';
      const started = performance.now();
      for (let i = 0; i < count; i++) {
        const transfer = signedInvoke(sender, chainId, nonce++, [
          transferCall(STRK_TOKEN, parseFelt(to.address), 1n),
        ]);
        const sent = await call('starknet_addInvokeTransaction', {
          invoke_transaction: formatTransaction(transfer, new Set()),
        });
        last = sent.transaction_hash;
      }
      for (;;) {
        const { finality_status } = await call('starknet_getTransactionStatus', { transaction_hash: last });
        if (finality_status === 'PRE_CONFIRMED') break;
      }
      await call('devnet_createBlock');
      await acceptedOnL1(node.url, last, TIMEOUT_MS);
      const seconds = (performance.now() - started) / 1000;
      const proof: BatchProofJson = await call('cairn_getProof', { transaction_hash: last });
      results.push(...resultsOf(count, seconds, proof));
    }
  } finally {
    await node.stop();
  }
  return results;
}

function resultsOf(count: number, seconds: number, proof: BatchProofJson): Result[] {
  const { os_run: run, proof: file, data_publication: data, verification, state_update: update } = proof;
  const gas = data!.gas_used + verification!.gas_used + update!.gas_used;
  return [
    ...(count === 1 ? [{ name: 'send-to-l1', value: seconds, unit: 's' }] : []),
    { name: `gas-per-block-${count}`, value: gas, unit: 'gas' },
    { name: `gas-per-transfer-${count}`, value: gas / count, unit: 'gas' },
    { name: `seconds-${count}`, value: seconds, unit: 's' },
    { name: `os-run-${count}`, value: run!.seconds, unit: 's' },
    { name: `steps-${count}`, value: run!.steps, unit: 'steps' },
    { name: `prove-${count}`, value: file!.seconds, unit: 's' },
    { name: `proof-bytes-${count}`, value: file!.bytes, unit: 'B' },
    { name: `data-words-${count}`, value: run!.data_words, unit: 'words' },
    { name: `verify-on-l1-${count}`, value: verification!.seconds, unit: 's' },
    { name: `state-update-${count}`, value: update!.seconds, unit: 's' },
  ];
}
