import * as s from '../../../../tests/src/execution/script.ts';
import {
  CLASS,
  executable,
  executionChain,
  PROBE,
  PROBE_TWIN,
  STRK,
  signedInvoke,
} from './executionChain.ts';
import { TestChain } from './testChain.ts';

const KEYS = [0n, 1n, 2n, 127n, 128n, 0x300n, 1n << 200n, (1n << 250n) + 5n];
const FAILURES: readonly s.OnFailure[] = ['pass', 'swallow', 'swallow', 'own'];
const MAX_DEPTH = 3;

/** Numbers below a bound, the same for the same seed. */
class Random {
  #state: bigint;

  constructor(seed: number) {
    this.#state = BigInt(seed) * 0x9e3779b97f4a7c15n + 1n;
  }

  below(bound: number): number {
    this.#state = (this.#state * 6364136223846793005n + 1442695040888963407n) % (1n << 64n);
    return Number((this.#state >> 33n) % BigInt(bound));
  }

  oneOf<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** A chain of blocks with random transactions: nested calls, self-calls, library calls, deployments, reverts, collisions. */
export function randomChain(seed: number, blockCount: number): TestChain {
  const random = new Random(seed);
  const chain = new TestChain(executionChain().state.diff());
  const nonces = { probe: 0n, account: 0n };
  for (let i = 0; i < blockCount; i++) {
    const transactions = Array.from({ length: random.below(4) }, () => {
      if (random.below(4) === 0) {
        const calldata = [0x77n + BigInt(random.below(3)), BigInt(random.below(5)), 0n];
        const call = { to: STRK, selector: 'transfer', calldata };
        return signedInvoke([call], { nonce: nonces.account++ });
      }
      const script = randomScript(random, 0);
      return signedInvoke([], {
        senderAddress: PROBE,
        calldata: s.probeCalldata(script),
        nonce: nonces.probe++,
      });
    });
    chain.addBlock(transactions.map(executable));
  }
  return chain;
}

function randomScript(random: Random, depth: number): s.Script {
  return Array.from({ length: 1 + random.below(4) }, () => randomOperation(random, depth)).flat();
}

function randomOperation(random: Random, depth: number): s.Script {
  const key = random.oneOf(KEYS);
  const value = BigInt(random.below(3));
  const operations: (() => s.Script)[] = [
    () => s.read(key),
    () => s.write(key, value),
    () => s.write(key, value),
    () => s.emit(random.below(3), random.below(4)),
    () => s.message(random.oneOf([9n, 1n << 159n]), random.below(4)),
    () => s.classHashAt(random.oneOf([PROBE, STRK, 0xdead1n])),
    () => (random.below(3) === 0 ? s.panic(value) : s.write(key, value)),
    () => (random.below(4) === 0 ? s.keccak(17) : s.dict(3)),
    () => s.blockHash(0n, 'swallow'),
  ];
  if (depth < MAX_DEPTH)
    operations.push(
      () =>
        s.callProbe(
          random.oneOf([PROBE, PROBE_TWIN]),
          randomScript(random, depth + 1),
          random.oneOf(FAILURES),
        ),
      () =>
        s.callProbe(
          random.oneOf([PROBE, PROBE_TWIN]),
          randomScript(random, depth + 1),
          random.oneOf(FAILURES),
        ),
      () => s.libraryProbe(CLASS.probe, randomScript(random, depth + 1), random.oneOf(FAILURES)),
      () => s.deploy(CLASS.probe, BigInt(random.below(3)), s.scriptCalldata([]), random.oneOf(FAILURES)),
    );
  return random.oneOf(operations)();
}
