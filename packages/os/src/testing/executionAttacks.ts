import { type CasmClass, offsetBy, type Relocatable } from '@cairn/cairo';
import { feeTokenBalanceKey } from '@cairn/execution';
import { type Felt, keccakF1600, selectorFromName, shortString } from '@cairn/primitives';
import type { InvokeV3, L1HandlerTransaction, Transaction } from '@cairn/protocol';
import * as s from '../../../../tests/src/execution/script.ts';
import { EXECUTION_HINTS } from '../execution/executionHints.ts';
import { executionRun } from '../execution/osHintState.ts';
import type { LibraryHint } from '../hints/libraryHint.ts';
import {
  CLASSES,
  declared,
  executable,
  executionChain,
  PROBE,
  PROBE_TWIN,
  STRK,
  signedInvoke,
} from './executionChain.ts';
import type { ForgeResponse } from './forgedSyscalls.ts';
import { type RawFunction, rawClass } from './rawContract.ts';
import { type ExecutedBlock, executeBlock, type Forgery, type SourceChange } from './runExecution.ts';

/** A false run: rejected because of the check, and accepted without it. */
export interface Attack {
  name: string;
  block: () => ExecutedBlock;
  /** Made anew for each run: lies count their uses. */
  forgery?: () => Omit<Forgery, 'withoutChecks'>;
  check: SourceChange | SourceChange[];
  /** Rejected at the end of the run, by what builtins prove. */
  isWhole?: boolean;
}

const RAW = 0x4a1n;
const RAW_CLASS = 0x4a2n;
const RAW_COMPILED = 0x4a3n;

/** An invoke of the probe account. */
function probeBlock(execution: s.Script, changes: Partial<InvokeV3> = {}): ExecutedBlock {
  const { state, environment } = executionChain();
  const transaction = {
    ...signedInvoke([], { senderAddress: PROBE, calldata: s.probeCalldata(execution), ...changes }),
  };
  return executeBlock(state, environment, [executable(transaction)]);
}

/** An account in any code; honest where nothing else is said. */
function rawAccount(changes: Readonly<Record<string, Partial<RawFunction>>> = {}): CasmClass {
  const valid = {
    body: "    tempvar valid = cast(new ('VALID',), felt);",
    results: { start: 'valid', end: 'valid + 1' },
  };
  return rawClass({
    __validate__: { ...valid, ...changes.__validate__ },
    __execute__: { body: '', ...changes.__execute__ },
  });
}

/** An invoke of that account, executed by the engine with one class and by the OS with another. */
function rawBlock(engine: CasmClass, os: CasmClass = engine, changes: Partial<InvokeV3> = {}): ExecutedBlock {
  const { state, environment } = executionChain();
  state.setCompiledClassHash(RAW_CLASS, RAW_COMPILED);
  state.setClassHash(RAW, RAW_CLASS);
  state.setStorage(STRK, feeTokenBalanceKey(RAW), 10n ** 24n);
  const { executableClass } = environment.classes;
  const classes = {
    executableClass: (hash: Felt) =>
      hash === RAW_CLASS ? { casm: engine, sierraVersion: '1.9.3' } : executableClass(hash),
  };
  const known = [...CLASSES, { hash: RAW_CLASS, compiledHash: RAW_COMPILED, casm: engine }];
  const transaction = signedInvoke([], { senderAddress: RAW, ...changes });
  const block = executeBlock(state, { ...environment, classes }, [executable(transaction)], known);
  return { ...block, classes: known.map((cls) => (cls.hash === RAW_CLASS ? { ...cls, casm: os } : cls)) };
}

/** The account's `__execute__` in the OS alone. */
const rawExecute = (os: Partial<RawFunction>, honest: Partial<RawFunction> = {}): ExecutedBlock =>
  rawBlock(rawAccount({ __execute__: honest }), rawAccount({ __execute__: { ...honest, ...os } }));

/** A request at syscall_ptr, its response behind it, and that both are stepped over. */
const request = (
  name: string,
  gas: string,
  cells: readonly string[],
  responseCells: number,
): Partial<RawFunction> => ({
  body: [
    ...[`'${name}'`, gas, ...cells].map((cell, i) => `    assert [syscall_ptr + ${i}] = ${cell};`),
    '    syscall:',
    `    let syscall_ptr = syscall_ptr + ${2 + cells.length + responseCells};`,
  ].join('\n'),
});

/** Changes the first response of a syscall. */
const respond = (
  syscall: string,
  forge: (
    cells: Parameters<ForgeResponse>[1],
    memory: Parameters<ForgeResponse>[2],
  ) => ReturnType<ForgeResponse>,
): ForgeResponse => {
  let isDone = false;
  return (name, cells, memory) => {
    if (isDone || name !== syscall) return cells;
    isDone = true;
    return forge(cells, memory);
  };
};

const moreGas = (syscall: string): ForgeResponse =>
  respond(syscall, ([gas, ...rest]) => [(gas as bigint) + 1n, ...rest]);
