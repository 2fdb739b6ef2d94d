import { feeTokenBalanceKey } from '@cairn/execution';
import { getPublicKey, selectorFromName } from '@cairn/primitives';
import type { InvokeV3 } from '@cairn/protocol';
import { type Call, PRIVATE_KEY, STRK, signatureOf, signedInvoke } from '../devChain.ts';
import { BALANCE, CLASS, NOBODY, type Scenario, type ScenarioTransaction } from '../scenario.ts';
import { amount, BOUNDS, block, hashed, TRANSFER, transfer, VERSIONS } from './builders.ts';

const ACCOUNT = 0x02a1n;
const TOKEN = 0x02a2n;

/** Classes of other projects, charged by steps: OpenZeppelin's account and token. */
export function vectorScenarios(): Scenario[] {
  const invoke = (calls: readonly Call[], changes: Partial<InvokeV3> = {}): ScenarioTransaction => {
    const { signature: _, ...tx } = signedInvoke(calls, {
      resourceBounds: BOUNDS,
      senderAddress: ACCOUNT,
      ...changes,
    });
    return hashed({ ...tx, signature: signatureOf({ ...tx, signature: [] }) });
  };
  const cases: Record<string, readonly ScenarioTransaction[]> = {
    transfers: [
      invoke([transfer(0x777n, 5n)]),
      invoke([transfer(0x777n, 5n), transfer(0x778n, 6n, TOKEN)], { nonce: 1n }),
    ],
    'a transfer above the balance': [invoke([transfer(0x777n, 2n * BALANCE, TOKEN)])],
    'a missing contract': [invoke([transfer(1n, 1n), { to: NOBODY, selector: TRANSFER, calldata: [1n] }])],
    'a missing entry point': [invoke([{ to: TOKEN, selector: 1n, calldata: [] }])],
    'too little gas': [
      invoke([transfer(0x777n, 5n), transfer(0x778n, 6n, TOKEN)], {
        resourceBounds: amount('l2Gas', 2_000_000n),
      }),
    ],
  };
  return VERSIONS.flatMap((version) =>
    Object.entries(cases).map(([name, transactions]) => ({
      name: `${version} vectors: ${name}`,
      block: block(version, 'BLOB'),
      transactions,
      contracts: [
        [ACCOUNT, CLASS.openZeppelinAccount],
        [TOKEN, CLASS.openZeppelinToken],
      ] as const,
      storage: [
        [ACCOUNT, selectorFromName('Account_public_key'), getPublicKey(PRIVATE_KEY)],
        [STRK, feeTokenBalanceKey(ACCOUNT), BALANCE],
        [TOKEN, feeTokenBalanceKey(ACCOUNT), BALANCE],
      ] as const,
    })),
  );
}
