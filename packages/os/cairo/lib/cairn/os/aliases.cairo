// Aliases: short numbers that the alias contract keeps for long addresses and storage keys, given at the first change.
// Addresses go in ascending order; before an address, its changed keys ascending.
//
// Keys and addresses are below 2^251, which the tries prove: so 127 - key in [0, 2^128) says that key is below 128.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.math import assert_le_felt
from cairn.os.contract_change import ContractChange

const ALIAS_CONTRACT = 2;
// Where the alias contract keeps the alias to be given next.
const COUNTER_KEY = 0;
// Numbers below need no alias.
const FIRST_ALIAS = 128;
// Up to this address storage keys need no alias.
const LAST_SYSTEM_CONTRACT = 15;

// The accesses to the alias contract's storage that the changed contracts call for.
func allocate_aliases{range_check_ptr}(change: ContractChange*, end: ContractChange*) -> (
    alias_log: DictAccess*, alias_log_end: DictAccess*
) {
    alloc_locals;
    local alias_log: DictAccess* = nondet %{ cairn.os.alias_log %};
    assert alias_log.key = COUNTER_KEY;
    tempvar stored = alias_log.prev_value;
    let log_end = alias_log + DictAccess.SIZE;
    if (stored == 0) {
        let (next_alias) = alias_from_system{alias_log=log_end}(change, end, FIRST_ALIAS);
        assert alias_log.new_value = next_alias;
        return (alias_log=alias_log, alias_log_end=log_end);
    }
    let (next_alias) = alias_from_system{alias_log=log_end}(change, end, stored);
    assert alias_log.new_value = next_alias;
    return (alias_log=alias_log, alias_log_end=log_end);
}

// Contracts from a system contract on.
func alias_from_system{range_check_ptr, alias_log: DictAccess*}(
    change: ContractChange*, end: ContractChange*, next_alias
) -> (next_alias: felt) {
    if (change == end) {
        return (next_alias=next_alias);
    }
    %{ cairn.os.is_user_contract %}
    jmp user if [ap] != 0, ap++;
    assert [range_check_ptr] = LAST_SYSTEM_CONTRACT - change.address;
    let range_check_ptr = range_check_ptr + 1;
    return alias_from_system(change + ContractChange.SIZE, end, next_alias);

    user:
    assert_le_felt(LAST_SYSTEM_CONTRACT + 1, change.address);
    return alias_from_user(change, end, next_alias, has_long_address=0);
}

// Contracts from one on that is no system contract; has_long_address tells that it is known to need an alias.
func alias_from_user{range_check_ptr, alias_log: DictAccess*}(
    change: ContractChange*, end: ContractChange*, next_alias, has_long_address
) -> (next_alias: felt) {
    alloc_locals;
    if (change == end) {
        return (next_alias=next_alias);
    }
    let (local next_alias, is_changed) = alias_keys(
        access=change.storage, end=change.storage_end, next_alias=next_alias, is_changed=0
    );
    if (is_changed != 0) {
        return alias_address(change, end, next_alias, has_long_address);
    }
    if (change.prev.class_hash != change.next.class_hash) {
        return alias_address(change, end, next_alias, has_long_address);
    }
    if (change.prev.nonce != change.next.nonce) {
        return alias_address(change, end, next_alias, has_long_address);
    }
    return alias_from_user(change + ContractChange.SIZE, end, next_alias, has_long_address);
}

// The address of a changed contract, and all contracts after it.
func alias_address{range_check_ptr, alias_log: DictAccess*}(
    change: ContractChange*, end: ContractChange*, next_alias, has_long_address
) -> (next_alias: felt) {
    alloc_locals;
    jmp long if has_long_address != 0;
    %{ cairn.os.has_long_address %}
    jmp first_long if [ap] != 0, ap++;
    assert [range_check_ptr] = FIRST_ALIAS - 1 - change.address;
    let range_check_ptr = range_check_ptr + 1;
    return alias_from_user(change + ContractChange.SIZE, end, next_alias, has_long_address=0);

    first_long:
    assert_le_felt(FIRST_ALIAS, change.address);
    let (next_alias) = alias_of(change.address, next_alias);
    return alias_from_user(change + ContractChange.SIZE, end, next_alias, has_long_address=1);

    long:
    let (next_alias) = alias_of(change.address, next_alias);
    return alias_from_user(change + ContractChange.SIZE, end, next_alias, has_long_address=1);
}

// Keys that may be short. Returns whether a value changed.
func alias_keys{range_check_ptr, alias_log: DictAccess*}(
    access: DictAccess*, end: DictAccess*, next_alias, is_changed
) -> (next_alias: felt, is_changed: felt) {
    if (access == end) {
        return (next_alias=next_alias, is_changed=is_changed);
    }
    if (access.prev_value == access.new_value) {
        return alias_keys(access + DictAccess.SIZE, end, next_alias, is_changed);
    }
    %{ cairn.os.is_long_key %}
    jmp long if [ap] != 0, ap++;
    assert [range_check_ptr] = FIRST_ALIAS - 1 - access.key;
    let range_check_ptr = range_check_ptr + 1;
    return alias_keys(access + DictAccess.SIZE, end, next_alias, is_changed=1);

    long:
    assert_le_felt(FIRST_ALIAS, access.key);
    return alias_long_keys(access, end, next_alias);
}

// Keys of which the first is not short, so none is.
func alias_long_keys{range_check_ptr, alias_log: DictAccess*}(
    access: DictAccess*, end: DictAccess*, next_alias
) -> (next_alias: felt, is_changed: felt) {
    if (access == end) {
        return (next_alias=next_alias, is_changed=1);
    }
    if (access.prev_value != access.new_value) {
        let (next_alias) = alias_of(access.key, next_alias);
        return alias_long_keys(access + DictAccess.SIZE, end, next_alias);
    }
    return alias_long_keys(access + DictAccess.SIZE, end, next_alias);
}

// Reads the alias of a number; gives it the next one if it has none.
func alias_of{alias_log: DictAccess*}(number, next_alias) -> (next_alias: felt) {
    %{ cairn.os.stored_alias %}
    let access = alias_log;
    assert access.key = number;
    let alias_log = alias_log + DictAccess.SIZE;
    if (access.prev_value == 0) {
        assert access.new_value = next_alias;
        return (next_alias=next_alias + 1);
    }
    assert access.new_value = access.prev_value;
    return (next_alias=next_alias);
}