const otherValue = (syscall: string): ForgeResponse =>
  respond(syscall, (cells) => [...cells.slice(0, 2), (cells[2] as bigint) + 1n, ...cells.slice(3)]);

/** A hint that lies at its n-th use, from 0. */
function lieAt(name: string, use: number, lie: LibraryHint): Record<string, LibraryHint> {
  let count = 0;
  return { [name]: (h) => (count++ === use ? lie(h) : EXECUTION_HINTS[name]!(h)) };
}

const always = (name: string, lie: LibraryHint): Record<string, LibraryHint> => ({ [name]: lie });
const hint = (name: string): string => `cairn.execution.${name}`;
const reverted = always(hint('is_reverted'), () => true);
const check = (module: string, text: string, replacement?: string): SourceChange => ({
  module,
  text,
  replacement,
});

/** The block without the record of its n-th call: the prover says that it never ran. */
function withoutCall(block: ExecutedBlock, index: number): ExecutedBlock {
  const recorded = block.recorded.map((tx) => ({ ...tx, calls: tx.calls.filter((_, i) => i !== index) }));
  return { ...block, recorded };
}

const inner = (script: s.Script): s.Script => s.callProbe(PROBE_TWIN, script, 'swallow');

const RESPONSES: Attack[] = [
  {
    name: 'another caller in the execution info',
    block: () => probeBlock(s.executionInfo),
    forgery: () => ({
      response: respond('GetExecutionInfo', ([gas, flag, info], memory) => {
        const cells = [0, 1, 2, 3, 4].map((i) => memory.get(offsetBy(info as Relocatable, i))!);
        return [gas!, flag!, memory.allocate([cells[0]!, cells[1]!, 0xbadn, cells[3]!, cells[4]!])];
      }),
    }),
    check: check('plain_syscalls', 'assert response.execution_info = context.execution_info;'),
  },
  {
    name: 'gas for asking for the execution info',
    block: () => probeBlock(s.executionInfo),
    forgery: () => ({ response: moreGas('GetExecutionInfo') }),
    check: check('plain_syscalls', 'assert response.header.gas = gas - constants.get_execution_info_gas;'),
  },
  {
    name: 'gas for reading',
    block: () => rawExecute({}, request('StorageRead', 'gas', ['0', '5'], 3)),
    forgery: () => ({ response: moreGas('StorageRead') }),
    check: check('execute_call', 'assert read_response.header.gas = header.gas - price;'),
  },
  {
    name: 'gas for writing',
    block: () =>
      rawExecute(
        {},
        { ...request('StorageWrite', 'gas', ['0', '5', '6'], 2), results: { gas: 'gas - 100000' } },
      ),
    forgery: () => ({ response: moreGas('StorageWrite') }),
    check: check('execute_call', 'assert write_response.gas = header.gas - price;'),
  },
  {
    name: 'gas for an event',
    block: () => probeBlock(s.emit(1, 1)),
    forgery: () => ({ response: moreGas('EmitEvent') }),
    check: check('plain_syscalls', 'assert response.gas = request.header.gas - constants.emit_event_gas;'),
  },
  {
    name: 'gas for a message',
    block: () => probeBlock(s.message(5n, 1)),
    forgery: () => ({ response: moreGas('SendMessageToL1') }),
    check: check('plain_syscalls', 'assert response.gas = request.header.gas - price;'),
  },
  {
    name: 'another class of a contract',
    block: () => probeBlock(s.classHashAt(PROBE_TWIN)),
    forgery: () => ({ response: otherValue('GetClassHashAt') }),
    check: check('plain_syscalls', 'assert response.class_hash = class_hash;'),
  },
  {
    name: 'another class of the contract itself',
    block: () => probeBlock(s.classHashAt(PROBE)),
    forgery: () => ({ response: otherValue('GetClassHashAt') }),
    check: check(
      'plain_syscalls',
      'assert response.class_hash = cast(section.prev_value, StateEntry*).class_hash;',
    ),
  },
  {
    name: 'another block hash',
    block: () => probeBlock(s.blockHash(2n)),
    forgery: () => ({ response: otherValue('GetBlockHash') }),
    check: check('plain_syscalls', 'assert response.block_hash = block_hash;'),
  },
  {
    name: 'other data returned by a call',
    block: () => probeBlock(inner(s.answer(5n))),
    forgery: () => ({
      response: respond('CallContract', ([gas, flag, start, end], memory) => {
        const felts = memory.readFelts(start as Relocatable, (end as Relocatable).offset);
        const forged = memory.allocate([...felts.slice(0, -1), 6n]);
        return [gas!, flag!, forged, offsetBy(forged, felts.length)];
      }),
    }),
    check: check('syscall_gas', '    memcpy(dst=span_start, src=start, len=length);\n'),
  },
  {
    name: 'more data than a call returned',
    block: () => probeBlock(inner(s.answer(5n))),
    forgery: () => ({
      response: respond('CallContract', ([gas, flag, start, end], memory) => {
        memory.write(end as Relocatable, 7n);
        return [gas!, flag!, start!, offsetBy(end as Relocatable, 1)];
      }),
    }),
    check: check('syscall_gas', 'assert span_end = span_start + length + extra_count;'),
  },
  {
    name: 'another panic reason',
    block: () => probeBlock(inner(s.panic(5n))),
    forgery: () => ({
      response: respond('CallContract', ([gas, flag, start, end], memory) => {
        const felts = memory.readFelts(start as Relocatable, (end as Relocatable).offset);
        const forged = memory.allocate([...felts.slice(0, -1), 6n]);
        return [gas!, flag!, forged, offsetBy(forged, felts.length)];
      }),
    }),
    check: check('syscall_gas', 'assert span_start[length] = extra;', 'assert length = length;'),
  },
  {
    name: 'success of a failed call',
    block: () => probeBlock(inner(s.panic(5n))),
    forgery: () => ({ response: respond('CallContract', ([gas, , ...rest]) => [gas!, 0n, ...rest]) }),
    check: check('execute_call', 'assert response.header.failure_flag = outcome;'),
  },
  {
    name: 'gas left by a call',
    block: () => probeBlock(inner(s.answer(5n))),
    forgery: () => ({ response: moreGas('CallContract') }),
    check: check(
      'execute_call',
      '    let response = cast(syscall_ptr, CallResponse*);\n    assert response.header.gas = inner_gas;',
      '    let response = cast(syscall_ptr, CallResponse*);',
    ),
  },
  {
    name: 'another address of a new contract',
    block: () => probeBlock(s.deploy(0xc1a550n, 1n, [0n])),
    forgery: () => ({ response: otherValue('Deploy') }),
    check: check('execute_call', 'assert response.contract_address = address;'),
  },
  {
    name: 'gas left by a constructor',
    block: () => probeBlock(s.deploy(0xc1a550n, 1n, [1n, 0n].slice(1))),
    forgery: () => ({ response: moreGas('Deploy') }),
    check: check(
      'execute_call',
      '    let response = cast(syscall_ptr, DeployResponse*);\n    assert response.header.gas = inner_gas;',
      '    let response = cast(syscall_ptr, DeployResponse*);',
    ),
  },
  {
    name: 'another reason of a refused syscall',
    block: () => probeBlock(s.call(PROBE_TWIN, selectorFromName('__execute__'), [], 'swallow')),
    forgery: () => ({
      response: respond('CallContract', ([gas, flag], memory) => {
        const start = memory.allocate([6n]);
        return [gas!, flag!, start, offsetBy(start, 1)];
      }),
    }),
    check: check('syscall_gas', 'assert [response.start] = error;'),
  },
  {
    name: 'a syscall for which there would have been gas',
    block: () => rawExecute({}, request('StorageWrite', 'gas', ['0', '5', '6'], 4)),
    forgery: () => ({
      response: respond('StorageWrite', ([gas], memory) => {
        const start = memory.allocate([shortString('Out of gas')]);
        return [(gas as bigint) + 34_970n, 1n, start, offsetBy(start, 1)];
      }),
    }),
    check: check(
      'syscall_gas',
      'felt*}(gas, price) {\n    assert [range_check_ptr] = price - 1 - gas;',
      'felt*}(gas, price) {',
    ),
  },
  {
    name: 'a read that was not paid',
    block: () =>
      rawExecute(
        { ...request('StorageRead', '100', ['0', '5'], 3), results: { gas: 'gas - 100000' } },
        { ...request('StorageRead', '100', ['0', '5'], 4), results: { gas: 'gas - 100000' } },
      ),
    forgery: () => ({ response: respond('StorageRead', () => [100n - 8_070n, 0n, 0n]) }),
    check: check('execute_call', 'assert [range_check_ptr] = read_response.header.gas;'),
  },
  {
    name: 'a message that was not paid',
    block: () =>
      rawExecute(
        {
          ...request('SendMessageToL1', '100', ['5', 'calldata_start', 'calldata_start'], 2),
          results: { gas: 'gas - 100000' },
        },
        {
          ...request('SendMessageToL1', '100', ['5', 'calldata_start', 'calldata_start'], 4),
          results: { gas: 'gas - 100000' },
        },
      ),
    forgery: () => ({
      hints: always(hint('is_out_of_gas'), () => false),
      response: respond('SendMessageToL1', () => [100n - 4_470n, 0n]),
    }),
    check: check('syscall_gas', 'assert [range_check_ptr] = gas - price;'),
  },
];

