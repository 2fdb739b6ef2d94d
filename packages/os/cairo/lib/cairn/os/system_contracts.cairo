// What a block does by itself, before its transactions, to the contracts that no transaction writes to.
from starkware.cairo.common.dict_access import DictAccess
from cairn.os.aliases import ALIAS_CONTRACT
from cairn.os.block_header import BlockHashes
from cairn.os.execution.state_access import read_class_hash, write_storage

// Keeps the hashes of blocks under their numbers.
const BLOCK_HASH_CONTRACT = 1;
// Contracts can read the hash of a block from this many blocks after it.
const BLOCK_HASH_DELAY = 10;

// Stores the hash that becomes readable with this block, if there is one.
func store_block_hash{range_check_ptr, contract_state_changes: DictAccess*}(
    block_number, known: BlockHashes*
) {
    %{ cairn.os.has_readable_hash %}
    jmp has_hash if [ap] != 0, ap++;
    assert [range_check_ptr] = BLOCK_HASH_DELAY - 1 - block_number;
    let range_check_ptr = range_check_ptr + 1;
    return ();

    has_hash:
    tempvar number = block_number - BLOCK_HASH_DELAY;
    // All hashes from `lowest` up to the parent's are known.
    tempvar index = number - known.lowest;
    assert [range_check_ptr] = index;
    let range_check_ptr = range_check_ptr + 1;
    write_storage(address=BLOCK_HASH_CONTRACT, key=number, value=known.hashes[index]);
    return ();
}

// Makes the alias contract one that the block touches: the block's end may give aliases.
func touch_alias_contract{contract_state_changes: DictAccess*}() {
    read_class_hash(ALIAS_CONTRACT);
    return ();
}
