import { PRIME, shortString } from '@cairn/primitives';
import type { Var } from '../../casm/casmBuilder.ts';
import { STEP_COST } from '../costToken.ts';
import {
  branching,
  built,
  type ConcreteLibfunc,
  deferred,
  fallthrough,
  goto,
  type LibfuncContext,
  type LibfuncDefinition,
  type LibfuncTable,
  output,
  reinterpret,
  straight,
  temp,
} from '../libfunc.ts';
import type { TypeId } from '../program.ts';
import { noArgs, requireArgument, singleValue } from '../typeContext.ts';
import {
  arrayOf,
  bool,
  boxOf,
  enumOf,
  feltSpan,
  fixedArray,
  spanOf,
  structOf,
  u256,
  unit,
} from './commonTypes.ts';
import { arithmetic, constant } from './felt252.ts';
import { proveBelow, unsignedFromFelt } from './rangeReduction.ts';

type Types = LibfuncContext['types'];
type TypeOf = (types: Types) => TypeId;

/** Gas of a system call beyond its own steps. */
const SYSCALL_GAS = 100 * STEP_COST;

const named =
  (name: string): TypeOf =>
  (types) =>
    types.find(name);
const felt = named('felt252');
const u32 = named('u32');
const u64 = named('u64');
const u128 = named('u128');
const contractAddress = named('ContractAddress');
const classHash = named('ClassHash');
const storageAddress = named('StorageAddress');

/**
 * A system call: selector, gas and the inputs are written, then gas, a failure flag and the outputs are read.
 * On failure the outputs are an array of felts.
 */
function syscall(selector: string, inputs: readonly TypeOf[], outputs: readonly TypeOf[]): LibfuncDefinition {
  return ({ types }, args): ConcreteLibfunc => {
    noArgs(args);
    const gasType = types.find('GasBuiltin');
    const systemType = types.find('System');
    const inputTypes = inputs.map((typeOf) => typeOf(types));
    const outputTypes = outputs.map((typeOf) => typeOf(types));
    const head = [output(gasType, deferred), output(systemType, deferred)];
    const signature = branching(
      [gasType, systemType, ...inputTypes],
      [
        [...head, ...outputTypes.map((type) => output(type, deferred))],
        [...head, output(arrayOf(types, felt(types)), deferred)],
      ],
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const outputSizes = outputTypes.map((type) => types.size(type));
        const successSize = outputSizes.reduce((sum, size) => sum + size, 0);
        const failureSize = 2;
        const inputSize = inputTypes.reduce((sum, type) => sum + types.size(type), 0);
        const gas = input.deref(0);
        const system = input.buffer(1, 2 + inputSize + 2 + Math.max(successSize, failureSize));
        const start = b.copy(system);
        b.write(system, b.temp(b.constant(shortString(selector))));
        b.write(system, gas);
        inputTypes.forEach((_, i) => {
          for (let cell = 0; cell < input.count(i + 2); cell++) b.write(system, input.deref(i + 2, cell));
        });
        b.hint('SystemCall', { system: start });
        const newGas = b.next(system);
        const failed = b.temp(b.next(system));
        const responses: Var[] = [];
        // Where the pointer ends after each number of response cells.
        const ends: Var[] = [b.copy(system)];
        while (responses.length < Math.max(successSize, failureSize)) {
          responses.push(b.next(system));
          ends.push(b.copy(system));
        }
        let read = 0;
        const results = outputSizes.map((size) => responses.slice(read, (read += size)));
        b.jumpIf('Failure', failed);
        return {
          ends: [
            fallthrough([newGas], [ends[successSize]!], ...results),
            goto('Failure', [newGas], [ends[failureSize]!], responses.slice(0, failureSize)),
          ],
          extraGas: [SYSCALL_GAS, SYSCALL_GAS],
        };
      },
    );
  };
}

function blockInfo(types: Types): TypeId {
  const number = u64(types);
  return structOf(types, 'core::starknet::info::BlockInfo', number, number, contractAddress(types));
}

/** Members of TxInfo by version: v2 adds those of v3 transactions, v3 the proof facts. */
function txInfo(types: Types, version: 1 | 2 | 3): TypeId {
  const span = feltSpan(types);
  const common = [
    felt(types),
    contractAddress(types),
    u128(types),
    span,
    felt(types),
    felt(types),
    felt(types),
  ];
  if (version === 1) return structOf(types, 'core::starknet::info::TxInfo', ...common);
  const boundsPath = 'core::starknet::info::v2::ResourceBounds';
  const bounds = spanOf(types, structOf(types, boundsPath, felt(types), u64(types), u128(types)), boundsPath);
  const added = [bounds, u128(types), span, u32(types), u32(types), span, ...(version === 3 ? [span] : [])];
  return structOf(types, `core::starknet::info::v${version}::TxInfo`, ...common, ...added);
}

