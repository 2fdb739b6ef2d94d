import { feeTokenBalanceKey } from '@cairn/execution';
import { type Felt, selectorFromName } from '@cairn/primitives';
import { type DeclareV3, type DeployAccountV3, deployedAddress } from '@cairn/protocol';
import { ACCOUNT, type Call, SEQUENCER, STRK, signatureOf, signedInvoke } from '../devChain.ts';
import {
  BALANCE,
  CLASS,
  CLASSES,
  DEPLOYER,
  NOBODY,
  PROBE,
  type Scenario,
  type ScenarioTransaction,
  TOKEN_STEPS,
} from '../scenario.ts';
import * as s from '../script.ts';
import {
  amount,
  block,
  hashed,
  join,
  l1Handler,
  NEW_KEY,
  ownInvoke,
  probeInvoke,
  short,
  TRANSFER,
  transfer,
  V3,
  VERSIONS,
} from './builders.ts';

/** Our account, its token and deployer: what users do. */
export function userScenarios(): Scenario[] {
  const scenarios: Scenario[] = [];
  for (const version of VERSIONS) {
    for (const mode of ['BLOB', 'CALLDATA'] as const) {
      const add = (name: string, ...transactions: ScenarioTransaction[]): void => {
        scenarios.push({
          name: `${version} user: ${name}${mode === 'BLOB' ? '' : ', calldata'}`,
          block: block(version, mode),
          transactions,
        });
      };
      add(
        'transfers to a new and to a known account',
        ownInvoke([transfer(0x777n, 1000n)]),
        ownInvoke([transfer(0x777n, 1000n)], { nonce: 1n }),
        ownInvoke([transfer(ACCOUNT, 1000n)], { nonce: 2n }),
        ownInvoke([transfer(SEQUENCER, 1000n)], { nonce: 3n }),
      );
      add('a multicall', ownInvoke([1n, 2n, 3n, 4n].map((i) => transfer(0x700n + i, i))));
      add('no calls', ownInvoke([]));
      add(
        'mixed tokens',
        ownInvoke([transfer(1n, 5n, TOKEN_STEPS), transfer(2n, 5n), transfer(3n, 5n, TOKEN_STEPS)]),
      );
      add('a transfer above the balance', ownInvoke([transfer(0x777n, 1n), transfer(0x777n, 2n * BALANCE)]));
      add('a transfer of the whole balance', ownInvoke([transfer(0x777n, BALANCE)]));
      add('a wrong signature', hashed({ ...signedInvoke([]), signature: [1n, 2n] }));
      const deployCall = (classHash: Felt, unique: boolean, calldata: Felt[]): Call => ({
        to: DEPLOYER,
        selector: selectorFromName('deployContract'),
        calldata: [classHash, 5n, unique ? 1n : 0n, BigInt(calldata.length), ...calldata],
      });
      add(
        'deployments',
        ownInvoke([deployCall(CLASS.deployer, true, [])]),
        ownInvoke([deployCall(CLASS.deployer, false, [])], { nonce: 1n }),
        ownInvoke([deployCall(CLASS.account, true, [0x123n])], { nonce: 2n }),
        ownInvoke([deployCall(CLASS.account, true, [0x123n])], { nonce: 3n }),
        ownInvoke([deployCall(CLASS.account, false, [])], { nonce: 4n }),
        ownInvoke([deployCall(CLASS.gas, true, s.scriptCalldata(s.writeMany(0n, 3)))], { nonce: 5n }),
      );
      // The sequencer pays itself.
      scenarios.push({
        name: `${version} user: the sequencer${mode === 'BLOB' ? '' : ', calldata'}`,
        block: block(version, mode),
        transactions: [
          probeInvoke(SEQUENCER, s.write(1n, 1n)),
          probeInvoke(SEQUENCER, s.call(STRK, TRANSFER, [0x777n, 5n, 0n]), { nonce: 1n }),
        ],
        contracts: [[SEQUENCER, CLASS.gas]],
        storage: [[STRK, feeTokenBalanceKey(SEQUENCER), BALANCE]],
      });
      add('declarations', ...declarations());
      add('account deployments', ...accountDeployments());
      add('messages from L1', ...l1Handlers());
    }
  }
  return scenarios;
}

