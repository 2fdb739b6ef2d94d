import { feeTokenBalanceKey } from '@cairn/execution';
import { STRK } from '../devChain.ts';
import { BALANCE, CLASS, PROBE, type Scenario } from '../scenario.ts';
import * as s from '../script.ts';
import { block, join, probeInvoke, VERSIONS } from './builders.ts';

const V1_BOUND = 0xb001n;
const WITHOUT_DATA_GAS = 0xb002n;
/** The largest tip with which old accounts are still shown version 1. */
const MAX_TIP = 0x746a5288000n;

/** Classes of old accounts, by hash, that the protocol shows a changed transaction. */
export function oldAccountScenarios(): Scenario[] {
  const script = join(
    s.executionInfo,
    s.callProbe(PROBE.gas[1], s.executionInfo),
    s.libraryProbe(CLASS.gas, s.executionInfo),
    s.callProbe(PROBE.steps[1], s.libraryProbe(CLASS.v1Bound, s.executionInfo)),
    s.callProbe(PROBE.steps[1], s.libraryProbe(CLASS.withoutDataGas, s.executionInfo)),
  );
  return VERSIONS.flatMap((version) =>
    [V1_BOUND, WITHOUT_DATA_GAS].flatMap((sender) =>
      [0n, MAX_TIP, MAX_TIP + 1n].flatMap((tip) =>
        [false, true].map((query) => ({
          name: `${version} old account 0x${sender.toString(16)}, tip ${tip}${query ? ', query' : ''}`,
          block: block(version, 'BLOB'),
          transactions: [probeInvoke(sender, script, { tip, rest: { flags: { query } } })],
          contracts: [
            [V1_BOUND, CLASS.v1Bound],
            [WITHOUT_DATA_GAS, CLASS.withoutDataGas],
          ] as const,
          storage: [[STRK, feeTokenBalanceKey(sender), BALANCE]] as const,
        })),
      ),
    ),
  );
}