const CODE: Attack[] = [
  {
    name: 'a gas counter that grew',
    block: () =>
      rawExecute(
        {},
        { ...request('StorageRead', '2 ** 60', ['0', '5'], 3), results: { gas: 'gas - 100000' } },
      ),
    check: check('execute_call', 'assert [range_check_ptr] = remaining_gas - header.gas;'),
  },
  {
    name: 'more gas returned than given',
    block: () => rawExecute({ results: { gas: 'gas + 10001' } }),
    check: check('execute_call', 'assert [range_check_ptr + 1] = remaining_gas - gas_left;'),
  },
  {
    name: 'negative gas returned',
    block: () =>
      rawBlock(rawAccount(), rawAccount({ __execute__: { results: { gas: '-1' } } }), {
        resourceBounds: LARGE_BOUNDS,
      }),
    check: check('execute_call', 'assert [range_check_ptr] = gas_left;'),
  },
  {
    name: 'a failure flag of 2',
    block: () => rawExecute({ results: { failure_flag: '2' } }),
    forgery: () => ({ hints: reverted }),
    check: check('run_contract', 'assert run.failure_flag * run.failure_flag = run.failure_flag;'),
  },
  {
    name: 'a builtin moved backward',
    block: () => rawExecute({ results: { poseidon_ptr: 'poseidon_ptr - 6' } }, { builtins: ['poseidon'] }),
    check: check(
      'run_contract',
      'assert [range_check_ptr] = ([returned] - [selected]) / kind.cells_per_instance;',
    ),
  },
  {
    name: 'a builtin moved by a part of an instance',
    block: () => rawExecute({ results: { mul_mod_ptr: 'mul_mod_ptr + 3' } }, { builtins: ['mul_mod'] }),
    check: check(
      'run_contract',
      'assert [range_check_ptr] = ([returned] - [selected]) / kind.cells_per_instance;',
    ),
  },
  {
    name: 'a dictionary that is not squashed',
    block: () =>
      rawExecute(
        {
          body: [
            '    assert [segment_arena_ptr] = [segment_arena_ptr - 3];',
            '    assert [segment_arena_ptr + 1] = 1;',
            '    assert [segment_arena_ptr + 2] = 0;',
          ].join('\n'),
          results: { segment_arena_ptr: 'segment_arena_ptr + 3' },
        },
        { builtins: ['segment_arena'] },
      ),
    check: check('run_contract', 'assert last.n_finalized = last.n_segments;'),
  },
  {
    name: 'another list of dictionaries',
    block: () =>
      rawExecute(
        {
          body: [
            '    assert [segment_arena_ptr] = calldata_start;',
            '    assert [segment_arena_ptr + 1] = 0;',
            '    assert [segment_arena_ptr + 2] = 0;',
          ].join('\n'),
          results: { segment_arena_ptr: 'segment_arena_ptr + 3' },
        },
        { builtins: ['segment_arena'] },
      ),
    check: check('run_contract', 'assert last.infos = first.infos;'),
  },
  {
    name: 'an entry point of another selector',
    block: () => rawBlock(rawAccount(), rawAccount()),
    forgery: () => ({
      // The account's __execute__ (the second call) runs __validate__, which stands behind or before it.
      hints: lieAt(hint('smaller_selectors'), 1, () =>
        selectorFromName('__execute__') < selectorFromName('__validate__') ? 1 : 0,
      ),
    }),
    check: check('entry_points', 'assert entry_point.selector = selector;'),
  },
  {
    name: 'a missing entry point that is there',
    block: () => withoutCall(rawBlock(rawAccount()), 1),
    forgery: () => ({ hints: { ...reverted, ...lieAt(hint('is_missing_selector'), 1, () => true) } }),
    check: check('entry_points', 'assert_lt_felt(selector, entry_point.selector);', 'assert_lt_felt(0, 1);'),
  },
  {
    name: 'a missing entry point before the place',
    block: () => withoutCall(rawBlock(rawAccount()), 1),
    forgery: () => ({
      hints: {
        ...reverted,
        ...lieAt(hint('is_missing_selector'), 1, () => true),
        ...lieAt(hint('smaller_selectors'), 1, (h) => h.felt('count')),
      },
    }),
    check: check('entry_points', 'assert_lt_felt(before.selector, selector);'),
  },
  {
    name: 'gas that would have sufficed to enter',
    block: () => withoutCall(rawBlock(rawAccount()), 1),
    forgery: () => ({ hints: { ...reverted, ...lieAt(hint('is_out_of_gas'), 1, () => true) } }),
    check: check(
      'syscall_gas',
      'out_of_gas:\n    assert [range_check_ptr] = price - 1 - gas;',
      'out_of_gas:',
    ),
  },
];

