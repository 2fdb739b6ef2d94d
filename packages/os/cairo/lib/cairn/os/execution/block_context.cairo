from cairn.os.execution.compiled_class import CompiledClassFact
from cairn.os.execution.protocol_constants import ProtocolConstants

struct GasPrice {
    wei: felt,
    fri: felt,
}

// What contracts see of a block.
struct BlockInfo {
    block_number: felt,
    // Seconds since the epoch.
    block_timestamp: felt,
    sequencer_address: felt,
}

// What all transactions of a block depend on. info_for_validation must be made by blurred_block_info, constants by
// protocol_constants_of.
struct BlockContext {
    chain_id: felt,
    strk_fee_token_address: felt,
    info: BlockInfo*,
    info_for_validation: BlockInfo*,
    l1_gas_price: GasPrice,
    l1_data_gas_price: GasPrice,
    l2_gas_price: GasPrice,
    // 0 calldata, 1 blob.
    l1_da_mode: felt,
    // Short string such as '0.14.4'.
    starknet_version: felt,
    constants: ProtocolConstants*,
    // All classes that the blocks of this run execute, in any order.
    n_class_facts: felt,
    class_facts: CompiledClassFact*,
}
