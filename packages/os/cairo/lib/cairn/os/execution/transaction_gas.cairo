// What a transaction costs, in gas of three kinds.
from starkware.cairo.common.math import unsigned_div_rem
from cairn.os.execution.protocol_constants import Overhead
from cairn.os.execution.state_changes_count import StateChangesCount

struct GasVector {
    l1_gas: felt,
    l1_data_gas: felt,
    l2_gas: felt,
}

// What a transaction did, as far as its price depends on it; the fee's transfer is not part of it.
struct TransactionWork {
    overhead: Overhead*,
    calldata_len: felt,
    signature_len: felt,
    // In bytes, of a declared class.
    code_size: felt,
    declared_classes: felt,
    // Used by the code of contracts.
    sierra_gas: felt,
    message_count: felt,
    payload_felts: felt,
    event_felts: felt,
    // 1 for a message from L1, of which calldata_len counts the payload and nobody pays on L2.
    is_l1_handler: felt,
}

const ARCHIVAL_GAS_PER_FELT = 5120;
const ARCHIVAL_GAS_PER_CODE_BYTE = 1280;
const ALLOCATION_L2_GAS = 402000;
const ALLOCATION_L1_GAS = 551;
const ALLOCATION_L1_DATA_GAS = 32;
const L1_DATA_GAS_PER_WORD = 32;

// Calldata: words of the state diff, less what zero bytes of contracts' headers and of the payer's balance save.
const L1_GAS_PER_WORD = 551;
const L1_GAS_SAVED_PER_CONTRACT = 312;
const L1_GAS_SAVED_BY_BALANCE = 240;

// Three header words, a counter to set, and an event with two indexed fields and two words of data.
const L1_GAS_PER_MESSAGE = 3 * 1124 + 20000 + 375 + 3 * 375 + 2 * 256;
const L1_GAS_PER_PAYLOAD_FELT = 1124 + 256;

// Of a message from L1: five header words, a counter to clear, and an event with three indexed fields and three words.
const L1_GAS_OF_L1_HANDLER = 5 * 1124 + 5000 + 375 + 4 * 375 + 3 * 256;

// Work to evaluate a blob, per word.
const KZG_STEPS = 113;
const KZG_RANGE_CHECKS = 17;

// L1 gas of work in parts of 10,000, and how much L2 gas it is worth.
const GAS_PARTS = 10000;
const STEP_PARTS = 25;
const RANGE_CHECK_PARTS = 400;
const HASH_PARTS = 800;
const L2_GAS_PER_L1_GAS = 40000;

func transaction_gas{range_check_ptr}(
    work: TransactionWork*, changes: StateChangesCount, is_blob
) -> (gas: GasVector) {
    alloc_locals;
    let storage_updates = changes.storage_updates + (1 - changes.has_payer_balance) * (
        1 - work.is_l1_handler
    );
    local words = 2 * changes.modified_contracts + changes.class_updates + 2 * storage_updates + 2 *
        work.declared_classes;
    let (local work_gas) = overhead_gas(work.overhead, work.calldata_len, words * is_blob, is_blob);
    local l2_gas = work.sierra_gas + work_gas + ALLOCATION_L2_GAS * changes.allocated_keys +
        ARCHIVAL_GAS_PER_FELT * (work.calldata_len + work.signature_len + work.event_felts) +
        ARCHIVAL_GAS_PER_CODE_BYTE * work.code_size;
    local message_gas = L1_GAS_PER_MESSAGE * work.message_count + L1_GAS_PER_PAYLOAD_FELT *
        work.payload_felts + work.is_l1_handler * (
            L1_GAS_OF_L1_HANDLER + L1_GAS_PER_PAYLOAD_FELT * work.calldata_len
        );
    if (is_blob != 0) {
        return (
            gas=GasVector(
                l1_gas=message_gas,
                l1_data_gas=L1_DATA_GAS_PER_WORD * words + ALLOCATION_L1_DATA_GAS *
                changes.allocated_keys,
                l2_gas=l2_gas,
            ),
        );
    }
    let (calldata_gas) = larger_of(
        L1_GAS_PER_WORD * words - L1_GAS_SAVED_PER_CONTRACT * changes.modified_contracts -
        L1_GAS_SAVED_BY_BALANCE,
        0,
    );
    return (
        gas=GasVector(
            l1_gas=message_gas + calldata_gas + ALLOCATION_L1_GAS * changes.allocated_keys,
            l1_data_gas=0,
            l2_gas=l2_gas,
        ),
    );
}

// L2 gas for the work of the OS: the dearest resource alone.
func overhead_gas{range_check_ptr}(overhead: Overhead*, calldata_len, blob_words, is_blob) -> (
    gas: felt
) {
    alloc_locals;
    // A Poseidon hash of the words: pairs are absorbed five at a time, then one by one.
    let (local tens, rest) = unsigned_div_rem(blob_words, 10);
    let (local pairs, odd) = unsigned_div_rem(rest, 2);
    local blob_steps = KZG_STEPS * blob_words + is_blob * (55 * tens + 18 * pairs + 3 * odd + 21);
    local blob_poseidon = is_blob * (5 * tens + pairs + 1);

    let (steps) = with_halves(overhead.steps, overhead.half_steps_per_felt * calldata_len);
    let (local step_gas) = ceil_div(STEP_PARTS * (steps + blob_steps), GAS_PARTS);
    let (range_check_gas) = ceil_div(
        RANGE_CHECK_PARTS * (overhead.range_checks + KZG_RANGE_CHECKS * blob_words), GAS_PARTS
    );
    let (local gas) = larger_of(step_gas, range_check_gas);
    let (pedersen) = with_halves(
        overhead.pedersen, overhead.half_pedersen_per_felt * calldata_len
    );
    let (pedersen_gas) = ceil_div(HASH_PARTS * pedersen, GAS_PARTS);
    let (local gas) = larger_of(gas, pedersen_gas);
    let (poseidon) = with_halves(
        overhead.poseidon, overhead.half_poseidon_per_felt * calldata_len
    );
    let (poseidon_gas) = ceil_div(HASH_PARTS * (poseidon + blob_poseidon), GAS_PARTS);
    let (gas) = larger_of(gas, poseidon_gas);
    return (gas=L2_GAS_PER_L1_GAS * gas);
}

// A count and a number of halves, which are rounded up.
func with_halves{range_check_ptr}(count, halves) -> (sum: felt) {
    let (rounded) = ceil_div(halves, 2);
    return (sum=count + rounded);
}

func ceil_div{range_check_ptr}(value, divisor) -> (quotient: felt) {
    let (quotient, _) = unsigned_div_rem(value + divisor - 1, divisor);
    return (quotient=quotient);
}

// Of numbers whose difference is below 2^128.
func larger_of{range_check_ptr}(a, b) -> (larger: felt) {
    %{ cairn.execution.is_b_larger %}
    jmp b_larger if [ap] != 0, ap++;
    assert [range_check_ptr] = a - b;
    let range_check_ptr = range_check_ptr + 1;
    return (larger=a);

    b_larger:
    assert [range_check_ptr] = b - a;
    let range_check_ptr = range_check_ptr + 1;
    return (larger=b);
}
