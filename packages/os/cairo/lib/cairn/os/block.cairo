// One block: from the state and hash of its parent to its own.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash_many
from starkware.cairo.common.cairo_builtins import HashBuiltin, PoseidonBuiltin
from starkware.cairo.common.dict_access import DictAccess
from cairn.os.block_header import BlockHashes, BlockHeader, ParentBlock, hash_block_header
from cairn.os.commitments import commit_to_events, commit_to_receipts, commit_to_transactions
from cairn.os.config import ChainConfig
from cairn.os.execution.block_context import BlockContext, BlockInfo, GasPrice
from cairn.os.execution.block_info import blurred_block_info
from cairn.os.execution.builtin_pointers import BuiltinPointers, set_pedersen, set_poseidon
from cairn.os.execution.carried_outputs import OsCarriedOutputs
from cairn.os.execution.compiled_class import CompiledClassFact
from cairn.os.execution.execute_transactions import execute_transactions
from cairn.os.execution.protocol_constants import protocol_constants_of
from cairn.os.execution.transaction_record import TransactionRecord
from cairn.os.state_changes import StateChanges, close_block_changes
from cairn.os.state_diff_commitment import commit_to_state_diff
from cairn.os.state_root import update_state_root
from cairn.os.system_contracts import store_block_hash, touch_alias_contract

const GAS_PRICES_PREFIX = 'STARKNET_GAS_PRICES0';
const TIMESTAMP_BOUND = 2 ** 64;
const PRICE_COUNT = 6;

// The prices as their hash takes them.
struct GasPrices {
    prefix: felt,
    l1_gas: GasPrice,
    l1_data_gas: GasPrice,
    l2_gas: GasPrice,
}

// What is the same for all blocks of a run.
struct RunContext {
    config: ChainConfig*,
    known: BlockHashes*,
    n_class_facts: felt,
    class_facts: CompiledClassFact*,
}

// Runs the block after `parent`. Of the header, the prover gives what the block's producer chooses: sequencer,
// timestamp (from the parent's on), prices, version, mode of data availability. These are bound by the hash. The rest
// follows.
func run_block{
    range_check_ptr, builtin_pointers: BuiltinPointers*, carried_outputs: OsCarriedOutputs*
}(context: RunContext*, parent: ParentBlock) -> (
    block: ParentBlock, prev_root: felt, changes: StateChanges*
) {
    alloc_locals;
    %{ cairn.os.enter_block %}
    local header: BlockHeader* = nondet %{ cairn.os.block_header %};
    assert header.block_number = parent.block_number + 1;
    assert header.parent_hash = parent.block_hash;
    assert [range_check_ptr] = header.timestamp - parent.timestamp;
    assert [range_check_ptr + 1] = TIMESTAMP_BOUND - 1 - header.timestamp;
    let range_check_ptr = range_check_ptr + 2;
    // Neither count comes near 2^63: each thing counted took a step.
    local is_blob = nondet %{ cairn.os.is_blob_block %};
    assert is_blob * is_blob = is_blob;

    let (block_context) = make_block_context(context=context, header=header, is_blob=is_blob);
    let (local contract_log: DictAccess*) = alloc();
    let (local class_log: DictAccess*) = alloc();
    let (local records: TransactionRecord*) = alloc();
    local n_transactions = nondet %{ cairn.os.transaction_count %};
    let contract_state_changes = contract_log;
    let contract_class_changes = class_log;
    let transaction_records = records;
    with contract_state_changes, contract_class_changes, transaction_records {
        store_block_hash(block_number=header.block_number, known=context.known);
        touch_alias_contract();
        execute_transactions(block_context=block_context, n_transactions=n_transactions);
    }
    let (local changes) = close_block_changes(
        contract_log=contract_log,
        contract_log_end=contract_state_changes,
        class_log=class_log,
        class_log_end=contract_class_changes,
    );
    let pedersen_ptr = builtin_pointers.pedersen;
    let poseidon_ptr = builtin_pointers.poseidon;
    with pedersen_ptr, poseidon_ptr {
        let (local prev_root, next_root) = update_state_root(changes);
        assert header.state_root = next_root;

        let (commitment, local diff_length) = commit_to_state_diff(changes);
        assert header.state_diff_commitment = commitment;
        let (commitment) = commit_to_transactions(n_transactions, records);
        assert header.transaction_commitment = commitment;
        let (commitment, local n_events) = commit_to_events(n_transactions, records);
        assert header.event_commitment = commitment;
        let (commitment) = commit_to_receipts(n_transactions, records);
        assert header.receipt_commitment = commitment;
        assert header.packed_counts = n_transactions * 2 ** 192 + n_events * 2 ** 128 +
            diff_length * 2 ** 64 + is_blob * 2 ** 63;
        let (local hash) = hash_block_header(header);
    }
    set_pedersen(pedersen_ptr);
    set_poseidon(poseidon_ptr);
    return (
        block=ParentBlock(
            block_number=header.block_number,
            block_hash=hash,
            state_root=header.state_root,
            timestamp=header.timestamp,
        ),
        prev_root=prev_root,
        changes=changes,
    );
}

// What transactions see of the block.
func make_block_context{range_check_ptr, builtin_pointers: BuiltinPointers*}(
    context: RunContext*, header: BlockHeader*, is_blob
) -> (block_context: BlockContext*) {
    alloc_locals;
    let poseidon_ptr = builtin_pointers.poseidon;
    let (prices) = read_gas_prices{poseidon_ptr=poseidon_ptr}(header.gas_prices_hash);
    local prices: GasPrices* = prices;
    set_poseidon(poseidon_ptr);
    local info: BlockInfo* = new BlockInfo(
        block_number=header.block_number,
        block_timestamp=header.timestamp,
        sequencer_address=header.sequencer_address,
    );
    let (local info_for_validation) = blurred_block_info(info);
    let (constants) = protocol_constants_of(header.starknet_version);
    return (
        block_context=new BlockContext(
            chain_id=context.config.chain_id,
            strk_fee_token_address=context.config.strk_fee_token_address,
            info=info,
            info_for_validation=info_for_validation,
            l1_gas_price=prices.l1_gas,
            l1_data_gas_price=prices.l1_data_gas,
            l2_gas_price=prices.l2_gas,
            l1_da_mode=is_blob,
            starknet_version=header.starknet_version,
            constants=constants,
            n_class_facts=context.n_class_facts,
            class_facts=context.class_facts,
        ),
    );
}

// The prices with that hash, each below 2^128.
func read_gas_prices{range_check_ptr, poseidon_ptr: PoseidonBuiltin*}(hash) -> (prices: GasPrices*) {
    alloc_locals;
    local prices: GasPrices* = nondet %{ cairn.os.gas_prices %};
    assert prices.prefix = GAS_PRICES_PREFIX;
    let (prices_hash) = poseidon_hash_many(n=GasPrices.SIZE, elements=prices);
    assert hash = prices_hash;
    assert [range_check_ptr] = prices.l1_gas.wei;
    assert [range_check_ptr + 1] = prices.l1_gas.fri;
    assert [range_check_ptr + 2] = prices.l1_data_gas.wei;
    assert [range_check_ptr + 3] = prices.l1_data_gas.fri;
    assert [range_check_ptr + 4] = prices.l2_gas.wei;
    assert [range_check_ptr + 5] = prices.l2_gas.fri;
    let range_check_ptr = range_check_ptr + PRICE_COUNT;
    return (prices=prices);
}
