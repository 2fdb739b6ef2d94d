// Updates of Patricia trees: nodes are 0 for an empty subtree, H(left, right), or H(bottom, path) + length for an edge
// along `length` bits to a node that is not an edge; leaves are their values, 0 where there is none.
//
// The module of the same tree over Poseidon, patricia_with_poseidon, is made from this text.
//
// An old subtree of height h over the leaves from `start` on is given by its hash, or as an open edge. A new subtree
// is always open: its node `bottom`, of the height g and over the leaves from bottom_start on; bottom = 0 is an empty
// subtree. Heights are pointers into a table of powers of two: half[0] is 2^(h - 1), or 0 for a leaf, and half[1] is
// 2^h. So an edge grows by itself where the subtree beside it is empty, and the new tree has the one canonical form.
//
// The openings of the old tree are the prover's, bound by their hashes: a tree made by these rules has just one. Each
// update is taken at the place its key names: hints choose the way, and a wrong way does not arrive there.
from starkware.cairo.common.cairo_builtins import HashBuiltin
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.patricia_utils import (
    MAX_LENGTH,
    NodeEdge,
    ParticiaGlobals,
    PatriciaUpdateConstants,
    patricia_update_constants_new,
)

// Proves that the tree of that height, at most MAX_LENGTH, with root prev_root becomes the one with new_root by the
// updates, sorted by key and each key once: keys are below 2^height and previous values stand in the old tree.
// An update that changes nothing is a proven read.
func patricia_update{hash_ptr: HashBuiltin*, range_check_ptr}(
    update_ptr: DictAccess*, n_updates: felt, height: felt, prev_root: felt, new_root: felt
) {
    let (constants) = patricia_update_constants_new();
    patricia_update_using_update_constants(
        patricia_update_constants=constants,
        update_ptr=update_ptr,
        n_updates=n_updates,
        height=height,
        prev_root=prev_root,
        new_root=new_root,
    );
    return ();
}

func patricia_update_using_update_constants{hash_ptr: HashBuiltin*, range_check_ptr}(
    patricia_update_constants: PatriciaUpdateConstants*,
    update_ptr: DictAccess*,
    n_updates: felt,
    height: felt,
    prev_root: felt,
    new_root: felt,
) {
    alloc_locals;
    if (n_updates == 0) {
        assert prev_root = new_root;
        return ();
    }
    local updates_end: DictAccess* = update_ptr + n_updates * DictAccess.SIZE;
    local table: felt* = patricia_update_constants.globals_pow2 - 1;
    %{ cairn.patricia.enter %}
    let (bottom, bottom_start, bottom_half) = update_node{update_ptr=update_ptr}(
        table=table, half=table + height, start=0, node=prev_root
    );
    %{ cairn.patricia.exit %}
    assert update_ptr = updates_end;
    let (root) = close_node(
        half=table + height,
        start=0,
        bottom=bottom,
        bottom_start=bottom_start,
        bottom_half=bottom_half,
    );
    assert new_root = root;
    return ();
}

// The hash of an open subtree.
func close_node{hash_ptr: HashBuiltin*}(
    half: felt*, start: felt, bottom: felt, bottom_start: felt, bottom_half: felt*
) -> (node: felt) {
    if (bottom == 0) {
        return (node=0);
    }
    tempvar length = half - bottom_half;
    if (length == 0) {
        return (node=bottom);
    }
    tempvar distance = bottom_start - start;
    assert hash_ptr.x = bottom;
    assert hash_ptr.y = distance / bottom_half[1];
    tempvar hash = hash_ptr.result;
    let hash_ptr = hash_ptr + HashBuiltin.SIZE;
    return (node=hash + length);
}

// The edge with that hash, where its height and first leaf are `half` and `start`.
func open_edge{hash_ptr: HashBuiltin*}(half: felt*, start: felt, node: felt) -> (
    bottom: felt, bottom_start: felt, bottom_half: felt*
) {
    // The length and path of an edge of a canonical tree: the only ones with this hash.
    tempvar length = nondet %{ cairn.patricia.open_edge %};
    assert node = hash_ptr.result + length;
    tempvar bottom = hash_ptr.x;
    tempvar path = hash_ptr.y;
    tempvar bottom_half = half - length;
    tempvar distance = path * bottom_half[1];
    let hash_ptr = hash_ptr + HashBuiltin.SIZE;
    return (bottom=bottom, bottom_start=start + distance, bottom_half=bottom_half);
}

