import { syscallGas } from '@cairn/execution';
import { shortString } from '@cairn/primitives';
import {
  noResources,
  type ScaledResources,
  type SyscallName,
  type VersionedConstants,
  versionedConstants,
} from '@cairn/protocol';
import { describe, expect, it } from 'vitest';
import { libraryModule } from '../library.ts';
import { outputOf } from '../testing/runZero.ts';

/** The struct's fields as the engine has them. */
function expectedConstants(constants: VersionedConstants): Record<string, bigint> {
  const fixed = (name: SyscallName): bigint => syscallGas(name, 0, constants) - constants.syscallBaseGas;
  const perFelt = (name: SyscallName): bigint =>
    syscallGas(name, 1, constants) - syscallGas(name, 0, constants);
  const curve = (prefix: 'Secp256k1' | 'Secp256r1') =>
    Object.fromEntries(
      (['New', 'GetPointFromX', 'Add', 'Mul', 'GetXy'] as const).map((suffix) => [
        `${prefix.toLowerCase()}_${suffix.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase()}_gas`,
        fixed(`${prefix}${suffix}`),
      ]),
    );
  return {
    starknet_version: shortString(constants.starknetVersion),
    storage_read_gas: fixed('StorageRead'),
    storage_write_gas: fixed('StorageWrite'),
    get_execution_info_gas: fixed('GetExecutionInfo'),
    emit_event_gas: fixed('EmitEvent'),
    call_contract_gas: fixed('CallContract'),
    library_call_gas: fixed('LibraryCall'),
    get_class_hash_at_gas: fixed('GetClassHashAt'),
    get_block_hash_gas: fixed('GetBlockHash'),
    replace_class_gas: fixed('ReplaceClass'),
    send_message_to_l1_gas: fixed('SendMessageToL1'),
    send_message_to_l1_felt_gas: perFelt('SendMessageToL1'),
    deploy_gas: fixed('Deploy'),
    deploy_felt_gas: perFelt('Deploy'),
    meta_tx_v0_gas: fixed('MetaTxV0'),
    meta_tx_v0_felt_gas: perFelt('MetaTxV0'),
    keccak_gas: fixed('Keccak'),
    keccak_round_gas: syscallGas('KeccakRound', 0, constants),
    sha256_process_block_gas: fixed('Sha256ProcessBlock'),
    sha512_process_block_gas: fixed('Sha512ProcessBlock'),
    ...curve('Secp256k1'),
    ...curve('Secp256r1'),
    entry_point_initial_budget: constants.entryPointInitialBudget,
    execute_max_gas: constants.executeMaxSierraGas,
    validate_max_gas: constants.validateMaxSierraGas,
    l1_handler_gas: constants.l1HandlerMaxGas.l2Gas,
    default_initial_gas: constants.defaultInitialGas,
    max_depth: BigInt(constants.maxRecursionDepth),
    max_event_count: BigInt(constants.maxEventCountPerTransaction),
    max_event_keys: BigInt(constants.maxEventKeyCount),
    max_event_data: BigInt(constants.maxEventDataLength),
    ...overhead('invoke', constants.transactions.INVOKE),
    ...overhead('declare', constants.transactions.DECLARE),
    ...overhead('deploy_account', constants.transactions.DEPLOY_ACCOUNT),
    ...overhead('l1_handler', constants.transactions.L1_HANDLER),
    l1_handler_max_l1_gas: constants.l1HandlerMaxGas.l1Gas,
    l1_handler_max_l1_data_gas: constants.l1HandlerMaxGas.l1DataGas,
  };
}

/** The struct Overhead; what grows with calldata in halves. */
function overhead(
  name: string,
  { constant, perCalldata = noResources(), scaling = 1 }: ScaledResources,
): Record<string, bigint> {
  const halves = (count = 0): bigint => BigInt((2 * count) / scaling);
  return {
    [`${name}.steps`]: BigInt(constant.stepCount),
    [`${name}.range_checks`]: BigInt(constant.builtins.range_check!),
    [`${name}.pedersen`]: BigInt(constant.builtins.pedersen!),
    [`${name}.poseidon`]: BigInt(constant.builtins.poseidon ?? 0),
    [`${name}.half_steps_per_felt`]: halves(perCalldata.stepCount),
    [`${name}.half_pedersen_per_felt`]: halves(perCalldata.builtins.pedersen),
    [`${name}.half_poseidon_per_felt`]: halves(perCalldata.builtins.poseidon),
  };
}

/** Names of a struct's fields; those of Overhead with their own fields. */
function fieldNames(source: string, struct: string): string[] {
  const [, fields] = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(source)!;
  return [...fields!.matchAll(/(\w+): (felt|Overhead)/g)].flatMap(([, name, type]) =>
    type === 'felt' ? [name!] : fieldNames(source, type!).map((inner) => `${name}.${inner}`),
  );
}

describe('protocol_constants', () => {
  it.each(['0.14.2', '0.14.4'])('has the numbers of version %s', (version) => {
    const source = libraryModule('cairn.os.execution.protocol_constants')!.source;
    const names = fieldNames(source, 'ProtocolConstants');
    const got = outputOf({
      imports: [],
      functions: 'from cairn.os.execution.protocol_constants import protocol_constants_of',
      body: [
        `    let (local constants) = protocol_constants_of('${version}');`,
        ...names.map((name) => `    out(constants.${name});`),
      ].join('\n'),
    });
    const expected = expectedConstants(versionedConstants(version));
    expect(Object.fromEntries(names.map((name, i) => [name, got[i]]))).toEqual(expected);
    expect(names).toEqual(Object.keys(expected));
  });
});
