// The root of a Patricia trie over Poseidon with height 64 that holds leaves, none of them 0, at the keys 0, 1, 2 ...
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash
from starkware.cairo.common.cairo_builtins import PoseidonBuiltin

const HEIGHT = 64;

func indexed_trie_root{poseidon_ptr: PoseidonBuiltin*}(n_leaves, leaves: felt*) -> (root: felt) {
    if (n_leaves == 0) {
        return (root=0);
    }
    return fold_levels(n=n_leaves, nodes=leaves, last_length=0, height=HEIGHT);
}

// From the nodes of one level to the root, `height` levels above. Only the last node may stand below an edge, of
// last_length zeros up to its level. The hint cannot take an odd number for an even one: half of it is no count.
func fold_levels{poseidon_ptr: PoseidonBuiltin*}(n, nodes: felt*, last_length, height) -> (
    root: felt
) {
    alloc_locals;
    if (n == 1) {
        let (root) = close_edge(bottom=nodes[0], length=last_length + height);
        return (root=root);
    }
    let (local parents) = alloc();
    %{ cairn.os.is_odd %}
    jmp odd if [ap] != 0, ap++;

    let (parents_end) = hash_pairs(n_pairs=(n - 2) / 2, nodes=nodes, parent=parents);
    local parents_end: felt* = parents_end;
    let (last) = close_edge(bottom=nodes[n - 1], length=last_length);
    let (last_parent) = poseidon_hash(nodes[n - 2], last);
    assert parents_end[0] = last_parent;
    return fold_levels(n=n / 2, nodes=parents, last_length=0, height=height - 1);

    odd:
    let (parents_end) = hash_pairs(n_pairs=(n - 1) / 2, nodes=nodes, parent=parents);
    assert parents_end[0] = nodes[n - 1];
    return fold_levels(
        n=(n + 1) / 2, nodes=parents, last_length=last_length + 1, height=height - 1
    );
}

func hash_pairs{poseidon_ptr: PoseidonBuiltin*}(n_pairs, nodes: felt*, parent: felt*) -> (
    parents_end: felt*
) {
    if (n_pairs == 0) {
        return (parents_end=parent);
    }
    let (hash) = poseidon_hash(nodes[0], nodes[1]);
    assert parent[0] = hash;
    return hash_pairs(n_pairs=n_pairs - 1, nodes=nodes + 2, parent=parent + 1);
}

// The node above an edge of zeros; without length it is the bottom.
func close_edge{poseidon_ptr: PoseidonBuiltin*}(bottom, length) -> (node: felt) {
    if (length == 0) {
        return (node=bottom);
    }
    let (hash) = poseidon_hash(bottom, 0);
    return (node=hash + length);
}
