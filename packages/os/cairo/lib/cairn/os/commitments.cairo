// The commitments of a block to its transactions, events and receipts.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash_many
from starkware.cairo.common.cairo_builtins import PoseidonBuiltin
from starkware.cairo.common.math import assert_not_zero
from starkware.cairo.common.memcpy import memcpy
from cairn.os.execution.carried_outputs import MessageToL1
from cairn.os.execution.transaction_record import EventRecord, TransactionRecord
from cairn.os.indexed_trie import indexed_trie_root

// Commits to hashes and signatures.
func commit_to_transactions{poseidon_ptr: PoseidonBuiltin*}(
    n_transactions, records: TransactionRecord*
) -> (commitment: felt) {
    alloc_locals;
    let (local leaves) = alloc();
    write_transaction_leaves(left=n_transactions, record=records, leaf=leaves);
    let (commitment) = indexed_trie_root(n_leaves=n_transactions, leaves=leaves);
    return (commitment=commitment);
}

func write_transaction_leaves{poseidon_ptr: PoseidonBuiltin*}(
    left, record: TransactionRecord*, leaf: felt*
) {
    alloc_locals;
    if (left == 0) {
        return ();
    }
    let (local words) = alloc();
    assert words[0] = record.transaction_hash;
    memcpy(dst=words + 1, src=record.signature, len=record.signature_len);
    let (hash) = poseidon_hash_many(n=record.signature_len + 1, elements=words);
    assert [leaf] = hash;
    return write_transaction_leaves(
        left=left - 1, record=record + TransactionRecord.SIZE, leaf=leaf + 1
    );
}

// Commits to the events of all transactions in order; returns how many they are.
func commit_to_events{poseidon_ptr: PoseidonBuiltin*}(
    n_transactions, records: TransactionRecord*
) -> (commitment: felt, n_events: felt) {
    alloc_locals;
    let (local leaves) = alloc();
    let (leaves_end) = write_leaves_of_transactions(
        left=n_transactions, record=records, leaf=leaves
    );
    local n_events = leaves_end - leaves;
    let (commitment) = indexed_trie_root(n_leaves=n_events, leaves=leaves);
    return (commitment=commitment, n_events=n_events);
}

func write_leaves_of_transactions{poseidon_ptr: PoseidonBuiltin*}(
    left, record: TransactionRecord*, leaf: felt*
) -> (leaves_end: felt*) {
    if (left == 0) {
        return (leaves_end=leaf);
    }
    let (leaf) = write_event_leaves(
        transaction_hash=record.transaction_hash,
        event=record.events,
        end=record.events_end,
        leaf=leaf,
    );
    return write_leaves_of_transactions(
        left=left - 1, record=record + TransactionRecord.SIZE, leaf=leaf
    );
}

func write_event_leaves{poseidon_ptr: PoseidonBuiltin*}(
    transaction_hash, event: EventRecord*, end: EventRecord*, leaf: felt*
) -> (leaves_end: felt*) {
    alloc_locals;
    if (event == end) {
        return (leaves_end=leaf);
    }
    let (local words) = alloc();
    assert words[0] = event.from_address;
    assert words[1] = transaction_hash;
    assert words[2] = event.n_keys;
    memcpy(dst=words + 3, src=event.keys, len=event.n_keys);
    local data: felt* = words + 3 + event.n_keys;
    assert data[0] = event.n_data;
    memcpy(dst=data + 1, src=event.data, len=event.n_data);
    let (hash) = poseidon_hash_many(n=4 + event.n_keys + event.n_data, elements=words);
    assert [leaf] = hash;
    return write_event_leaves(
        transaction_hash=transaction_hash, event=event + EventRecord.SIZE, end=end, leaf=leaf + 1
    );
}

// What a receipt's leaf covers.
struct ReceiptWords {
    transaction_hash: felt,
    actual_fee: felt,
    messages_hash: felt,
    // 0 exactly where nothing was undone.
    revert_reason_hash: felt,
    zero: felt,
    l1_gas: felt,
    l1_data_gas: felt,
}

// Commits to fees, messages to L1, gas and outcomes. Of revert reasons the hash is the prover's word.
func commit_to_receipts{poseidon_ptr: PoseidonBuiltin*}(
    n_transactions, records: TransactionRecord*
) -> (commitment: felt) {
    alloc_locals;
    let (local leaves) = alloc();
    write_receipt_leaves(left=n_transactions, record=records, leaf=leaves);
    let (commitment) = indexed_trie_root(n_leaves=n_transactions, leaves=leaves);
    return (commitment=commitment);
}

func write_receipt_leaves{poseidon_ptr: PoseidonBuiltin*}(
    left, record: TransactionRecord*, leaf: felt*
) {
    alloc_locals;
    if (left == 0) {
        return ();
    }
    local revert_reason_hash = nondet %{ cairn.os.revert_reason_hash %};
    if (record.is_reverted == 0) {
        assert revert_reason_hash = 0;
    } else {
        assert_not_zero(revert_reason_hash);
    }
    let (messages_hash) = hash_messages(record.messages_to_l1, record.messages_to_l1_end);
    let (hash) = poseidon_hash_many(
        n=ReceiptWords.SIZE,
        elements=new ReceiptWords(
            transaction_hash=record.transaction_hash,
            actual_fee=record.actual_fee,
            messages_hash=messages_hash,
            revert_reason_hash=revert_reason_hash,
            zero=0,
            l1_gas=record.l1_gas,
            l1_data_gas=record.l1_data_gas,
        ),
    );
    assert [leaf] = hash;
    return write_receipt_leaves(
        left=left - 1, record=record + TransactionRecord.SIZE, leaf=leaf + 1
    );
}

// Of the number of messages and their words.
func hash_messages{poseidon_ptr: PoseidonBuiltin*}(start: MessageToL1*, end: MessageToL1*) -> (
    hash: felt
) {
    alloc_locals;
    let (local words) = alloc();
    let (n_messages) = count_messages(message=start, end=end, count=0);
    assert words[0] = n_messages;
    local length = end - start;
    memcpy(dst=words + 1, src=start, len=length);
    let (hash) = poseidon_hash_many(n=length + 1, elements=words);
    return (hash=hash);
}

func count_messages(message: MessageToL1*, end: MessageToL1*, count) -> (n_messages: felt) {
    if (message == end) {
        return (n_messages=count);
    }
    return count_messages(
        message=message + MessageToL1.SIZE + message.payload_size, end=end, count=count + 1
    );
}
