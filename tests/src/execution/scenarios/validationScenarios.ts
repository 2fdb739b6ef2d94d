import { CLASS, type Scenario } from '../scenario.ts';
import * as s from '../script.ts';
import {
  block,
  EXECUTE,
  join,
  KINDS,
  type Kinds,
  NEW_KEY,
  OLD_KEY,
  probeInvoke,
  short,
  VERSIONS,
} from './builders.ts';

/** What validation may and may not do. */
const VALIDATIONS: Record<string, (k: Kinds) => s.Script> = {
  'execution info': (k) => join(s.executionInfo, s.callProbe(k.own[0]!, s.executionInfo)),
  'read and write': () => join(s.write(NEW_KEY, 1n), s.write(OLD_KEY, 1n), s.emit(1, 1), s.message(3n, 3)),
  'own call': (k) => s.callProbe(k.own[0]!, s.write(NEW_KEY, 1n)),
  'own call that panics, caught': (k) => join(s.callProbe(k.own[0]!, s.panic(5n), 'swallow')),
  'foreign call': (k) => s.callProbe(k.own[1]!, []),
  'library call': (k) => s.libraryProbe(k.otherClass, s.write(NEW_KEY, 1n)),
  'library call to a foreign call': (k) => s.libraryProbe(k.otherClass, s.callProbe(k.own[1]!, [])),
  deploy: (k) => s.deploy(k.ownClass, 1n, [0n]),
  'replace the class': (k) => s.replaceClass(k.otherClass),
  'block hash': () => s.blockHash(90n),
  'recent block hash': () => s.blockHash(91n),
  'class hash at': (k) => s.classHashAt(k.own[0]!),
  'meta transaction': (k) => s.metaTx(k.own[0]!, EXECUTE, [0n, 0n], []),
  'meta transaction with another selector': (k) => s.metaTx(k.own[0]!, 1n, [], [], 'swallow'),
  panic: () => s.panic(short('not me'), 1n),
  'panic in an own call': (k) => s.callProbe(k.own[0]!, s.panic(short('inner'))),
  'missing contract in a library call': () => s.libraryCall(CLASS.undeclared, 1n, []),
  'wrong answer': () => s.answer(0n),
  builtins: () => s.builtins(5),
  'out of gas': () => s.spin(200_000),
  'all the gas of the bound': () => s.spin(300_000),
};

export function validationScenarios(): Scenario[] {
  return VERSIONS.flatMap((version) =>
    Object.entries(KINDS).flatMap(([kind, k]) =>
      Object.entries(VALIDATIONS).map(([name, validation]) => ({
        name: `${version} ${kind} validate: ${name}`,
        block: block(version, 'BLOB'),
        transactions: [
          probeInvoke(k.own[0]!, s.write(1n, 1n), {
            validation:
              name === 'wrong answer' ? validation(k) : join(s.answer(short('VALID')), validation(k)),
          }),
        ],
      })),
    ),
  );
}
