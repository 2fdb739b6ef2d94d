import { type Felt, selectorFromName } from '@cairn/primitives';
import { STRK } from '../devChain.ts';
import { CLASS, DEPLOYER, FAULTY, NOBODY, PROBE, type Scenario } from '../scenario.ts';
import * as s from '../script.ts';
import { BOUNDS, block, l1Handler, probeInvoke } from './builders.ts';

/** Scripts nobody thought of: random operations in random call trees under random bounds. */
export function randomScenarios(seed: number, count: number): Scenario[] {
  return Array.from({ length: count }, (_, i) => randomScenario(seed + i));
}

function randomScenario(seed: number): Scenario {
  const random = new Random(seed);
  const sender = random.pick([...PROBE.gas, ...PROBE.steps]);
  let nonce = 0n;
  const transactions = Array.from({ length: 1 + random.below(3) }, () => {
    const l2Gas = random.pick([10n ** 8n, 10n ** 8n, 10n ** 7n, 3n * 10n ** 6n, 1_500_000n]);
    const l1DataGas = random.pick([10n ** 5n, 10n ** 5n, 10n ** 5n, 400n]);
    const l1Gas = random.pick([10n ** 6n, 10n ** 6n, 30_000n]);
    if (random.below(8) === 0) {
      const to = random.pick([...PROBE.gas, ...PROBE.steps]);
      return l1Handler(to, script(random, to, 2, false));
    }
    return probeInvoke(sender, script(random, sender, 3, false), {
      nonce: nonce++,
      validation: random.below(4) === 0 ? script(random, sender, 1, true) : [],
      tip: BigInt(random.below(3) * 1000),
      resourceBounds: {
        l1Gas: { ...BOUNDS.l1Gas, maxAmount: l1Gas },
        l2Gas: { ...BOUNDS.l2Gas, maxAmount: l2Gas },
        l1DataGas: { ...BOUNDS.l1DataGas, maxAmount: l1DataGas },
      },
    });
  });
  const mode = random.below(4) === 0 ? 'CALLDATA' : 'BLOB';
  return { name: `random ${seed}`, block: block(random.pick(['0.14.2', '0.14.4']), mode), transactions };
}

function script(random: Random, own: Felt, depth: number, validation: boolean): s.Script {
  const operations = Array.from({ length: 1 + random.below(5) }, () =>
    operation(random, own, depth, validation),
  );
  // Validation answers with what comes first.
  return [...(validation ? s.answer(0x56414c4944n) : []), ...operations.flat()];
}

function operation(random: Random, own: Felt, depth: number, validation: boolean): s.Script {
  const key = (): Felt => random.pick([1n, 2n, 3n, 0x01dn, 0x01dn]);
  const handling = (): s.OnFailure => random.pick(['pass', 'swallow', 'swallow', 'own'] as const);
  const probe = (): Felt => (validation ? own : random.pick([...PROBE.gas, ...PROBE.steps]));
  const probeClass = (): Felt => random.pick([CLASS.gas, CLASS.steps]);
  if (depth > 0) {
    const choice = random.below(10);
    const inner = (at: Felt): s.Script => script(random, at, depth - 1, false);
    if (choice < 3) {
      const to = probe();
      return s.callProbe(to, inner(to), handling());
    }
    if (choice === 3) return s.libraryProbe(probeClass(), inner(own), handling());
    if (choice === 4 && !validation) {
      const salt = BigInt(random.below(3));
      return s.deploy(probeClass(), salt, s.scriptCalldata(inner(own)), handling(), random.below(2) === 0);
    }
    if (choice === 5 && !validation && random.below(2) === 0) {
      const to = probe();
      return s.metaTx(to, selectorFromName('__execute__'), s.probeCalldata(inner(to)), [1n], handling());
    }
  }
  return random.pick<() => s.Script>([
    () => s.read(key()),
    () => s.write(key(), BigInt(random.below(3))),
    () => s.write(key(), BigInt(random.below(3))),
    () => s.write(key(), 7n),
    () => s.write(0x100n + BigInt(random.below(30)), 1n),
    () => s.emit(random.below(4), random.below(4)),
    () => s.message(BigInt(random.below(9)), random.below(4)),
    () => s.spin(random.below(60)),
    () => s.builtins(random.below(2)),
    () => s.dict(random.below(6)),
    () => s.keccak(17 * random.below(3)),
    () => s.answer(5n),
    () => s.executionInfo,
    () => (random.below(3) === 0 ? s.panic(BigInt(random.below(4)), key()) : s.read(key())),
    () => (random.below(4) === 0 ? s.replaceClass(probeClass()) : s.read(key())),
    () =>
      random.below(4) === 0 && !validation
        ? s.call(random.pick([NOBODY, DEPLOYER, STRK]), 5n, [], handling())
        : s.emit(1, 1),
    () =>
      random.below(8) === 0 && !validation
        ? s.call(
            random.pick([FAULTY.gas, FAULTY.steps]),
            selectorFromName(random.pick(['assert', 'leave'])),
            [],
          )
        : s.write(key(), 9n),
    () =>
      validation
        ? []
        : s.call(STRK, selectorFromName('transfer'), [probe(), BigInt(random.below(3)), 0n], handling()),
    () => (validation ? [] : s.classHashAt(probe())),
    () => s.blockHash(BigInt(random.below(95)), handling()),
    () => (random.below(3) === 0 ? s.circuit : s.blake(random.below(3))),
    () => (random.below(10) === 0 ? s.spin(20_000) : s.read(key())),
  ])();
}

/** A small generator of random numbers: xorshift32. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  }

  below(limit: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