// Updates a subtree of which the hash is known.
func update_node{hash_ptr: HashBuiltin*, range_check_ptr, update_ptr: DictAccess*}(
    table: felt*, half: felt*, start: felt, node: felt
) -> (bottom: felt, bottom_start: felt, bottom_half: felt*) {
    alloc_locals;
    tempvar half_size = [half];
    jmp inner if half_size != 0;

    // A leaf.
    let update = update_ptr;
    assert update.key = start;
    assert update.prev_value = node;
    let update_ptr = update_ptr + DictAccess.SIZE;
    return (bottom=update.new_value, bottom_start=start, bottom_half=half);

    inner:
    jmp not_empty if node != 0;
    return update_sparse(
        table=table, half=half, start=start, bottom=0, bottom_start=start, bottom_half=half
    );

    not_empty:
    %{ cairn.patricia.is_edge %}
    jmp edge if [ap] != 0, ap++;
    return update_binary(table=table, half=half, start=start, node=node);

    edge:
    let (bottom, bottom_start, bottom_half) = open_edge(half=half, start=start, node=node);
    return update_sparse(
        table=table,
        half=half,
        start=start,
        bottom=bottom,
        bottom_start=bottom_start,
        bottom_half=bottom_half,
    );
}

// Updates below a node with two children.
func update_binary{hash_ptr: HashBuiltin*, range_check_ptr, update_ptr: DictAccess*}(
    table: felt*, half: felt*, start: felt, node: felt
) -> (bottom: felt, bottom_start: felt, bottom_half: felt*) {
    alloc_locals;
    %{ cairn.patricia.open_binary %}
    assert node = hash_ptr.result;
    local left = hash_ptr.x;
    local right = hash_ptr.y;
    let hash_ptr = hash_ptr + HashBuiltin.SIZE;
    %{ cairn.patricia.has_left_updates %}
    jmp left_first if [ap] != 0, ap++;

    // Only on the right.
    let (bottom, bottom_start, bottom_half) = update_node(
        table=table, half=half - 1, start=start + [half], node=right
    );
    jmp right_lives if bottom != 0;
    return open_node(half=half - 1, start=start, node=left);

    right_lives:
    let (new_right) = close_node(
        half=half - 1,
        start=start + [half],
        bottom=bottom,
        bottom_start=bottom_start,
        bottom_half=bottom_half,
    );
    if (new_right == right) {
        return (bottom=node, bottom_start=start, bottom_half=half);
    }
    assert hash_ptr.x = left;
    assert hash_ptr.y = new_right;
    let joined = hash_ptr.result;
    let hash_ptr = hash_ptr + HashBuiltin.SIZE;
    return (bottom=joined, bottom_start=start, bottom_half=half);

    left_first:
    let (local left_bottom, local left_start, local left_half) = update_node(
        table=table, half=half - 1, start=start, node=left
    );
    %{ cairn.patricia.has_right_updates %}
    jmp both if [ap] != 0, ap++;

    // Only on the left.
    jmp left_lives if left_bottom != 0;
    return open_node(half=half - 1, start=start + [half], node=right);

    left_lives:
    let (new_left) = close_node(
        half=half - 1,
        start=start,
        bottom=left_bottom,
        bottom_start=left_start,
        bottom_half=left_half,
    );
    if (new_left == left) {
        return (bottom=node, bottom_start=start, bottom_half=half);
    }
    assert hash_ptr.x = new_left;
    assert hash_ptr.y = right;
    let joined = hash_ptr.result;
    let hash_ptr = hash_ptr + HashBuiltin.SIZE;
    return (bottom=joined, bottom_start=start, bottom_half=half);

    both:
    let (right_bottom, right_start, right_half) = update_node(
        table=table, half=half - 1, start=start + [half], node=right
    );
    return join_nodes(
        half=half,
        start=start,
        left_bottom=left_bottom,
        left_start=left_start,
        left_half=left_half,
        right_bottom=right_bottom,
        right_start=right_start,
        right_half=right_half,
    );
}