const EVENTS_AND_MESSAGES: Attack[] = [
  {
    name: 'too many keys, which are few',
    block: () => probeBlock(s.emit(1, 1)),
    forgery: () => ({
      hints: {
        ...reverted,
        ...lieAt(hint('is_event_refused'), 0, () => true),
        ...always(hint('has_too_many_keys'), () => true),
      },
    }),
    check: check('plain_syscalls', 'assert [range_check_ptr] = key_count - constants.max_event_keys - 1;'),
  },
  {
    name: 'too much data, which is little',
    block: () => probeBlock(s.emit(1, 1)),
    forgery: () => ({
      hints: {
        ...reverted,
        ...lieAt(hint('is_event_refused'), 0, () => true),
        ...always(hint('has_too_much_data'), () => true),
      },
    }),
    check: check('plain_syscalls', 'assert [range_check_ptr] = data_count - constants.max_event_data - 1;'),
  },
  {
    name: 'too many events, which are few',
    block: () => probeBlock(s.emit(1, 1)),
    forgery: () => ({ hints: { ...reverted, ...lieAt(hint('is_event_refused'), 0, () => true) } }),
    check: check('plain_syscalls', 'assert outputs.event_count = constants.max_event_count;'),
  },
  ...[
    {
      name: 'too many keys',
      keys: 51,
      data: 0,
      text: 'assert [range_check_ptr + 1] = constants.max_event_keys - key_count;',
    },
    {
      name: 'too much data',
      keys: 0,
      data: 301,
      text: 'assert [range_check_ptr + 3] = constants.max_event_data - data_count;',
    },
  ].map(({ name, keys, data, text }) => ({
    name: `an event with ${name}`,
    block: () =>
      rawExecute(
        {},
        {
          ...request(
            'EmitEvent',
            'gas',
            ['calldata_start', `calldata_start + ${keys}`, 'calldata_start', `calldata_start + ${data}`],
            2,
          ),
        },
      ),
    forgery: () => ({
      hints: {
        ...always(hint('is_reverted'), () => false),
        ...always(hint('is_event_refused'), () => false),
      },
      response: respond('EmitEvent', () => [GAS_IN_EXECUTE, 0n]),
    }),
    check: check('plain_syscalls', text),
  })),
  {
    name: 'a good Ethereum address refused',
    block: () => probeBlock(s.message(5n, 1)),
    forgery: () => ({ hints: { ...reverted, ...always(hint('is_no_eth_address'), () => true) } }),
    check: check('plain_syscalls', 'assert_le_felt(ETH_ADDRESS_BOUND, to_address);'),
  },
  {
    name: 'a bad Ethereum address accepted',
    block: () =>
      rawExecute({}, request('SendMessageToL1', 'gas', ['2 ** 160', 'calldata_start', 'calldata_start'], 2)),
    forgery: () => ({
      hints: {
        ...always(hint('is_reverted'), () => false),
        ...always(hint('is_no_eth_address'), () => false),
      },
      response: respond('SendMessageToL1', () => [GAS_IN_EXECUTE - 4_470n, 0n]),
    }),
    check: check('plain_syscalls', 'assert [range_check_ptr + 2] = 2 ** 32 - 1 - [range_check_ptr + 1];'),
  },
  {
    name: 'an old block called too new',
    block: () => probeBlock(s.blockHash(2n, 'swallow')),
    forgery: () => ({
      hints: always(hint('is_block_too_new'), () => true),
      response: respond('GetBlockHash', ([gas], memory) => {
        const start = memory.allocate([shortString('Block number out of range')]);
        return [gas!, 1n, start, offsetBy(start, 1)];
      }),
    }),
    check: check('plain_syscalls', 'assert [range_check_ptr] = -1 - blocks_too_old;'),
  },
  {
    name: 'the hash of a block that is too new',
    block: () => probeBlock(s.blockHash(19n, 'swallow')),
    forgery: () => ({
      hints: always(hint('is_block_too_new'), () => false),
      response: respond('GetBlockHash', ([gas]) => [gas!, 0n, 0n]),
    }),
    check: check('plain_syscalls', 'assert [range_check_ptr] = blocks_too_old;'),
  },
];

