import { STRK_TOKEN, signInvoke, transferCall } from '@cairn/node';
import { CairnError, formatFelt, parseFelt } from '@cairn/primitives';
import type { BatchProofJson, RollupManifest } from '@cairn/proving';
import { formatTransaction } from '@cairn/rpc';
import { rpcCall } from '@cairn/runtime';
import type { Command } from 'commander';
import { print } from '../output.ts';

/** Errors of the demo. */
export type DemoErrorCode = 'DEMO_FAILED';

/** fri. */
const AMOUNT = 10n ** 15n;
const POLL_MS = 100;
const TIMEOUT_MS = 600_000;

interface Account {
  address: string;
  private_key: string;
}

/** `cairn demo`: follows one transfer from a wallet to a state that L1 has accepted, with times and sizes. */
export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description('send a transfer to a running chain, and follow it until L1 has accepted it')
    .option('--rpc <url>', 'the node', 'http://127.0.0.1:5050')
    .option('--json', 'print JSON lines')
    .action(async ({ rpc, json = false }: { rpc: string; json?: boolean }) => {
      const rollup = await until('the rollup to be ready', Date.now(), () =>
        rpcCall<RollupManifest>(rpc, 'cairn_getRollup').catch(whileStarting),
      );
      const started = Date.now();
      const tell = (event: string, details: Record<string, unknown>, text: string) => {
        const seconds = (Date.now() - started) / 1000;
        print(json, { ...details, event, seconds }, () => `${seconds.toFixed(1).padStart(6)} s  ${text}`);
      };
      const { transactionHash, sender, recipient } = await sendTransfer(rpc);
      tell(
        'sent',
        { transactionHash, sender, recipient, amountFri: String(AMOUNT) },
        `sent: ${AMOUNT} fri from ${sender} to ${recipient}\n          transaction ${transactionHash}`,
      );
      const block = await until('the transaction to be in a block', started, async () => {
        const receipt = await rpcCall<{
          block_number?: number;
          execution_status: string;
          revert_reason?: string;
        }>(rpc, 'starknet_getTransactionReceipt', { transaction_hash: transactionHash }).catch(
          () => undefined,
        );
        if (receipt?.execution_status === 'REVERTED')
          throw failed(`the transfer was reverted: ${receipt.revert_reason}`);
        const status = await statusOf(rpc, transactionHash);
        return status !== 'PRE_CONFIRMED' ? receipt?.block_number : undefined;
      });
      tell('accepted on L2', { block }, `accepted on L2 in block ${block}`);
      const batchWith = (part: keyof BatchProofJson) => async () => {
        const batch = await rpcCall<BatchProofJson | null>(rpc, 'cairn_getProof', { block_number: block });
        const dead = batch?.jobs.find(({ status }) => status === 'dead');
        if (dead) throw failed(`${dead.kind} of block ${block}: ${dead.error}`);
        return batch?.[part] == null ? undefined : batch;
      };
      const { os_run: run } = await until('the OS run', started, batchWith('os_run'));
      tell('OS run', { steps: run!.steps }, `the Starknet OS has run over it: ${number(run!.steps)} steps`);
      const { proof } = await until('the proof', started, batchWith('proof'));
      tell(
        'proven',
        { proofBytes: proof!.bytes, prover: proof!.prover },
        `proven: a STARK of ${number(proof!.bytes)} bytes by ${proof!.prover}, verified by the node`,
      );
      const { verification } = await until('the verifier contract', started, batchWith('verification'));
      tell(
        'verified on L1',
        { ...verification },
        `verified on L1: contract ${verification!.verifier} has checked the STARK in ${verification!.transactions.length} transactions, ${number(verification!.gas_used)} gas\n          event FactRegistered(${verification!.fact})`,
      );
      const { state_update: update } = await until('the state update', started, batchWith('state_update'));
      await until('the node to see it', started, async () =>
        (await statusOf(rpc, transactionHash)) === 'ACCEPTED_ON_L1' ? true : undefined,
      );
      tell(
        'accepted on L1',
        {
          core: rollup.core,
          transactionHash,
          l1TransactionHash: update!.transaction_hash,
          gasUsed: update!.gas_used,
        },
        `accepted on L1: core contract ${rollup.core} has the new state root, ${number(update!.gas_used)} gas\n          check it yourself: cairn verify --tx ${transactionHash}`,
      );
    });
}

/** A transfer between the first two accounts of the dev chain. */
async function sendTransfer(rpc: string) {
  const [from, to] = await rpcCall<Account[]>(rpc, 'devnet_getPredeployedAccounts');
  if (from === undefined || to === undefined)
    throw failed('the chain has no two funded accounts: start it with --accounts 2 or more');
  const address = parseFelt(from.address);
  const [chainId, nonce, header] = await Promise.all([
    rpcCall<string>(rpc, 'starknet_chainId'),
    rpcCall<string>(rpc, 'starknet_getNonce', { block_id: 'pre_confirmed', contract_address: from.address }),
    rpcCall<Record<string, { price_in_fri: string }>>(rpc, 'starknet_getBlockWithTxHashes', {
      block_id: 'latest',
    }),
  ]);
  const bound = (price: string, maxAmount: bigint) => ({
    maxAmount,
    maxPricePerUnit: 2n * BigInt(header[price]!.price_in_fri),
  });
  const transaction = signInvoke(
    { address, privateKey: parseFelt(from.private_key) },
    parseFelt(chainId),
    [transferCall(STRK_TOKEN, parseFelt(to.address), AMOUNT)],
    {
      nonce: BigInt(nonce),
      resourceBounds: {
        l1Gas: bound('l1_gas_price', 10_000n),
        l2Gas: bound('l2_gas_price', 20_000_000n),
        l1DataGas: bound('l1_data_gas_price', 10_000n),
      },
    },
  );
  const { transaction_hash: transactionHash } = await rpcCall<{ transaction_hash: string }>(
    rpc,
    'starknet_addInvokeTransaction',
    { invoke_transaction: formatTransaction(transaction, new Set()) },
  );
  return { transactionHash, sender: formatFelt(address), recipient: to.address };
}

async function statusOf(rpc: string, transactionHash: string): Promise<string> {
  const status = await rpcCall<{ finality_status: string }>(rpc, 'starknet_getTransactionStatus', {
    transaction_hash: transactionHash,
  });
  return status.finality_status;
}

/** Asks again and again until there is an answer. @throws CairnError `DEMO_FAILED` after ten minutes. */
async function until<T>(what: string, startedMs: number, ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() - startedMs > TIMEOUT_MS)
      throw failed(`waited ${TIMEOUT_MS / 1000} s for ${what}; see \`cairn jobs\``);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** No answer yet. */
function whileStarting(error: unknown): undefined {
  if (error instanceof CairnError && /starting/.test(error.message)) return undefined;
  throw error;
}

const number = (value: number) => value.toLocaleString('en');

function failed(message: string): CairnError<DemoErrorCode> {
  return new CairnError('DEMO_FAILED', message);
}
