// Poseidon hashes, as Starknet defines them.
from starkware.cairo.common.cairo_builtins import PoseidonBuiltin
from starkware.cairo.common.poseidon_state import PoseidonBuiltinState

// Hash of two felts: the permutation of (x, y, 2).
func poseidon_hash{poseidon_ptr: PoseidonBuiltin*}(x: felt, y: felt) -> (res: felt) {
    let done = poseidon_ptr;
    assert done.input = PoseidonBuiltinState(s0=x, s1=y, s2=2);
    let poseidon_ptr = poseidon_ptr + PoseidonBuiltin.SIZE;
    return (res=done.output.s0);
}

// Hash of one felt: the permutation of (x, 0, 1).
func poseidon_hash_single{poseidon_ptr: PoseidonBuiltin*}(x: felt) -> (res: felt) {
    let done = poseidon_ptr;
    assert done.input = PoseidonBuiltinState(s0=x, s1=0, s2=1);
    let poseidon_ptr = poseidon_ptr + PoseidonBuiltin.SIZE;
    return (res=done.output.s0);
}

// Hash of n felts: absorbed in pairs after a 1 and, where that leaves half a pair, a 0 is appended. The hints only
// choose how many pairs are absorbed in one go and when less than a pair is left: the felts add up to n, or the
// function never returns.
func poseidon_hash_many{poseidon_ptr: PoseidonBuiltin*}(n: felt, elements: felt*) -> (res: felt) {
    // What is added to the next pair is the state; it is 0 at first.
    tempvar instances = poseidon_ptr;
    tempvar word = elements;
    tempvar left = n;
    tempvar s0 = 0;
    tempvar s1 = 0;
    tempvar s2 = 0;

    next:
    let instances = cast([ap - 6], PoseidonBuiltin*);
    let word = cast([ap - 5], felt*);
    let left = [ap - 4];
    let s0 = [ap - 3];
    let s1 = [ap - 2];
    let s2 = [ap - 1];
    %{ cairn.poseidon.is_block %}
    jmp block if [ap] != 0, ap++;
    %{ cairn.poseidon.is_last %}
    jmp last if [ap] != 0, ap++;

    assert instances.input = PoseidonBuiltinState(s0=s0 + word[0], s1=s1 + word[1], s2=s2);
    tempvar next_instances = instances + PoseidonBuiltin.SIZE;
    tempvar word = word + 2;
    tempvar left = left - 2;
    tempvar s0 = instances.output.s0;
    tempvar s1 = instances.output.s1;
    tempvar s2 = instances.output.s2;
    jmp next;

    block:
    assert instances[0].input.s0 = s0 + word[0];
    assert instances[0].input.s1 = s1 + word[1];
    assert instances[0].input.s2 = s2;
    assert instances[1].input.s0 = instances[0].output.s0 + word[2];
    assert instances[1].input.s1 = instances[0].output.s1 + word[3];
    assert instances[1].input.s2 = instances[0].output.s2;
    assert instances[2].input.s0 = instances[1].output.s0 + word[4];
    assert instances[2].input.s1 = instances[1].output.s1 + word[5];
    assert instances[2].input.s2 = instances[1].output.s2;
    assert instances[3].input.s0 = instances[2].output.s0 + word[6];
    assert instances[3].input.s1 = instances[2].output.s1 + word[7];
    assert instances[3].input.s2 = instances[2].output.s2;
    tempvar next_instances = instances + 4 * PoseidonBuiltin.SIZE;
    tempvar word = word + 8;
    tempvar left = left - 8;
    tempvar s0 = instances[3].output.s0;
    tempvar s1 = instances[3].output.s1;
    tempvar s2 = instances[3].output.s2;
    jmp next;

    // Nothing or one felt is left.
    last:
    let poseidon_ptr = instances + PoseidonBuiltin.SIZE;
    if (left == 0) {
        assert instances.input.s0 = s0 + 1;
        assert instances.input.s1 = s1;
        assert instances.input.s2 = s2;
        return (res=instances.output.s0);
    }
    assert left = 1;
    assert instances.input.s0 = s0 + word[0];
    assert instances.input.s1 = s1 + 1;
    assert instances.input.s2 = s2;
    return (res=instances.output.s0);
}