/** What the raw account's `__execute__` runs with: the bound less the budgets to enter twice. */
const GAS_IN_EXECUTE = 10n ** 9n - 20_000n;

const ARITHMETIC: Attack[] = [
  {
    name: 'another keccak',
    block: () => probeBlock(s.keccak(17)),
    forgery: () => ({ response: otherValue('Keccak') }),
    check: check('hash_syscalls', 'assert response.low = hashed[0] + 2 ** 64 * hashed[1];'),
  },
  {
    name: 'another permutation',
    block: () => probeBlock(s.keccak(17)),
    forgery: () => ({
      hints: always(hint('keccak_permutation'), (h) => {
        const state = BigUint64Array.from(h.memory.readFelts(h.pointer('mixed'), 25));
        keccakF1600(state);
        h.set('permuted', h.memory.allocate([state[0]! ^ 1n, ...state.slice(1)]));
      }),
      response: respond('Keccak', ([gas, flag, low, high]) => [gas!, flag!, (low as bigint) ^ 1n, high!]),
    }),
    check: check('keccak', 'pack(first.output, second.output, third.output, permuted, LANES);'),
  },
  {
    name: 'a keccak of too little',
    block: () => probeBlock(s.keccak(17, 'swallow')),
    forgery: () => ({
      hints: always(hint('keccak_block_count'), () => 0n),
      response: respond('Keccak', ([gas], memory) => {
        const start = memory.allocate([shortString('Invalid input length')]);
        return [(gas as bigint) + 171_707n, 1n, start, offsetBy(start, 1)];
      }),
    }),
    check: check('hash_syscalls', 'assert [range_check_ptr + 2] = RATE - 1 - rest;'),
  },
  {
    name: 'another state of SHA-256',
    block: () => probeBlock(s.sha256(3)),
    forgery: () => ({
      response: respond('Sha256ProcessBlock', ([gas, flag, state], memory) => {
        const words = memory.readFelts(state as Relocatable, 8);
        return [gas!, flag!, memory.allocate([words[0]! ^ 1n, ...words.slice(1)])];
      }),
    }),
    check: check('sha2', 'assert bits.x_and_y = word;'),
  },
  {
    name: 'other coordinates of a point',
    block: () => probeBlock(s.secpMultiply('k1', 5n)),
    forgery: () => ({ response: otherValue('Secp256k1GetXy') }),
    check: check(
      'curve_syscalls',
      'let (circuit) = equality_circuit();\n    run_circuit{add_mod_ptr=add_mod_ptr, mul_mod_ptr=mul_mod_ptr}(circuit, curve.p, values);',
    ),
    isWhole: true,
  },
  {
    name: 'no point where there is one',
    block: () => probeBlock(s.secpFromX('r1', GENERATOR_X)),
    forgery: () => ({ response: respond('Secp256r1GetPointFromX', ([gas]) => [gas!, 0n, 1n, 0n]) }),
    check: [
      check(
        'curve_syscalls',
        'let (circuit) = no_point_circuit();\n    run_circuit{add_mod_ptr=add_mod_ptr, mul_mod_ptr=mul_mod_ptr}(circuit, curve.p, values);',
      ),
      check('curve_syscalls', 'range_check96_ptr + NO_POINT_VALUES', 'range_check96_ptr + 6'),
    ],
    isWhole: true,
  },
  {
    name: 'the point with the other y',
    block: () => probeBlock(s.secpFromX('r1', GENERATOR_X)),
    forgery: () => ({
      hints: always(hint('curve_root'), (h) => {
        EXECUTION_HINTS[hint('curve_root')]!({
          ...h,
          felt: (path: string) => (path === 'request.is_odd' ? 1n - h.felt(path) : h.felt(path)),
          pointer: h.pointer.bind(h),
          uint256: h.uint256.bind(h),
          setUint256: h.setUint256.bind(h),
          memory: h.memory,
        } as never);
      }),
    }),
    check: check('curve_syscalls', 'assert_nn((y.low - request.is_odd) / 2);'),
  },
  {
    name: 'another scalar',
    block: () => probeBlock(s.secpMultiply('k1', 5n)),
    forgery: () => ({ hints: lieAt(hint('scalar_bit'), 254, () => true) }),
    check: check('curve_syscalls', 'assert low = request.scalar.low;'),
  },
];

