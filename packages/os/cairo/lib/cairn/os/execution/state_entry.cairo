from starkware.cairo.common.dict_access import DictAccess

// What a contract is at one moment of a block. Values of contract_state_changes point to these.
struct StateEntry {
    // 0 where nothing is deployed.
    class_hash: felt,
    // End of the log of storage accesses; the entry before the block's first access points to its start.
    storage_ptr: DictAccess*,
    nonce: felt,
}
