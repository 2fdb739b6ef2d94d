import { C96 } from '@cairn/stark';
import { InlinePool, WasmBackend } from '@cairn/stark/prover';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { setUpVerifier, verifyCall } from '../testing/askVerifier.ts';
import { measureGas } from '../testing/executionGas.ts';
import { proveStatement, verdictOf } from '../testing/proofs.ts';
import { tallyAir, tallyInput } from '../testing/testAirs.ts';

let chain: TestChain;
beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(() => chain?.stop());

/** EIP-7825: gas of one transaction. */
const TRANSACTION_GAS = 16_777_216;

it('c96 proofs are verified in one transaction', { timeout: 240_000 }, async () => {
  const backend = new WasmBackend({ pool: new InlinePool() });
  const input = tallyInput(
    Array.from({ length: 4000 }, (_, i) => (i * i) % 256),
    12,
  );
  const { key, publicValues, bytes } = await proveStatement(tallyAir, input, C96, { backend });
  expect(verdictOf(key, publicValues, bytes)).toBe('accepted');
  const manifest = await setUpVerifier(chain, 'TallyC96', key);
  const data = verifyCall(publicValues, bytes);
  const gas = await measureGas(chain, manifest.verifier, data);
  console.log(`2^12 rows, ${bytes.length} bytes of proof: ${JSON.stringify(gas)}`);
  // What the chain charges is what the figures say.
  const hash = await chain.wallet.sendTransaction({
    to: manifest.verifier,
    data,
    gas: BigInt(TRANSACTION_GAS),
  });
  const receipt = await chain.reader.waitForTransactionReceipt({ hash });
  expect(receipt.status).toBe('success');
  expect(Math.abs(Number(receipt.gasUsed) - gas.chargedGas)).toBeLessThan(10_000);
  expect(gas.chargedGas).toBeLessThan(3_000_000);
});