/** Of the generator of secp256r1. */
const GENERATOR_X = 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n;

const TRANSACTIONS: Attack[] = [
  {
    name: 'a revert of what succeeded',
    block: () => probeBlock(s.write(5n, 6n)),
    forgery: () => ({ hints: reverted }),
    check: check('fee', 'assert_lt(low, fee);'),
  },
  {
    name: 'success of what failed',
    block: () => probeBlock(s.panic(5n)),
    forgery: () => ({ hints: always(hint('is_reverted'), () => false) }),
    check: check('revertible_call', 'assert outcome = SUCCEEDED;'),
  },
  {
    name: 'a validation that says otherwise',
    block: () =>
      rawBlock(
        rawAccount(),
        rawAccount({ __validate__: { body: "    tempvar valid = cast(new ('NO',), felt);" } }),
      ),
    check: check('account_transaction', "assert [retdata_start] = 'VALID';"),
  },
  {
    name: 'a validation that says more',
    block: () =>
      rawBlock(rawAccount(), rawAccount({ __validate__: { results: { start: 'valid', end: 'valid + 2' } } })),
    check: check('account_transaction', 'assert retdata_end = retdata_start + 1;'),
  },
  {
    name: 'a validation that fails',
    block: () =>
      rawBlock(
        rawAccount(),
        rawAccount({ __validate__: { results: { start: 'valid', end: 'valid + 1', failure_flag: '1' } } }),
      ),
    check: check(
      'account_transaction',
      'assert outcome = SUCCEEDED;\n    assert retdata_end',
      'assert retdata_end',
    ),
  },
  {
    name: 'another nonce',
    block: () => rawBlock(rawAccount()),
    forgery: () => ({ hints: forgedTransaction({ nonce: 5n }) }),
    check: check('state_access', 'assert entry.nonce = nonce;'),
  },
  {
    name: 'an amount of more than 64 bits',
    block: () => rawBlock(rawAccount()),
    forgery: () => ({
      hints: forgedTransaction({ resourceBounds: { ...LARGE_BOUNDS, l1Gas: bound(2n ** 64n, PRICE) } }),
    }),
    check: check('account_transaction', 'assert [range_check_ptr + 1] = AMOUNT_LIMIT - amount;'),
  },
  ...(['l1_gas', 'l1_data_gas', 'l2_gas'] as const).map((kind) => ({
    name: `more ${kind} than its bound`,
    block: () => tooDear(kind),
    forgery: () => ({ hints: always(hint('is_reverted'), () => false) }),
    check: check('fee', `assert_le(gas.${kind}, transaction.${kind}.max_amount);`),
  })),
  ...(['l1_gas', 'l1_data_gas', 'l2_gas'] as const).map((kind) => ({
    name: `a revert for ${kind}, of which there was enough`,
    block: () => rawBlock(rawAccount()),
    forgery: () => ({ hints: { ...reverted, ...always(hint(`exceeds_${kind}`), () => true) } }),
    check: check('fee', `assert_lt(context.transaction.${kind}.max_amount, gas.${kind});`),
  })),
  {
    name: 'a revert for want of balance, of a message from L1',
    block: () => handlerBlock(),
    forgery: () => ({ hints: reverted }),
    check: check('fee', 'assert context.is_l1_handler = 0;'),
  },
  {
    name: 'the cheaper resource of two',
    block: () => rawBlock(rawAccount()),
    forgery: () => ({ hints: lieAt(hint('is_b_larger'), 0, (h) => h.felt('a') >= h.felt('b')) }),
    check: [
      check('transaction_gas', 'assert [range_check_ptr] = a - b;'),
      check('transaction_gas', 'assert [range_check_ptr] = b - a;'),
    ],
  },
  {
    name: 'a gas counter above all that was given',
    block: () => probeBlock(s.writeOtherDomain),
    forgery: () => ({ hints: always(hint('noted_gas'), (h) => h.felt('remaining_gas') + 1000n) }),
    check: check('execute_call', 'assert [range_check_ptr + 1] = remaining_gas - noted_gas;'),
  },
  {
    name: 'a gas counter below the present one',
    block: () => probeBlock(s.writeOtherDomain),
    forgery: () => ({ hints: always(hint('noted_gas'), () => 0n) }),
    check: check('execute_call', 'assert [range_check_ptr] = noted_gas - header.gas;'),
  },
  ...(['l1_gas', 'l2_gas', 'l1_data_gas'] as const).map((kind) => ({
    name: `a price of ${kind} above the bound`,
    block: () => withPrice(rawBlock(rawAccount()), kind, 10n ** 13n),
    check: check(
      'fee',
      `assert_le(block_context.${kind}_price.fri, transaction.${kind}.max_price_per_unit);`,
    ),
  })),
  {
    name: 'a class without code',
    block: () => declareBlock(),
    forgery: () => ({ hints: forged('load_declare', { compiledClassHash: 0n }) }),
    check: check('declare', 'assert_not_zero(compiled_class_hash);'),
  },
  {
    name: 'a class hash of another kind',
    block: () => withParts(declareBlock(), (parts) => [parts[0]! + 1n, ...parts.slice(1)]),
    check: check('declare', "assert parts.version = 'CONTRACT_CLASS_V0.1.0';"),
  },
  {
    name: 'more gas for execution than the protocol allows',
    block: () => rawBlock(rawAccount(), undefined, { resourceBounds: LARGE_BOUNDS }),
    forgery: () => ({ hints: lieAt(hint('is_a_larger'), 1, () => false) }),
    check: check('account_transaction', 'assert_le(a, b);'),
  },
  {
    name: 'more gas than the bound',
    block: () => rawBlock(rawAccount(), undefined, { resourceBounds: SMALL_BOUNDS }),
    forgery: () => ({ hints: lieAt(hint('is_a_larger'), 1, () => true) }),
    check: check('account_transaction', 'assert_le(b, a);'),
  },
];

