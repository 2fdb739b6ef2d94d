import { expect, it } from 'vitest';
import { Metrics } from './metrics.ts';

it('counts calls and errors by method, and reads what it watches when asked', async () => {
  const metrics = new Metrics();
  let height = 4;
  metrics.watch('cairn_block_number', 'Newest block', () => height);
  metrics.callAnswered('starknet_call', 0.002, undefined);
  metrics.callAnswered('starknet_call', 0.2, 40);
  height = 5;
  const lines = (await metrics.text()).split('\n');
  expect(lines).toContain('cairn_block_number 5');
  expect(lines).toContain('cairn_rpc_call_seconds_count{method="starknet_call"} 2');
  expect(lines).toContain('cairn_rpc_call_seconds_bucket{le="0.005",method="starknet_call"} 1');
  expect(lines).toContain('cairn_rpc_errors_total{method="starknet_call",code="40"} 1');
  expect(metrics.contentType).toContain('text/plain');
});

it('keeps registries apart', async () => {
  new Metrics().callAnswered('a', 1, 1);
  expect(await new Metrics().text()).not.toContain('method="a"');
});
