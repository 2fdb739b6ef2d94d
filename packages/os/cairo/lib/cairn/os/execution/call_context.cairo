from cairn.os.execution.block_context import BlockContext, BlockInfo

// What contracts see of a transaction. Spans are start and end pointers.
struct TransactionInfo {
    version: felt,
    account_contract_address: felt,
    max_fee: felt,
    signature_start: felt*,
    signature_end: felt*,
    transaction_hash: felt,
    chain_id: felt,
    nonce: felt,
    resource_bounds_start: felt*,
    resource_bounds_end: felt*,
    tip: felt,
    paymaster_data_start: felt*,
    paymaster_data_end: felt*,
    nonce_data_availability_mode: felt,
    fee_data_availability_mode: felt,
    account_deployment_data_start: felt*,
    account_deployment_data_end: felt*,
    proof_facts_start: felt*,
    proof_facts_end: felt*,
}

// What the syscall get_execution_info shows.
struct ExecutionInfo {
    block_info: BlockInfo*,
    transaction_info: TransactionInfo*,
    caller_address: felt,
    contract_address: felt,
    selector: felt,
}

// Kinds of entry points.
const EXTERNAL = 0;
const L1_HANDLER = 1;
const CONSTRUCTOR = 2;

// A call to an entry point.
struct CallContext {
    block_context: BlockContext*,
    // The class of the contract is run, or for library calls the one given.
    is_library_call: felt,
    library_class_hash: felt,
    entry_point_type: felt,
    calldata_start: felt*,
    calldata_end: felt*,
    execution_info: ExecutionInfo*,
    // Calls that this one is inside of.
    depth: felt,
    is_validation: felt,
}
