// What the run says to L1.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import ModBuiltin, PoseidonBuiltin
from starkware.cairo.common.memcpy import memcpy
from cairn.os.compression import compress
from cairn.os.evaluation import BLOB_LENGTH, PAGE_LENGTH, write_evaluations
from cairn.os.execution.carried_outputs import OsCarriedOutputs
from cairn.os.state_changes import StateChanges
from cairn.os.state_diff_output import write_full_state_diff, write_state_diff

struct OutputHeader {
    initial_root: felt,
    final_root: felt,
    prev_block_number: felt,
    new_block_number: felt,
    prev_block_hash: felt,
    new_block_hash: felt,
    // 0: the program that made this output is the one that was proven.
    os_program_hash: felt,
    config_hash: felt,
    use_kzg_da: felt,
    full_output: felt,
}

// Where the data goes: into the output, into blobs, into pages of calldata.
const DATA_IN_OUTPUT = 0;
const DATA_IN_BLOBS = 1;
const DATA_IN_PAGES = 3;

// Writes the header, whose flags the prover chose (whoever takes the output checks them), the messages and the data.
func write_output{
    output_ptr: felt*,
    range_check_ptr,
    poseidon_ptr: PoseidonBuiltin*,
    range_check96_ptr: felt*,
    add_mod_ptr: ModBuiltin*,
    mul_mod_ptr: ModBuiltin*,
}(
    header: OutputHeader*,
    messages_start: OsCarriedOutputs*,
    messages_end: OsCarriedOutputs*,
    changes: StateChanges*,
) {
    alloc_locals;
    assert header.full_output * header.full_output = header.full_output;
    assert [cast(output_ptr, OutputHeader*)] = [header];
    let output_ptr = output_ptr + OutputHeader.SIZE;
    if (header.use_kzg_da == DATA_IN_OUTPUT) {
        write_messages(messages_start, messages_end);
        let (end) = write_data(changes=changes, is_full=header.full_output, out=output_ptr);
        let output_ptr = end;
        return ();
    }
    let (local data) = alloc();
    let (end) = write_data(changes=changes, is_full=header.full_output, out=data);
    if (header.use_kzg_da == DATA_IN_BLOBS) {
        write_evaluations(data=data, end=end, chunk_length=BLOB_LENGTH);
        write_messages(messages_start, messages_end);
        return ();
    }
    assert header.use_kzg_da = DATA_IN_PAGES;
    write_evaluations(data=data, end=end, chunk_length=PAGE_LENGTH);
    write_messages(messages_start, messages_end);
    return ();
}

func write_messages{output_ptr: felt*}(start: OsCarriedOutputs*, end: OsCarriedOutputs*) {
    write_segment(start.messages_to_l1, end.messages_to_l1);
    write_segment(start.messages_to_l2, end.messages_to_l2);
    return ();
}

func write_data{range_check_ptr}(changes: StateChanges*, is_full, out: felt*) -> (end: felt*) {
    alloc_locals;
    if (is_full != 0) {
        let (end) = write_full_state_diff(changes=changes, words=out);
        return (end=end);
    }
    let (local words) = alloc();
    let (words_end) = write_state_diff(changes=changes, words=words);
    let (end) = compress(words=words, end=words_end, out=out);
    return (end=end);
}

// The number of words, then the words.
func write_segment{output_ptr: felt*}(start: felt*, end: felt*) {
    alloc_locals;
    local length = end - start;
    assert [output_ptr] = length;
    memcpy(dst=output_ptr + 1, src=start, len=length);
    let output_ptr = output_ptr + 1 + length;
    return ();
}