const STATE: Attack[] = [
  {
    name: 'the state of another contract',
    block: () => probeBlock(s.write(5n, 6n)),
    forgery: () => {
      let count = 0;
      const lie: LibraryHint = (h) => {
        EXECUTION_HINTS[hint('open_section')]!(h);
        h.memory.write(h.pointer('contract_state_changes'), h.felt('address') + (count++ === 0 ? 1n : 0n));
      };
      return { hints: always(hint('open_section'), lie) };
    },
    check: check('state_access', 'assert section.key = address;'),
  },
  ...(
    [
      ['cell', 0, 'key'],
      ['value', 2, 'new_value'],
    ] as const
  ).flatMap(([what, cell, member]) => [
    {
      name: `another ${what} written by a contract`,
      block: () => probeBlock(s.write(5n, 6n)),
      forgery: () => ({ hints: lieAt(hint('write_storage'), 0, otherWrite(cell)) }),
      check: check('execute_call', `assert storage_ptr.${member} = ${member === 'key' ? 'key' : 'value'};`),
    },
    {
      name: `another ${what} written by an undone call`,
      block: () => probeBlock([...s.write(5n, 6n), ...s.panic(5n)]),
      forgery: () => ({ hints: lieAt(hint('write_storage'), 1, otherWrite(cell)) }),
      check: check('undo_log', `assert storage_ptr.${member} = ${member === 'key' ? 'key' : 'value'};`),
    },
  ]),
];

