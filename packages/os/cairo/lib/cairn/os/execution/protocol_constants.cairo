// Numbers of the protocol that depend on a block's version. protocolConstants.test.ts compares them with
// @cairn/protocol.
from starkware.cairo.common.registers import get_label_location

// Gas is what a syscall costs beyond the base price, which compiled code has paid when it makes the syscall; of
// keccak rounds the whole price.
// Work of the OS for a transaction of a type; per felt of calldata in halves.
struct Overhead {
    steps: felt,
    range_checks: felt,
    pedersen: felt,
    poseidon: felt,
    half_steps_per_felt: felt,
    half_pedersen_per_felt: felt,
    half_poseidon_per_felt: felt,
}

struct ProtocolConstants {
    starknet_version: felt,
    storage_read_gas: felt,
    storage_write_gas: felt,
    get_execution_info_gas: felt,
    emit_event_gas: felt,
    call_contract_gas: felt,
    library_call_gas: felt,
    get_class_hash_at_gas: felt,
    get_block_hash_gas: felt,
    replace_class_gas: felt,
    send_message_to_l1_gas: felt,
    send_message_to_l1_felt_gas: felt,
    deploy_gas: felt,
    deploy_felt_gas: felt,
    meta_tx_v0_gas: felt,
    meta_tx_v0_felt_gas: felt,
    keccak_gas: felt,
    keccak_round_gas: felt,
    sha256_process_block_gas: felt,
    sha512_process_block_gas: felt,
    secp256k1_new_gas: felt,
    secp256k1_get_point_from_x_gas: felt,
    secp256k1_add_gas: felt,
    secp256k1_mul_gas: felt,
    secp256k1_get_xy_gas: felt,
    secp256r1_new_gas: felt,
    secp256r1_get_point_from_x_gas: felt,
    secp256r1_add_gas: felt,
    secp256r1_mul_gas: felt,
    secp256r1_get_xy_gas: felt,
    entry_point_initial_budget: felt,
    execute_max_gas: felt,
    validate_max_gas: felt,
    l1_handler_gas: felt,
    default_initial_gas: felt,
    max_depth: felt,
    max_event_count: felt,
    max_event_keys: felt,
    max_event_data: felt,
    invoke: Overhead,
    declare: Overhead,
    deploy_account: Overhead,
    l1_handler: Overhead,
    l1_handler_max_l1_gas: felt,
    l1_handler_max_l1_data_gas: felt,
}

// Fails for versions that the OS does not know.
func protocol_constants_of(starknet_version) -> (constants: ProtocolConstants*) {
    if (starknet_version == '0.14.2') {
        let (constants) = get_label_location(v0_14_2);
        return (constants=cast(constants, ProtocolConstants*));
    }
    assert starknet_version = '0.14.4';
    let (constants) = get_label_location(v0_14_4);
    return (constants=cast(constants, ProtocolConstants*));

    v0_14_2:
    dw '0.14.2';
    dw 8070;
    dw 34970;
    dw 2640;
    dw 0;
    dw 81560;
    dw 79160;
    dw 0;
    dw 840;
    dw 670;
    dw 4470;
    dw 0;
    dw 137120;
    dw 4850;
    dw 157950;
    dw 4850;
    dw 0;
    dw 171707;
    dw 831295;
    dw 0;
    dw 38750;
    dw 31800;
    dw 33230;
    dw 8133850;
    dw 11670;
    dw 51630;
    dw 44680;
    dw 53490;
    dw 13501870;
    dw 11870;
    dw 10000;
    dw 1100000000;
    dw 100000000;
    dw 100000000;
    dw 10000000000;
    dw 50;
    dw 1000;
    dw 50;
    dw 300;
    dw 4348;
    dw 90;
    dw 4;
    dw 12;
    dw 11;
    dw 0;
    dw 1;
    dw 3523;
    dw 72;
    dw 4;
    dw 15;
    dw 0;
    dw 0;
    dw 0;
    dw 4583;
    dw 93;
    dw 11;
    dw 11;
    dw 37;
    dw 2;
    dw 1;
    dw 1315;
    dw 19;
    dw 11;
    dw 0;
    dw 26;
    dw 2;
    dw 0;
    dw 40000;
    dw 20000;

    v0_14_4:
    dw '0.14.4';
    dw 14070;
    dw 49970;
    dw 1240;
    dw 0;
    dw 81360;
    dw 78660;
    dw 0;
    dw 810;
    dw 0;
    dw 2770;
    dw 600;
    dw 137120;
    dw 4850;
    dw 158550;
    dw 4850;
    dw 0;
    dw 165137;
    dw 829995;
    dw 2403810;
    dw 36950;
    dw 30500;
    dw 32030;
    dw 8132650;
    dw 10470;
    dw 49830;
    dw 43380;
    dw 52490;
    dw 13500870;
    dw 10670;
    dw 10000;
    dw 1110000000;
    dw 100000000;
    dw 100000000;
    dw 10000000000;
    dw 50;
    dw 1000;
    dw 50;
    dw 300;
    dw 4779;
    dw 110;
    dw 4;
    dw 11;
    dw 11;
    dw 0;
    dw 1;
    dw 3938;
    dw 92;
    dw 4;
    dw 15;
    dw 0;
    dw 0;
    dw 0;
    dw 4989;
    dw 113;
    dw 10;
    dw 10;
    dw 37;
    dw 2;
    dw 1;
    dw 1329;
    dw 19;
    dw 11;
    dw 0;
    dw 26;
    dw 2;
    dw 0;
    dw 40000;
    dw 20000;
}

// Prices of builtins in gas as compiled code reads them: pedersen, bitwise, ec_op, poseidon, add_mod, mul_mod,
// blake. The same in all versions above.
func builtin_prices() -> (prices: felt*) {
    let (prices) = get_label_location(table);
    return (prices=prices);

    table:
    dw 4050;
    dw 583;
    dw 4085;
    dw 491;
    dw 230;
    dw 604;
    dw 3334;
}
