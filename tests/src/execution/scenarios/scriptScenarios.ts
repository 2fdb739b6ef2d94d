import { selectorFromName } from '@cairn/primitives';
import { contractAddress } from '@cairn/protocol';
import { SEQUENCER, STRK } from '../devChain.ts';
import { BALANCE, CLASS, NOBODY, type Scenario, TOKEN_STEPS } from '../scenario.ts';
import * as s from '../script.ts';
import {
  block,
  EXECUTE,
  join,
  KINDS,
  type Kinds,
  NEW_KEY,
  nested,
  OLD_KEY,
  probeInvoke,
  SECP256K1_PRIME,
  short,
  TRANSFER,
  VERSIONS,
} from './builders.ts';

/** What a transaction executes, by name; each runs in every combination of kinds. */
const SCRIPTS: Record<string, (k: Kinds) => s.Script> = {
  nothing: () => [],
  'write a new key': () => s.write(NEW_KEY, 5n),
  'write an old key': () => s.write(OLD_KEY, 5n),
  'clear an old key': () => s.write(OLD_KEY, 0n),
  'write an old key back': () => join(s.write(OLD_KEY, 5n), s.write(OLD_KEY, 7n)),
  'write zero to a new key': () => s.write(NEW_KEY, 0n),
  'write and clear a new key': () => join(s.write(NEW_KEY, 5n), s.write(NEW_KEY, 0n)),
  'write many keys': (k) => join(s.writeMany(0x100n, 20), s.callProbe(k.other[0]!, s.writeMany(0x100n, 7))),
  'read keys': () => join(s.read(OLD_KEY), s.read(NEW_KEY)),
  'write in two contracts': (k) => join(s.write(NEW_KEY, 1n), s.callProbe(k.other[0]!, s.write(NEW_KEY, 2n))),
  'events with keys': (k) =>
    join(s.emit(0, 0), s.emit(3, 5), s.callProbe(k.other[0]!, s.emit(1, 300)), s.emit(50, 0)),
  'event with too many keys': () => s.emit(51, 0),
  'event with too much data': (k) => s.callProbe(k.other[0]!, s.emit(0, 301)),
  'events of a caught failure': (k) =>
    join(
      s.emit(1, 1),
      s.callProbe(
        k.other[0]!,
        join(s.emit(2, 2), s.callProbe(k.own[1]!, s.emit(3, 3)), s.panic(short('no'))),
        'swallow',
      ),
      s.emit(4, 4),
    ),
  'messages to L1': (k) =>
    join(s.message(0x11n, 0), s.message((1n << 160n) - 1n, 9), s.callProbe(k.other[0]!, s.message(5n, 3))),
  'message to a large address': () => s.message(1n << 160n, 1),
  'message of a caught failure': (k) =>
    join(s.callProbe(k.other[0]!, join(s.message(1n, 1), s.panic()), 'swallow'), s.message(2n, 2)),
  panic: () => s.panic(short('bad thing'), 5n),
  'panic with nothing': () => s.panic(),
  'panic with zero': () => s.panic(0n),
  'panic with control characters': () => s.panic(0x61090a62n, 0x610062n, 0x6100n, 0x7fn, 2n ** 250n),
  'panic with a string': () => s.panicWithString,
  'panic with odd strings': () =>
    s.panic(
      0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3n,
      0n,
      0x41000a22ffn,
      6n,
      1n,
      0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3n,
      9n,
      1n,
    ),
  'panic with an empty string': () =>
    s.panic(0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3n, 0n, 0n, 0n),
  'panic with much data': () => s.panic(...Array.from({ length: 290 }, (_, i) => 2n ** 250n + BigInt(i))),
  'panic in an inner call': (k) => s.callProbe(k.other[0]!, s.panic(short('inner'))),
  'panic in an inner call, caught': (k) =>
    join(
      s.callProbe(k.other[0]!, join(s.write(NEW_KEY, 1n), s.panic(short('inner'))), 'swallow'),
      s.write(NEW_KEY, 3n),
    ),
  'panic in an inner call, replaced': (k) => s.callProbe(k.other[0]!, s.panic(short('inner')), 'own'),
  'panic four calls deep': (k) => nested(k, 4, s.panic(short('deep'))),
  'panic four calls deep, caught half way': (k) =>
    join(
      s.callProbe(
        k.other[0]!,
        s.callProbe(
          k.own[1]!,
          join(s.write(1n, 1n), s.callProbe(k.other[1]!, s.panic(short('deep'))), s.write(2n, 2n)),
          'swallow',
        ),
      ),
      s.write(3n, 3n),
    ),
  'panic in one of two equal calls': (k) =>
    join(
      s.callProbe(k.other[0]!, s.panic(short('same')), 'swallow'),
      s.callProbe(k.other[1]!, s.panic(short('same'))),
    ),
  'panic that fakes a failed call': () => s.panic(1n, short('ENTRYPOINT_FAILED')),
  'entry point not found': (k) => s.call(k.other[0]!, 0x123n, []),
  'entry point not found, caught': (k) => s.call(k.other[0]!, 0x123n, [1n], 'swallow'),
  'calldata that does not parse': (k) => s.call(k.other[0]!, s.RUN_SCRIPT, [7n, 1n]),
  'missing contract': () => s.call(NOBODY, 1n, []),
  'missing contract, caught in vain': () => s.call(NOBODY, 1n, [], 'swallow'),
  'missing contract two calls deep': (k) => nested(k, 2, s.call(NOBODY, 1n, [2n])),
  'call to the largest address': () => s.call(2n ** 251n - 257n, 1n, []),
  'call of __execute__': (k) => s.call(k.other[0]!, EXECUTE, [0n, 0n], 'swallow'),
  'VM failure': (k) => s.call(k.faulty, selectorFromName('assert'), []),
  'VM failure two calls deep': (k) =>
    join(s.spin(50), nested(k, 2, join(s.spin(10), s.call(k.faulty, selectorFromName('assert'), [])))),
  'malformed return': (k) => s.call(k.faulty, selectorFromName('leave'), []),
  'VM failure in a library call': (k) => s.libraryCall(k.faultyClass, selectorFromName('assert'), []),
  'out of gas': (k) => s.callProbe(k.other[0]!, s.spin(200_000), 'swallow'),
  'out of gas at the top': () => s.spin(200_000),
  'other address domain': () => s.writeOtherDomain,
  'library call': (k) => join(s.libraryProbe(k.otherClass, join(s.write(NEW_KEY, 9n), s.emit(1, 1)))),
  'library call that panics': (k) => s.libraryProbe(k.otherClass, s.panic(short('lib'))),
  'library call that panics, caught': (k) =>
    join(s.libraryProbe(k.otherClass, join(s.write(5n, 5n), s.panic(short('lib'))), 'swallow'), s.read(5n)),
  'library call to a missing contract': (k) => s.libraryProbe(k.otherClass, s.call(NOBODY, 1n, [])),
  'library call of an undeclared class': () => s.libraryCall(CLASS.undeclared, 1n, []),
  'call then library call': (k) =>
    s.callProbe(k.other[0]!, s.libraryProbe(k.ownClass, join(s.executionInfo, s.write(1n, 1n)))),
  'replace the class': (k) => s.callProbe(k.own[1]!, s.replaceClass(k.otherClass)),
  'replace the class, then call': (k) =>
    join(
      s.callProbe(k.other[0]!, s.replaceClass(CLASS.token)),
      s.call(k.other[0]!, s.RUN_SCRIPT, [0n], 'swallow'),
    ),
  'replace the class and fail, caught': (k) =>
    join(
      s.callProbe(k.other[0]!, join(s.replaceClass(CLASS.token), s.panic()), 'swallow'),
      s.callProbe(k.other[0]!, s.answer(1n)),
    ),
  'replace the own class': (k) => s.replaceClass(k.otherClass),
  'replace the class by an undeclared one': () => s.replaceClass(CLASS.undeclared),
  deploy: (k) => s.deploy(k.otherClass, 1n, s.scriptCalldata(join(s.write(NEW_KEY, 1n), s.emit(1, 1)))),
  'deploy from zero twice': (k) =>
    join(
      s.deploy(k.otherClass, 1n, s.scriptCalldata([]), 'pass', true),
      s.deploy(k.otherClass, 1n, s.scriptCalldata([]), 'pass', true),
    ),
  'deploy without a constructor': () => s.deploy(CLASS.deployer, 3n, []),
  'deploy without a constructor, with calldata': () => s.deploy(CLASS.deployer, 3n, [1n]),
  'deploy an undeclared class': () => s.deploy(CLASS.undeclared, 3n, []),
  'deploy with a panic': (k) =>
    s.deploy(k.otherClass, 1n, s.scriptCalldata(s.panic(short('ctor'))), 'swallow'),
  'deploy with a panic, one call down': (k) =>
    s.callProbe(k.other[0]!, s.deploy(k.otherClass, 1n, s.scriptCalldata(s.panic(short('ctor'))))),
  'deploy with a missing contract': (k) =>
    s.deploy(k.otherClass, 1n, s.scriptCalldata(s.call(NOBODY, 1n, []))),
  'deploy whose constructor deploys': (k) =>
    s.deploy(k.otherClass, 1n, s.scriptCalldata(s.deploy(k.ownClass, 2n, s.scriptCalldata(s.executionInfo)))),
  'deploy and call': (k) =>
    join(
      s.deploy(k.otherClass, 1n, s.scriptCalldata([]), 'pass', true),
      s.callProbe(
        contractAddress({ deployer: 0n, salt: 1n, classHash: k.otherClass, constructorCalldata: [0n] }),
        s.write(1n, 1n),
      ),
    ),
  'deploy in a caught failure': (k) =>
    s.callProbe(k.other[0]!, join(s.deploy(k.otherClass, 1n, s.scriptCalldata([])), s.panic()), 'swallow'),
  'keccak of no words': () => s.keccak(0),
  'keccak of 3 rounds': (k) => join(s.keccak(51), s.callProbe(k.other[0]!, s.keccak(17))),
  'keccak of a bad length': () => join(s.keccak(16, 'swallow'), s.keccak(18)),
  'keccak of an integer': () => s.keccakOfInteger(2n ** 200n + 9n),
  sha256: (k) => join(s.sha256(3), s.callProbe(k.other[0]!, s.sha256(40))),
  // Priced from 0.14.3 on; before, the syscall costs the base price only.
  sha512: (k) => join(s.sha512(3), s.sha512(200), s.callProbe(k.other[0]!, s.sha512(0))),
  'secp256k1 multiply and add': (k) =>
    join(s.secpMultiply('k1', 12345n), s.callProbe(k.other[0]!, s.secpMultiply('k1', 2n ** 255n))),
  'secp256r1 multiply and add': () => s.secpMultiply('r1', 2n ** 256n - 1n),
  'secp multiply by zero': () => join(s.secpMultiply('k1', 0n), s.secpMultiply('r1', 0n)),
  'secp multiply to infinity': () =>
    s.secpMultiply('k1', 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140n),
  'secp from x': () =>
    join(s.secpFromX('k1', 1n), s.secpFromX('k1', 5n), s.secpFromX('r1', 0n), s.secpFromX('r1', 1n)),
  'secp from a large x': () => s.secpFromX('k1', SECP256K1_PRIME),
  'secp from coordinates': () =>
    join(s.secpNew('k1', 0n, 0n), s.secpNew('k1', 1n, 1n), s.secpNew('r1', 5n, 5n), s.secpNew('r1', 0n, 0n)),
  'secp from large coordinates': () => s.secpNew('k1', 1n, SECP256K1_PRIME),
  'execution info': (k) => join(s.executionInfo, s.executionInfo, s.callProbe(k.other[0]!, s.executionInfo)),
  'block hash': () => join(s.blockHash(2n), s.blockHash(90n), s.blockHash(50n)),
  'block hash of a recent block': () => join(s.blockHash(91n, 'swallow'), s.blockHash(91n)),
  'block hash of a far block': () => s.blockHash(2n ** 64n - 1n),
  'class hash at': (k) => join(s.classHashAt(k.other[0]!), s.classHashAt(NOBODY), s.classHashAt(STRK)),
  'meta transaction': (k) =>
    s.metaTx(k.other[0]!, EXECUTE, s.probeCalldata(join(s.executionInfo, s.write(1n, 1n))), [1n, 2n]),
  'meta transaction, nested call': (k) =>
    join(
      s.metaTx(k.other[0]!, EXECUTE, s.probeCalldata(s.callProbe(k.own[2]!, s.executionInfo)), []),
      s.executionInfo,
    ),
  'meta transaction that panics': (k) =>
    s.metaTx(k.other[0]!, EXECUTE, s.probeCalldata(s.panic(short('meta'))), [1n]),
  'meta transaction that panics, caught': (k) =>
    join(
      s.metaTx(k.other[0]!, EXECUTE, s.probeCalldata(s.panic(short('meta'))), [1n], 'swallow'),
      s.executionInfo,
    ),
  'meta transaction with another selector': (k) => s.metaTx(k.other[0]!, s.RUN_SCRIPT, [0n], [], 'swallow'),
  'meta transaction with absent fields': (k) =>
    s.metaTx(k.other[0]!, EXECUTE, s.probeCalldata(s.forwardAbsentFields), []),
  'meta transaction to nobody': () => s.metaTx(NOBODY, EXECUTE, [0n, 0n], []),
  'calls that alternate': (k) =>
    join(
      nested(k, 6, join(s.builtins(1), s.write(NEW_KEY, 1n))),
      s.callProbe(k.other[1]!, s.libraryProbe(k.ownClass, s.callProbe(k.own[2]!, s.spin(20)))),
    ),
  builtins: (k) => join(s.builtins(3), s.callProbe(k.other[0]!, s.builtins(2))),
  dictionary: (k) => join(s.dict(12), s.callProbe(k.other[0]!, s.dict(3))),
  circuit: (k) => join(s.circuit, s.callProbe(k.other[0]!, s.circuit)),
  blake: (k) => join(s.blake(3), s.callProbe(k.other[0]!, s.blake(1))),
  'long return data': (k) =>
    s.callProbe(k.other[0]!, s.answer(...Array.from({ length: 100 }, (_, i) => BigInt(i)))),
  'fee token transfer inside': () => s.call(STRK, TRANSFER, [0x777n, 5n, 0n]),
  'step-tracked token transfer': () => s.call(TOKEN_STEPS, TRANSFER, [0x777n, 5n, 0n]),
  'spend the whole balance': () => s.call(STRK, TRANSFER, [0x777n, BALANCE, 0n]),
  'spend all but a little': () => s.call(STRK, TRANSFER, [0x777n, BALANCE - 1_000n, 0n]),
  'touch the sequencer balance': () => s.call(STRK, TRANSFER, [SEQUENCER, 1n, 0n]),
};

/** Scripts that run with other data availability and prices too. */
const CALLDATA_SCRIPTS = [
  'nothing',
  'write a new key',
  'write an old key back',
  'write many keys',
  'messages to L1',
  'panic',
  'deploy',
  'replace the class',
  'spend all but a little',
];

export function scriptScenarios(): Scenario[] {
  const scenarios: Scenario[] = [];
  for (const version of VERSIONS) {
    for (const [kind, k] of Object.entries(KINDS)) {
      for (const [name, script] of Object.entries(SCRIPTS)) {
        const transactions = [probeInvoke(k.own[0]!, script(k))];
        scenarios.push({ name: `${version} ${kind} ${name}`, block: block(version, 'BLOB'), transactions });
        if (CALLDATA_SCRIPTS.includes(name)) {
          scenarios.push({
            name: `${version} ${kind} ${name}, calldata`,
            block: block(version, 'CALLDATA'),
            transactions,
          });
        }
      }
    }
  }
  return scenarios;
}
