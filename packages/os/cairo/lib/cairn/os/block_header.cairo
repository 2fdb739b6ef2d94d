// Block headers, and the chain they make by their parents' hashes.
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash_many
from starkware.cairo.common.cairo_builtins import PoseidonBuiltin

const BLOCK_HASH_PREFIX = 'STARKNET_BLOCK_HASH1';

// What a block hash covers, in its order.
struct BlockHeader {
    prefix: felt,
    block_number: felt,
    state_root: felt,
    sequencer_address: felt,
    timestamp: felt,
    packed_counts: felt,
    state_diff_commitment: felt,
    transaction_commitment: felt,
    event_commitment: felt,
    receipt_commitment: felt,
    gas_prices_hash: felt,
    starknet_version: felt,
    zero: felt,
    parent_hash: felt,
}

func hash_block_header{poseidon_ptr: PoseidonBuiltin*}(header: BlockHeader*) -> (hash: felt) {
    assert header.prefix = BLOCK_HASH_PREFIX;
    assert header.zero = 0;
    let (hash) = poseidon_hash_many(n=BlockHeader.SIZE, elements=header);
    return (hash=hash);
}

// What a block takes over from the one before it.
struct ParentBlock {
    block_number: felt,
    block_hash: felt,
    state_root: felt,
    timestamp: felt,
}

// Hashes of the blocks from `lowest` on, in order.
struct BlockHashes {
    hashes: felt*,
    lowest: felt,
}

// The block before the first one of this run, and the hashes of the blocks below it. `lowest` is the prover's choice:
// whoever looks a hash up shows that it is not below. Whether the parent is the right one is for the reader of the
// output to say; the hashes below follow from it, and so do the numbers of these blocks.
func open_chain{poseidon_ptr: PoseidonBuiltin*}() -> (parent: ParentBlock, known: BlockHashes*) {
    alloc_locals;
    local known: BlockHashes* = nondet %{ cairn.os.block_hashes %};
    %{ cairn.os.is_genesis %}
    jmp genesis if [ap] != 0, ap++;

    local header: BlockHeader* = nondet %{ cairn.os.next_ancestor %};
    let (local hash) = hash_block_header(header);
    tempvar index = header.block_number - known.lowest;
    assert known.hashes[index] = hash;
    open_ancestors(hashes=known.hashes, hash=header.parent_hash, left=index);
    return (
        parent=ParentBlock(
            block_number=header.block_number,
            block_hash=hash,
            state_root=header.state_root,
            timestamp=header.timestamp,
        ),
        known=known,
    );

    // Nothing is before block 0.
    genesis:
    return (
        parent=ParentBlock(block_number=-1, block_hash=0, state_root=0, timestamp=0), known=known
    );
}

// Proves the hashes of `left` blocks, of which that of the last is known from its child.
func open_ancestors{poseidon_ptr: PoseidonBuiltin*}(hashes: felt*, hash, left) {
    alloc_locals;
    if (left == 0) {
        return ();
    }
    assert hashes[left - 1] = hash;
    if (left == 1) {
        return ();
    }
    local header: BlockHeader* = nondet %{ cairn.os.next_ancestor %};
    let (header_hash) = hash_block_header(header);
    assert header_hash = hash;
    return open_ancestors(hashes=hashes, hash=header.parent_hash, left=left - 1);
}