const executionInfo =
  (version: 1 | 2 | 3): TypeOf =>
  (types) => {
    const path = version === 1 ? 'core::starknet::info' : `core::starknet::info::v${version}`;
    const address = contractAddress(types);
    return boxOf(
      types,
      structOf(
        types,
        `${path}::ExecutionInfo`,
        boxOf(types, blockInfo(types)),
        boxOf(types, txInfo(types, version)),
        address,
        address,
        felt(types),
      ),
    );
  };

const u64Span: TypeOf = (types) => spanOf(types, u64(types), 'core::integer::u64');

const boxedWords =
  (word: TypeOf, count: number): TypeOf =>
  (types) =>
    boxOf(types, fixedArray(types, word(types), count));

/** Block function of a SHA-2 hash; a state handle is a pointer to eight words. */
function sha2(bits: 256 | 512, word: TypeOf): LibfuncTable {
  const handle = named(`Sha${bits}StateHandle`);
  const state = boxedWords(word, 8);
  const convert =
    (from: TypeOf, to: TypeOf): LibfuncDefinition =>
    ({ types }, args) => {
      noArgs(args);
      // Unlike a reinterpretation, the result is a new value and the known stack ends here.
      const signature = straight([from(types)], [output(to(types), deferred)], 'other');
      return { ...reinterpret(from(types), to(types)), ...signature };
    };
  return {
    [`sha${bits}_process_block_syscall`]: syscall(
      `Sha${bits}ProcessBlock`,
      [handle, boxedWords(word, 16)],
      [handle],
    ),
    [`sha${bits}_state_handle_init`]: convert(state, handle),
    [`sha${bits}_state_handle_digest`]: convert(handle, state),
  };
}

/** Points of a secp256 curve, handled by system calls. */
function secp256(curve: 'k1' | 'r1'): LibfuncTable {
  const name = `Secp256${curve}`;
  const point = named(`${name}Point`);
  const maybePoint: TypeOf = (types) =>
    enumOf(
      types,
      `core::option::Option::<core::starknet::secp256${curve}::${name}Point>`,
      point(types),
      unit(types),
    );
  const prefix = `secp256${curve}`;
  return {
    [`${prefix}_new_syscall`]: syscall(`${name}New`, [u256, u256], [maybePoint]),
    [`${prefix}_add_syscall`]: syscall(`${name}Add`, [point, point], [point]),
    [`${prefix}_mul_syscall`]: syscall(`${name}Mul`, [point, u256], [point]),
    [`${prefix}_get_point_from_x_syscall`]: syscall(`${name}GetPointFromX`, [u256, bool], [maybePoint]),
    [`${prefix}_get_xy_syscall`]: syscall(`${name}GetXy`, [point], [u256, u256]),
  };
}

/** Constants below 2^251 and conversions of an address-like type. */
function address(prefix: string, typeName: string): LibfuncTable {
  return {
    [`${prefix}_to_felt252`]: ({ types }, args) => {
      noArgs(args);
      return reinterpret(types.find(typeName), felt(types));
    },
    [`${prefix}_try_from_felt252`]: (context, args) => {
      noArgs(args);
      return unsignedFromFelt(context, context.types.find(typeName), 251n);
    },
  };
}

function boundedConst(typeName: string, bound: bigint): LibfuncDefinition {
  return ({ types }, args) => {
    const value = singleValue(args);
    requireArgument(value >= 0n && value < bound);
    return constant(types.find(typeName), value);
  };
}

const ADDRESS_BOUND_251 = 1n << 251n;
/** Base addresses leave room for an offset of a byte. */
const BASE_ADDRESS_BOUND = ADDRESS_BOUND_251 - 256n;

