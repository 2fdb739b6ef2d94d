from starkware.cairo.common.dict_access import DictAccess
from cairn.os.execution.state_entry import StateEntry

// What happened to one contract. Its accesses to storage are squashed: sorted by key, each key once.
struct ContractChange {
    address: felt,
    prev: StateEntry*,
    next: StateEntry*,
    storage: DictAccess*,
    storage_end: DictAccess*,
}