// The subtree made of two open halves.
func join_nodes{hash_ptr: HashBuiltin*, range_check_ptr, update_ptr: DictAccess*}(
    half: felt*,
    start: felt,
    left_bottom: felt,
    left_start: felt,
    left_half: felt*,
    right_bottom: felt,
    right_start: felt,
    right_half: felt*,
) -> (bottom: felt, bottom_start: felt, bottom_half: felt*) {
    alloc_locals;
    if (left_bottom == 0) {
        return (bottom=right_bottom, bottom_start=right_start, bottom_half=right_half);
    }
    if (right_bottom == 0) {
        return (bottom=left_bottom, bottom_start=left_start, bottom_half=left_half);
    }
    let (local left) = close_node(
        half=half - 1,
        start=start,
        bottom=left_bottom,
        bottom_start=left_start,
        bottom_half=left_half,
    );
    let (right) = close_node(
        half=half - 1,
        start=start + [half],
        bottom=right_bottom,
        bottom_start=right_start,
        bottom_half=right_half,
    );
    assert hash_ptr.x = left;
    assert hash_ptr.y = right;
    let joined = hash_ptr.result;
    let hash_ptr = hash_ptr + HashBuiltin.SIZE;
    return (bottom=joined, bottom_start=start, bottom_half=half);
}

// Opens an old subtree that is not updated and becomes an only child. An edge must be taken as one, so a node that is
// said to be none is shown to have two children.
func open_node{hash_ptr: HashBuiltin*, range_check_ptr, update_ptr: DictAccess*}(
    half: felt*, start: felt, node: felt
) -> (bottom: felt, bottom_start: felt, bottom_half: felt*) {
    alloc_locals;
    tempvar half_size = [half];
    jmp inner if half_size != 0;
    return (bottom=node, bottom_start=start, bottom_half=half);

    inner:
    %{ cairn.patricia.is_edge %}
    jmp edge if [ap] != 0, ap++;
    %{ cairn.patricia.open_binary %}
    assert node = hash_ptr.result;
    let hash_ptr = hash_ptr + HashBuiltin.SIZE;
    return (bottom=node, bottom_start=start, bottom_half=half);

    edge:
    let (bottom, bottom_start, bottom_half) = open_edge(half=half, start=start, node=node);
    return (bottom=bottom, bottom_start=bottom_start, bottom_half=bottom_half);
}