/** A felt reduced to a base address: values from the bound on are taken modulo it. */
function baseAddressFromFelt(
  { types }: LibfuncContext,
  args: Parameters<LibfuncDefinition>[1],
): ConcreteLibfunc {
  noArgs(args);
  const rangeCheckType = types.find('RangeCheck');
  const signature = straight(
    [rangeCheckType, felt(types)],
    [output(rangeCheckType, deferred), output(types.find('StorageBaseAddress'), temp(0))],
    'other',
  );
  return built(
    signature,
    (id) => types.size(id),
    (b, input) => {
      const rangeCheck = input.buffer(0, 2);
      const value = input.deref(1);
      const cells = b.temps(5);
      const bound = b.constant(BASE_ADDRESS_BOUND);
      const start = b.copy(rangeCheck);
      const isSmall = b.temp();
      const result = b.temp();
      b.hint('TestLessThan', { lhs: value, rhs: bound }, { dst: isSmall });
      b.jumpIf('IsSmall', isSmall);
      b.assert(result, b.sub(value, bound));
      proveBelow(b, PRIME - BASE_ADDRESS_BOUND, result, rangeCheck, 'u128', cells.slice(0, 4));
      b.jump('Done');
      b.label('IsSmall');
      b.assert(result, value);
      proveBelow(b, BASE_ADDRESS_BOUND, result, rangeCheck, 'below', cells);
      b.label('Done');
      return { ends: [fallthrough([rangeCheck], [result])], rangeCheck: [start, rangeCheck] };
    },
  );
}

/** Cheat codes of test runners; never allowed in a class. */
const cheatcode: LibfuncDefinition = ({ types }, args) => {
  const selector = singleValue(args);
  const span = feltSpan(types);
  return built(
    straight([span], [output(span, temp(0))]),
    (id) => types.size(id),
    (b, input) => {
      const [input_start, input_end] = [input.deref(0, 0), input.deref(0, 1)];
      const [output_start, output_end] = [b.temp(), b.temp()];
      b.hintWithConstant(
        'Cheatcode',
        'selector',
        selector,
        { input_start, input_end },
        { output_start, output_end },
      );
      b.addAp(2);
      return { ends: [fallthrough([output_start, output_end])] };
    },
  );
};

/** System calls, addresses and storage of Starknet contracts. */
export const starknetLibfuncs: LibfuncTable = {
  storage_read_syscall: syscall('StorageRead', [u32, storageAddress], [felt]),
  storage_write_syscall: syscall('StorageWrite', [u32, storageAddress, felt], []),
  call_contract_syscall: syscall('CallContract', [contractAddress, felt, feltSpan], [feltSpan]),
  library_call_syscall: syscall('LibraryCall', [classHash, felt, feltSpan], [feltSpan]),
  deploy_syscall: syscall('Deploy', [classHash, felt, feltSpan, bool], [contractAddress, feltSpan]),
  emit_event_syscall: syscall('EmitEvent', [feltSpan, feltSpan], []),
  get_block_hash_syscall: syscall('GetBlockHash', [u64], [felt]),
  get_class_hash_at_syscall: syscall('GetClassHashAt', [contractAddress], [classHash]),
  get_execution_info_syscall: syscall('GetExecutionInfo', [], [executionInfo(1)]),
  get_execution_info_v2_syscall: syscall('GetExecutionInfo', [], [executionInfo(2)]),
  get_execution_info_v3_syscall: syscall('GetExecutionInfo', [], [executionInfo(3)]),
  keccak_syscall: syscall('Keccak', [u64Span], [u256]),
  meta_tx_v0_syscall: syscall('MetaTxV0', [contractAddress, felt, feltSpan, feltSpan], [feltSpan]),
  replace_class_syscall: syscall('ReplaceClass', [classHash], []),
  send_message_to_l1_syscall: syscall('SendMessageToL1', [felt, feltSpan], []),
  ...sha2(256, u32),
  ...sha2(512, u64),
  ...secp256('k1'),
  ...secp256('r1'),
  ...address('contract_address', 'ContractAddress'),
  ...address('class_hash', 'ClassHash'),
  ...address('storage_address', 'StorageAddress'),
  contract_address_const: boundedConst('ContractAddress', ADDRESS_BOUND_251),
  class_hash_const: boundedConst('ClassHash', ADDRESS_BOUND_251),
  storage_base_address_const: boundedConst('StorageBaseAddress', BASE_ADDRESS_BOUND),
  storage_base_address_from_felt252: baseAddressFromFelt,
  storage_address_from_base: ({ types }, args) => {
    noArgs(args);
    return reinterpret(types.find('StorageBaseAddress'), types.find('StorageAddress'));
  },
  storage_address_from_base_and_offset: (context, args) => {
    noArgs(args);
    const { types } = context;
    return arithmetic(context, '+', [
      types.find('StorageBaseAddress'),
      types.find('u8'),
      types.find('StorageAddress'),
    ]);
  },
  cheatcode,
};
