import { selectorFromName } from '@cairn/primitives';
import { PROBE, type Scenario, type ScenarioTransaction } from '../scenario.ts';
import * as s from '../script.ts';
import { amount, block, join, KINDS, probeInvoke, VERSIONS } from './builders.ts';

/** Limits of steps, depth and events. */
export function limitScenarios(): Scenario[] {
  const scenarios: Scenario[] = [];
  for (const version of VERSIONS) {
    const add = (name: string, ...transactions: ScenarioTransaction[]): void => {
      scenarios.push({ name: `${version} limits: ${name}`, block: block(version, 'BLOB'), transactions });
    };
    for (const [kind, k] of Object.entries(KINDS)) {
      const chain = (depth: number): s.Script => {
        let script = s.write(1n, 1n);
        for (let i = 0; i < depth; i++) script = s.callProbe(k.other[0]!, script);
        return script;
      };
      add(`${kind} depth 49`, probeInvoke(k.own[0]!, chain(49)));
      add(`${kind} depth 50`, probeInvoke(k.own[0]!, chain(50)));
      add(
        `${kind} panic at depth 40`,
        probeInvoke(
          k.own[0]!,
          Array.from({ length: 40 }).reduce<s.Script>(
            (inner) => s.callProbe(k.other[0]!, inner),
            s.panic(1n),
          ),
        ),
      );
      add(
        `${kind} steps run out`,
        probeInvoke(k.own[0]!, s.call(k.faulty, selectorFromName('spin'), []), {
          // Few enough for a class without gas to be stopped soon.
          resourceBounds: kind.endsWith('s') ? amount('l2Gas', 3_000_000n) : amount('l2Gas', 2_000_000n),
        }),
      );
    }
    const events = (count: number): s.Script => Array.from({ length: count }, () => s.emit(0, 0)).flat();
    add('1000 events', probeInvoke(PROBE.gas[0], events(1000)));
    add('1001 events', probeInvoke(PROBE.gas[0], events(1001)));
    add(
      '1001 events, some of a caught failure',
      probeInvoke(
        PROBE.gas[0],
        join(s.callProbe(PROBE.gas[1], join(events(500), s.panic()), 'swallow'), events(1000)),
      ),
    );
    add(
      '1001 events by steps',
      probeInvoke(PROBE.steps[0], join(events(700), s.callProbe(PROBE.gas[0], events(301)))),
    );
  }
  return scenarios.filter(({ name }) => !/(gg|sg) steps run out/.test(name) || name.includes('sg'));
}