/** A write with another key, or another new value. */
function otherWrite(cell: number): LibraryHint {
  return (h) => {
    h.memory.write(offsetBy(h.pointer('storage_ptr'), cell), 0xbadn);
    EXECUTION_HINTS[hint('write_storage')]!(h);
  };
}

/** Other fields in the transaction that the prover shows. */
function forged(loader: string, changes: object): Record<string, LibraryHint> {
  const name = hint(loader);
  return {
    [name]: (h) => {
      const recorded = executionRun(h).transaction as { transaction: Transaction };
      const honest = recorded.transaction;
      recorded.transaction = { ...honest, ...changes } as Transaction;
      EXECUTION_HINTS[name]!(h);
      recorded.transaction = honest;
    },
  };
}

const forgedTransaction = (changes: Partial<InvokeV3>) => forged('load_invoke', changes);

function declareBlock(): ExecutedBlock {
  const { state, environment } = executionChain();
  // A probe takes any signature.
  const transactions = [executable({ ...declared.transaction(0n), senderAddress: PROBE })];
  return executeBlock(state, environment, transactions, CLASSES, { 0: declared.parts });
}

function withParts(block: ExecutedBlock, change: (parts: Felt[]) => Felt[]): ExecutedBlock {
  const recorded = block.recorded.map((tx) => ({ ...tx, classHashParts: change(tx.classHashParts!) }));
  return { ...block, recorded };
}

/** A message from L1 that a probe handles. */
function handlerBlock(): ExecutedBlock {
  const { state, environment } = executionChain();
  const transaction: L1HandlerTransaction = {
    type: 'L1_HANDLER',
    version: 0,
    nonce: 4n,
    contractAddress: PROBE,
    entryPointSelector: selectorFromName('handle'),
    calldata: [0xe7n, ...s.scriptCalldata(s.write(11n, 12n))],
  };
  return executeBlock(state, environment, [{ ...executable(transaction), paidFeeOnL1Wei: 1n }]);
}

/** An invoke that the engine reverts because it used more than a bound. */
function tooDear(kind: 'l1_gas' | 'l1_data_gas' | 'l2_gas'): ExecutedBlock {
  const bounds = {
    l1_gas: { l1Gas: bound(1n, PRICE) },
    l1_data_gas: { l1DataGas: bound(150n, PRICE) },
    l2_gas: { l2Gas: bound(2_000_000n, PRICE) },
  }[kind];
  return probeBlock([...s.message(5n, 1), ...s.writeMany(0n, 3)], {
    resourceBounds: { ...LARGE_BOUNDS, l1Gas: bound(10n ** 6n, PRICE), ...bounds },
  });
}

const bound = (maxAmount: bigint, maxPricePerUnit: bigint) => ({ maxAmount, maxPricePerUnit });
const PRICE = 8n * 10n ** 9n;
const SMALL_BOUNDS = {
  l1Gas: bound(10n ** 3n, PRICE),
  l2Gas: bound(10n ** 8n, PRICE),
  l1DataGas: bound(10n ** 4n, PRICE),
};
const LARGE_BOUNDS = { ...SMALL_BOUNDS, l2Gas: bound(2n * 10n ** 9n, PRICE) };

function withPrice(
  block: ExecutedBlock,
  kind: 'l1_gas' | 'l2_gas' | 'l1_data_gas',
  priceInFri: bigint,
): ExecutedBlock {
  const name = ({ l1_gas: 'l1Gas', l2_gas: 'l2Gas', l1_data_gas: 'l1DataGas' } as const)[kind];
  const { environment } = block;
  const gasPrices = { ...environment.block.gasPrices, [name]: { priceInWei: 1n, priceInFri } };
  return { ...block, environment: { ...environment, block: { ...environment.block, gasPrices } } };
}

/** Attacks on execution, by what they attack. */
export const EXECUTION_ATTACKS: readonly (readonly [target: string, attacks: readonly Attack[]])[] = [
  ['responses', RESPONSES],
  ['code of contracts', CODE],
  ['events, messages, block hashes', EVENTS_AND_MESSAGES],
  ['hashes and curves', ARITHMETIC],
  ['transactions', TRANSACTIONS],
  ['state', STATE],
];
