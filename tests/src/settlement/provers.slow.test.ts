import { type ChildProcess, spawn } from 'node:child_process';
import { formatFelt } from '@cairn/primitives';
import { expect, it } from 'vitest';
import { rpc } from '../e2e/cairnProcess.ts';
import { acceptedOnL1, MAIN, settlingChain, until } from './testRollup.ts';

const TOKEN = 'open sesame';

it('two provers settle what a liar and a truant leave behind', async () => {
  const node = await settlingChain('--provers', '0', '--prover-token', TOKEN, '--batch-blocks', '1');
  const ask = async (method: string, params: object) => {
    const { result, error } = await rpc(node.url, method, { ...params, token: TOKEN });
    return { result, fault: `${error?.message ?? ''}: ${error?.data ?? ''}` };
  };
  const provers: ChildProcess[] = [];
  try {
    const hashes: string[] = [];
    for (const address of [1n, 2n]) {
      const { result } = await rpc(node.url, 'devnet_mint', { address: formatFelt(address), amount: 1 });
      hashes.push(result.tx_hash);
    }
    // Without the secret there is no work.
    const stranger = await rpc(node.url, 'cairn_takeProvingTask', { prover: 'stranger' });
    expect(stranger.error.data).toMatch(/^token: got another/);

    const take = (prover: string) =>
      until(async () => (await ask('cairn_takeProvingTask', { prover })).result ?? undefined);
    const lie = await take('liar');
    expect(lie.first_block).toBe(1);
    const rubbish = await ask('cairn_deliverProof', {
      ticket: lie.ticket,
      proof: Buffer.from('no proof').toString('base64'),
    });
    expect(rubbish.fault).toMatch(/not accepted/);
    // The lease is gone, and the liar waits.
    expect((await ask('cairn_deliverProof', { ticket: lie.ticket, proof: 'AA==' })).fault).toMatch(/ticket/);
    expect((await ask('cairn_takeProvingTask', { prover: 'liar' })).result).toBe(null);

    // It takes the same batch and is never heard of again.
    expect((await take('truant')).first_block).toBe(1);

    for (const name of ['first', 'second'])
      provers.push(
        spawn(
          process.execPath,
          [MAIN, 'run', 'prover', '--url', node.url, '--name', name, '--token', TOKEN, '--quiet'],
          { stdio: ['ignore', 'ignore', 'inherit'] },
        ),
      );
    for (const hash of hashes) await acceptedOnL1(node.url, hash);
    const { result } = await rpc(node.url, 'cairn_getProof', { block_number: 2 });
    expect(['first', 'second']).toContain(result.proof.prover);
  } finally {
    for (const prover of provers) prover.kill('SIGKILL');
    await node.stop();
  }
}, 600_000);