function declarations(): ScenarioTransaction[] {
  const declare = (changes: Partial<DeclareV3>, signed = true): ScenarioTransaction => {
    const { compiledHash } = CLASSES.find((c) => c.hash === CLASS.undeclared)!;
    const tx: DeclareV3 = {
      type: 'DECLARE',
      ...V3,
      senderAddress: ACCOUNT,
      classHash: CLASS.undeclared,
      compiledClassHash: compiledHash,
      accountDeploymentData: [],
      ...changes,
    };
    return hashed(signed ? { ...tx, signature: signatureOf(tx) } : tx, {
      sierraLength: 1234,
      abiLength: 567,
    });
  };
  return [
    declare({ resourceBounds: amount('l2Gas', 1_000_000n) }),
    declare({ senderAddress: PROBE.steps[0] }, false),
    declare({ nonce: 0n }),
    declare({ senderAddress: PROBE.gas[0], classHash: CLASS.undeclared }, false),
    declare(
      {
        senderAddress: PROBE.gas[0],
        classHash: CLASS.gas,
        compiledClassHash: CLASSES.find((c) => c.hash === CLASS.gas)!.compiledHash,
      },
      false,
    ),
  ];
}

function accountDeployments(): ScenarioTransaction[] {
  const make = (changes: Partial<DeployAccountV3>): DeployAccountV3 => ({
    type: 'DEPLOY_ACCOUNT',
    ...V3,
    classHash: CLASS.gas,
    contractAddressSalt: 9n,
    constructorCalldata: s.scriptCalldata([]),
    ...changes,
  });
  const funded = (tx: DeployAccountV3): ScenarioTransaction[] => [
    probeInvoke(PROBE.gas[0], s.call(STRK, TRANSFER, [deployedAddress(tx), 10n ** 21n, 0n]), {
      nonce: nonce++,
    }),
    hashed(tx),
  ];
  let nonce = 0n;
  return [
    make({}),
    make({}),
    make({ classHash: CLASS.steps }),
    make({ constructorCalldata: s.scriptCalldata(join(s.writeMany(0n, 3), s.emit(2, 2), s.executionInfo)) }),
    make({ constructorCalldata: s.scriptCalldata(s.panic(short('ctor'))) }),
    make({ constructorCalldata: s.scriptCalldata(s.callProbe(PROBE.gas[1], [])) }),
    make({
      constructorCalldata: s.scriptCalldata(s.write(1n, 1n)),
      resourceBounds: amount('l1DataGas', 250n),
    }),
    make({ constructorCalldata: [5n] }),
    make({ classHash: CLASS.undeclared }),
    make({ classHash: CLASS.deployer, constructorCalldata: [] }),
    make({ nonce: 1n }),
  ].flatMap((tx, i) => (i === 1 ? [hashed(tx)] : funded(tx)));
}

function l1Handlers(): ScenarioTransaction[] {
  return [PROBE.gas, PROBE.steps].flatMap(([first, second]) => [
    l1Handler(first, []),
    l1Handler(first, join(s.write(NEW_KEY, 1n), s.emit(1, 1), s.executionInfo)),
    l1Handler(first, s.message(1n, 0)),
    l1Handler(first, s.forwardAbsentFields),
    l1Handler(first, s.callProbe(second, s.write(1n, 1n))),
    l1Handler(first, join(s.write(2n, 1n), s.panic(short('refused')))),
    l1Handler(first, s.callProbe(second, s.panic(short('refused')))),
    l1Handler(first, s.call(NOBODY, 1n, [])),
    l1Handler(first, s.writeMany(0x200n, 50)),
    l1Handler(first, s.message(1n, 20)),
    l1Handler(first, s.spin(200_000)),
    l1Handler(first, [], 0n),
    l1Handler(first, s.panic(), 0n),
    l1Handler(NOBODY, []),
    l1Handler(first, [], 1n, { entryPointSelector: 5n }),
    l1Handler(first, [], 1n, { calldata: [1n] }),
    l1Handler(first, [], 1n, { calldata: [] }),
  ]);
}