// Updates a subtree that is empty (bottom = 0) or is one edge, perhaps of length 0.
func update_sparse{hash_ptr: HashBuiltin*, range_check_ptr, update_ptr: DictAccess*}(
    table: felt*,
    half: felt*,
    start: felt,
    bottom: felt,
    bottom_start: felt,
    bottom_half: felt*,
) -> (bottom: felt, bottom_start: felt, bottom_half: felt*) {
    alloc_locals;
    jmp not_empty if bottom != 0;
    %{ cairn.patricia.has_many_updates %}
    jmp fork if [ap] != 0, ap++;

    // One leaf in nothing.
    let update = update_ptr;
    assert update.prev_value = 0;
    assert_below_power(value=update.key - start, power=half[1]);
    let update_ptr = update_ptr + DictAccess.SIZE;
    return (bottom=update.new_value, bottom_start=update.key, bottom_half=table);

    not_empty:
    %{ cairn.patricia.leaves_edge %}
    jmp fork if [ap] != 0, ap++;

    // All updates lie below the edge.
    return update_node(table=table, half=bottom_half, start=bottom_start, node=bottom);

    // The updates, or the updates and the edge, part at a node between: of height `fork_half`, with its leaves from
    // fork_start on. It lies inside the subtree: 1 <= fork height <= height, and fork_start is a multiple of the
    // fork's size away from start.
    fork:
    local fork_half: felt* = nondet %{ cairn.patricia.fork_half %};
    local fork_start = nondet %{ cairn.patricia.fork_start %};
    assert [range_check_ptr] = half - fork_half;
    assert [range_check_ptr + 1] = fork_half - table - 1;
    let range_check_ptr = range_check_ptr + 2;
    tempvar distance = fork_start - start;
    tempvar fork_size = fork_half[1];
    assert_below_power(value=distance / fork_size, power=half[1] / fork_size);
    local middle = fork_start + [fork_half];
    local child_half: felt* = fork_half - 1;
    jmp fork_of_edge if bottom != 0;

    let (left_bottom, left_start, left_half) = update_sparse(
        table=table,
        half=child_half,
        start=fork_start,
        bottom=0,
        bottom_start=fork_start,
        bottom_half=child_half,
    );
    local left_bottom = left_bottom;
    local left_start = left_start;
    local left_half: felt* = left_half;
    let (right_bottom, right_start, right_half) = update_sparse(
        table=table,
        half=child_half,
        start=middle,
        bottom=0,
        bottom_start=middle,
        bottom_half=child_half,
    );
    return join_nodes(
        half=fork_half,
        start=fork_start,
        left_bottom=left_bottom,
        left_start=left_start,
        left_half=left_half,
        right_bottom=right_bottom,
        right_start=right_start,
        right_half=right_half,
    );

    // The edge goes on in one half: its bottom lies in it.
    fork_of_edge:
    assert [range_check_ptr] = child_half - bottom_half;
    let range_check_ptr = range_check_ptr + 1;
    %{ cairn.patricia.edge_is_right %}
    jmp edge_right if [ap] != 0, ap++;
    tempvar distance = bottom_start - fork_start;
    tempvar bottom_size = bottom_half[1];
    assert_below_power(value=distance / bottom_size, power=child_half[1] / bottom_size);
    let (edge_bottom, edge_start, edge_half) = update_half_with_edge(
        table=table,
        half=child_half,
        start=fork_start,
        bottom=bottom,
        bottom_start=bottom_start,
        bottom_half=bottom_half,
    );
    local edge_bottom = edge_bottom;
    local edge_start = edge_start;
    local edge_half: felt* = edge_half;
    let (new_bottom, new_start, new_half) = update_sparse(
        table=table,
        half=child_half,
        start=middle,
        bottom=0,
        bottom_start=middle,
        bottom_half=child_half,
    );
    return join_nodes(
        half=fork_half,
        start=fork_start,
        left_bottom=edge_bottom,
        left_start=edge_start,
        left_half=edge_half,
        right_bottom=new_bottom,
        right_start=new_start,
        right_half=new_half,
    );

    edge_right:
    tempvar distance = bottom_start - middle;
    tempvar bottom_size = bottom_half[1];
    assert_below_power(value=distance / bottom_size, power=child_half[1] / bottom_size);
    let (new_bottom, new_start, new_half) = update_sparse(
        table=table,
        half=child_half,
        start=fork_start,
        bottom=0,
        bottom_start=fork_start,
        bottom_half=child_half,
    );
    local new_bottom = new_bottom;
    local new_start = new_start;
    local new_half: felt* = new_half;
    let (edge_bottom, edge_start, edge_half) = update_half_with_edge(
        table=table,
        half=child_half,
        start=middle,
        bottom=bottom,
        bottom_start=bottom_start,
        bottom_half=bottom_half,
    );
    return join_nodes(
        half=fork_half,
        start=fork_start,
        left_bottom=new_bottom,
        left_start=new_start,
        left_half=new_half,
        right_bottom=edge_bottom,
        right_start=edge_start,
        right_half=edge_half,
    );
}

// The half of a fork with the old edge, in which there may be updates too.
func update_half_with_edge{hash_ptr: HashBuiltin*, range_check_ptr, update_ptr: DictAccess*}(
    table: felt*,
    half: felt*,
    start: felt,
    bottom: felt,
    bottom_start: felt,
    bottom_half: felt*,
) -> (bottom: felt, bottom_start: felt, bottom_half: felt*) {
    %{ cairn.patricia.has_updates_beside_edge %}
    jmp updated if [ap] != 0, ap++;
    return (bottom=bottom, bottom_start=bottom_start, bottom_half=bottom_half);

    updated:
    return update_sparse(
        table=table,
        half=half,
        start=start,
        bottom=bottom,
        bottom_start=bottom_start,
        bottom_half=bottom_half,
    );
}

// value < power as integers, for a power of two up to 2^251. For the fractions that a wrong caller could pass, which
// are felts above 2^249, neither way passes.
func assert_below_power{range_check_ptr}(value: felt, power: felt) {
    const SHIFT = 2 ** 128;
    %{ cairn.patricia.is_big_power %}
    jmp big if [ap] != 0, ap++;
    assert [range_check_ptr] = value;
    assert [range_check_ptr + 1] = power - 1 - value;
    let range_check_ptr = range_check_ptr + 2;
    return ();

    big:
    %{ cairn.patricia.value_halves_to_range_checks %}
    tempvar high = [range_check_ptr + 1];
    assert value = [range_check_ptr] + high * SHIFT;
    tempvar high_bound = power / SHIFT;
    assert [range_check_ptr + 2] = high_bound - 1 - high;
    let range_check_ptr = range_check_ptr + 3;
    return ();
}
