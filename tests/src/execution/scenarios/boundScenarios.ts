import { feeTokenBalanceKey } from '@cairn/execution';
import { STRK } from '../devChain.ts';
import {
  BALANCE,
  DEPLOYER,
  FAULTY,
  NOBODY,
  POOR,
  type Scenario,
  type ScenarioTransaction,
} from '../scenario.ts';
import * as s from '../script.ts';
import {
  amount,
  block,
  bound,
  EXECUTE,
  hashed,
  join,
  KINDS,
  probeInvoke,
  unitPrice,
  V3,
  VERSIONS,
} from './builders.ts';

/** Bounds, balances, tips and flags. */
export function boundScenarios(): Scenario[] {
  const scenarios: Scenario[] = [];
  for (const version of VERSIONS) {
    for (const [kind, k] of Object.entries({ gg: KINDS.gg, sg: KINDS.sg })) {
      const sender = k.own[0]!;
      const work = join(s.spin(100), s.writeMany(0x100n, 4), s.message(7n, 2));
      const cases: Record<string, ScenarioTransaction> = {
        'L2 gas exceeded': probeInvoke(sender, work, { resourceBounds: amount('l2Gas', 2_000_000n) }),
        'L2 gas exceeded by overhead': probeInvoke(sender, s.writeMany(0x100n, 20), {
          resourceBounds: amount('l2Gas', 9_000_000n),
        }),
        'L1 gas exceeded': probeInvoke(sender, work, { resourceBounds: amount('l1Gas', 10_000n) }),
        'L1 data gas exceeded': probeInvoke(sender, work, { resourceBounds: amount('l1DataGas', 200n) }),
        'all exceeded': probeInvoke(sender, work, {
          resourceBounds: {
            l1Gas: bound(0n, 10n ** 12n),
            l2Gas: bound(1_500_000n, 10n ** 11n),
            l1DataGas: bound(128n, 10n ** 12n),
          },
        }),
        'L2 amount below the minimum': probeInvoke(sender, [], { resourceBounds: amount('l2Gas', 1000n) }),
        'L1 data amount below the minimum': probeInvoke(sender, [], {
          resourceBounds: amount('l1DataGas', 127n),
        }),
        'prices below the block': probeInvoke(sender, [], {
          resourceBounds: {
            l1Gas: bound(0n, 1n),
            l2Gas: bound(10n ** 9n, 8_000_000_002n),
            l1DataGas: bound(10n, 1n),
          },
        }),
        'price equal to the block': probeInvoke(sender, [], {
          resourceBounds: unitPrice('l2Gas', 8_000_000_003n),
        }),
        'L2 bound at the minimum': probeInvoke(sender, [], { resourceBounds: amount('l2Gas', 600_000n) }),
        'L2 bound too small to enter': probeInvoke(sender, [], {
          resourceBounds: amount('l2Gas', 520_000n),
          validation: s.spin(10),
        }),
        'out of gas': probeInvoke(sender, s.spin(100_000), { resourceBounds: amount('l2Gas', 30_000_000n) }),
        'out of gas in an inner call, caught': probeInvoke(
          sender,
          join(s.callProbe(k.other[0]!, s.spin(100_000), 'swallow'), s.write(1n, 1n)),
          { resourceBounds: amount('l2Gas', 30_000_000n) },
        ),
        'out of gas after a caught failure': probeInvoke(
          sender,
          join(s.callProbe(k.other[0]!, s.panic(1n), 'swallow'), s.spin(100_000)),
          { resourceBounds: amount('l2Gas', 30_000_000n) },
        ),
        'keccak out of gas': probeInvoke(sender, s.keccak(1700), {
          resourceBounds: amount('l2Gas', 20_000_000n),
        }),
        'a large bound': probeInvoke(sender, work, { resourceBounds: amount('l2Gas', 5n * 10n ** 9n) }),
        tip: probeInvoke(sender, work, { tip: 123_456_789n }),
        'tip and too little L2 gas': probeInvoke(sender, work, {
          tip: 5_000_000_000n,
          resourceBounds: amount('l2Gas', 2_000_000n),
        }),
        'bounds above the balance': probeInvoke(sender, work, {
          resourceBounds: amount('l2Gas', 10n ** 14n),
        }),
        'a poor sender': probeInvoke(POOR, work),
        'wrong nonce': probeInvoke(sender, work, { nonce: 3n }),
        'later nonce allowed': probeInvoke(sender, work, {
          nonce: 3n,
          rest: { flags: { strictNonce: false } },
        }),
        'no validation': probeInvoke(sender, work, {
          validation: s.panic(),
          rest: { flags: { validate: false } },
        }),
        'a query': probeInvoke(sender, s.executionInfo, { rest: { flags: { query: true } } }),
        'a query with a meta transaction': probeInvoke(
          sender,
          s.metaTx(k.other[0]!, EXECUTE, s.probeCalldata(s.executionInfo), [3n]),
          { rest: { flags: { query: true } } },
        ),
        // Without a fee our engine is not bound by the L2 amount, which a simulation may leave at 0.
        'no fee': probeInvoke(sender, work, {
          rest: { flags: { chargeFee: false } },
          resourceBounds: amount('l2Gas', 10n ** 10n),
        }),
        'no fee, a revert': probeInvoke(sender, join(work, s.panic(1n)), {
          rest: { flags: { chargeFee: false } },
          resourceBounds: amount('l2Gas', 10n ** 10n),
        }),
        'all fields of version 3': probeInvoke(sender, s.executionInfo, {
          paymasterData: [],
          nonceDataAvailabilityMode: 'L1',
          signature: [1n, 2n, 3n, 4n, 5n],
          tip: 99n,
        }),
        'no signature': probeInvoke(sender, [], { signature: [] }),
        'a missing sender': probeInvoke(NOBODY, []),
        'a sender that is no account': probeInvoke(DEPLOYER, []),
        'an account that fails in the VM': hashed({
          type: 'INVOKE',
          ...V3,
          senderAddress: FAULTY.gas,
          calldata: [],
          accountDeploymentData: [],
        }),
      };
      const storage = [NOBODY, DEPLOYER, FAULTY.gas].map(
        (address) => [STRK, feeTokenBalanceKey(address), BALANCE] as const,
      );
      for (const [name, tx] of Object.entries(cases)) {
        for (const mode of ['BLOB', 'CALLDATA'] as const) {
          scenarios.push({
            name: `${version} ${kind} bounds: ${name}${mode === 'BLOB' ? '' : ', calldata'}`,
            block: block(version, mode),
            transactions: [tx],
            storage,
          });
        }
      }
    }
  }
  return scenarios;
}
