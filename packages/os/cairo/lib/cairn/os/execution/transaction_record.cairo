from cairn.os.execution.carried_outputs import MessageToL1

// An emitted event.
struct EventRecord {
    from_address: felt,
    n_keys: felt,
    keys: felt*,
    n_data: felt,
    data: felt*,
}

// What commitments need of an executed transaction.
struct TransactionRecord {
    transaction_hash: felt,
    signature_len: felt,
    signature: felt*,
    // Proven: whether the changes of its execution were undone.
    is_reverted: felt,
    // In fri.
    actual_fee: felt,
    messages_to_l1: MessageToL1*,
    messages_to_l1_end: MessageToL1*,
    // In the order of emission; without those of undone calls.
    events: EventRecord*,
    events_end: EventRecord*,
    // As the receipt tells it: of a reverted transaction, of what stays.
    l1_gas: felt,
    l1_data_gas: felt,
}
