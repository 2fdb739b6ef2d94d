// Data that lies outside of the output: in blobs, or in pages of calldata. The output shows for each chunk of the data
// a commitment and the value, at a point z, of the polynomial that has the words as coefficients, modulo the order of
// BLS12-381. z follows from the data and the commitments, so whoever finds the same value for what was committed to
// has the same words. What a commitment stands for is for L1 to check.
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash, poseidon_hash_many
from starkware.cairo.common.cairo_builtins import ModBuiltin, PoseidonBuiltin, UInt384
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.registers import get_label_location

// Words in a chunk.
const BLOB_LENGTH = 4096;
const PAGE_LENGTH = 3800;

// Coefficients that one circuit takes.
const GROUP_LENGTH = 16;
// The order of BLS12-381, in words of 96 bits.
const ORDER_0 = 0xfffe5bfeffffffff00000001;
const ORDER_1 = 0x3339d80809a1d80553bda402;
const ORDER_2 = 0x73eda753299d7d48;
// The last felt is this times 2^192.
const TOP = 2 ** 59 + 17;

// One step of the evaluation: sum = sum before * z + coefficient.
struct EvaluationStep {
    coefficient: UInt384,
    product: UInt384,
    sum: UInt384,
}

// The numbers of a circuit, all in range checks of 96 bits. 16 steps follow.
struct EvaluationGroup {
    z: UInt384,
    sum_before: UInt384,
}

// The two halves of a number as the output has them.
struct Halves {
    low: felt,
    high: felt,
}

// Writes z, the number of chunks, a commitment for each, a value for each.
func write_evaluations{
    output_ptr: felt*,
    range_check_ptr,
    poseidon_ptr: PoseidonBuiltin*,
    range_check96_ptr: felt*,
    add_mod_ptr: ModBuiltin*,
    mul_mod_ptr: ModBuiltin*,
}(data: felt*, end: felt*, chunk_length) {
    alloc_locals;
    local n_chunks = nondet %{ cairn.os.chunk_count %};
    local commitments: Halves* = nondet %{ cairn.os.commitments %};
    let (local data_hash) = poseidon_hash_many(n=end - data, elements=data);
    let (commitments_hash) = poseidon_hash_many(n=n_chunks * Halves.SIZE, elements=commitments);
    let (local z) = poseidon_hash(data_hash, commitments_hash);
    assert output_ptr[0] = z;
    assert output_ptr[1] = n_chunks;
    memcpy(dst=output_ptr + 2, src=commitments, len=n_chunks * Halves.SIZE);
    let value = cast(output_ptr + 2 + n_chunks * Halves.SIZE, Halves*);

    local z_words: UInt384* = cast(range_check96_ptr, UInt384*);
    %{ cairn.os.write_point %}
    check_words(value=z, words=z_words);
    let range_check96_ptr = range_check96_ptr + UInt384.SIZE;
    let (mul_offsets, add_offsets) = group_offsets();
    local mul_offsets: felt* = mul_offsets;
    local add_offsets: felt* = add_offsets;
    with value {
        evaluate_chunks(
            data=data,
            left=end - data,
            chunk_length=chunk_length,
            chunks_left=n_chunks,
            z=z_words,
            mul_offsets=mul_offsets,
            add_offsets=add_offsets,
        );
    }
    let output_ptr = cast(value, felt*);
    return ();
}

// Evaluates as many chunks as were announced; all are whole but the last.
func evaluate_chunks{
    range_check_ptr,
    range_check96_ptr: felt*,
    add_mod_ptr: ModBuiltin*,
    mul_mod_ptr: ModBuiltin*,
    value: Halves*,
}(
    data: felt*,
    left,
    chunk_length,
    chunks_left,
    z: UInt384*,
    mul_offsets: felt*,
    add_offsets: felt*,
) {
    alloc_locals;
    if (chunks_left == 1) {
        assert [range_check_ptr] = left - 1;
        assert [range_check_ptr + 1] = chunk_length - left;
        let range_check_ptr = range_check_ptr + 2;
        evaluate_chunk(
            data=data, length=left, z=z, mul_offsets=mul_offsets, add_offsets=add_offsets
        );
        return ();
    }
    evaluate_chunk(
        data=data, length=chunk_length, z=z, mul_offsets=mul_offsets, add_offsets=add_offsets
    );
    return evaluate_chunks(
        data=data + chunk_length,
        left=left - chunk_length,
        chunk_length=chunk_length,
        chunks_left=chunks_left - 1,
        z=z,
        mul_offsets=mul_offsets,
        add_offsets=add_offsets,
    );
}

// Writes the value of the polynomial with those coefficients, the lowest first.
func evaluate_chunk{
    range_check_ptr,
    range_check96_ptr: felt*,
    add_mod_ptr: ModBuiltin*,
    mul_mod_ptr: ModBuiltin*,
    value: Halves*,
}(data: felt*, length, z: UInt384*, mul_offsets: felt*, add_offsets: felt*) {
    alloc_locals;
    // Above the last coefficient come zeros, up to a whole group.
    local n_groups = nondet %{ cairn.os.group_count %};
    let padding = n_groups * GROUP_LENGTH - length;
    assert [range_check_ptr] = padding;
    assert [range_check_ptr + 1] = GROUP_LENGTH - 1 - padding;
    let range_check_ptr = range_check_ptr + 2;
    %{ cairn.os.evaluate_chunk %}
    let (sum) = evaluate_groups(
        coefficients_end=data + length,
        padding=padding,
        left=n_groups,
        sum=new UInt384(d0=0, d1=0, d2=0, d3=0),
        z=z,
        mul_offsets=mul_offsets,
        add_offsets=add_offsets,
    );
    // The value in halves of 128 bits: the middle word is divided. It is below the order, or L1 refuses it.
    %{ cairn.os.split_middle %}
    tempvar middle_low = [range_check_ptr];
    tempvar middle_high = [range_check_ptr + 1];
    assert sum.d1 = middle_low + middle_high * 2 ** 32;
    assert [range_check_ptr + 2] = 2 ** 32 - 1 - middle_low;
    assert sum.d3 = 0;
    assert value.low = sum.d0 + middle_low * 2 ** 96;
    assert value.high = middle_high + sum.d2 * 2 ** 64;
    assert [range_check_ptr + 3] = value.high;
    let range_check_ptr = range_check_ptr + 4;
    let value = value + Halves.SIZE;
    return ();
}

// Goes through the groups from the highest coefficients down.
func evaluate_groups{
    range_check_ptr,
    range_check96_ptr: felt*,
    add_mod_ptr: ModBuiltin*,
    mul_mod_ptr: ModBuiltin*,
}(
    coefficients_end: felt*,
    padding,
    left,
    sum: UInt384*,
    z: UInt384*,
    mul_offsets: felt*,
    add_offsets: felt*,
) -> (sum: UInt384*) {
    alloc_locals;
    if (left == 0) {
        return (sum=sum);
    }
    let group = cast(range_check96_ptr, EvaluationGroup*);
    local steps: EvaluationStep* = cast(range_check96_ptr + EvaluationGroup.SIZE, EvaluationStep*);
    let range_check96_ptr = range_check96_ptr + EvaluationGroup.SIZE + GROUP_LENGTH *
        EvaluationStep.SIZE;
    assert group.z = [z];
    assert group.sum_before = [sum];
    run_circuit{mod_ptr=mul_mod_ptr}(values=group, offsets=mul_offsets);
    run_circuit{mod_ptr=add_mod_ptr}(values=group, offsets=add_offsets);
    check_padding(step=steps, left=padding);
    local n_coefficients = GROUP_LENGTH - padding;
    check_coefficients(
        end=coefficients_end,
        step=steps + padding * EvaluationStep.SIZE,
        left=n_coefficients,
    );
    return evaluate_groups(
        coefficients_end=coefficients_end - n_coefficients,
        padding=0,
        left=left - 1,
        sum=&steps[GROUP_LENGTH - 1].sum,
        z=z,
        mul_offsets=mul_offsets,
        add_offsets=add_offsets,
    );
}

// One operation of each step; the builtin goes on by itself from the first instance.
func run_circuit{mod_ptr: ModBuiltin*}(values: EvaluationGroup*, offsets: felt*) {
    assert [mod_ptr] = ModBuiltin(
        p=UInt384(d0=ORDER_0, d1=ORDER_1, d2=ORDER_2, d3=0),
        values_ptr=cast(values, UInt384*),
        offsets_ptr=offsets,
        n=GROUP_LENGTH,
    );
    let mod_ptr = mod_ptr + GROUP_LENGTH * ModBuiltin.SIZE;
    return ();
}

func check_padding(step: EvaluationStep*, left) {
    if (left == 0) {
        return ();
    }
    assert step.coefficient = UInt384(d0=0, d1=0, d2=0, d3=0);
    return check_padding(step=step + EvaluationStep.SIZE, left=left - 1);
}

// The coefficients of the steps are the words before `end`, from the last one down.
func check_coefficients{range_check_ptr}(end: felt*, step: EvaluationStep*, left) {
    if (left == 0) {
        return ();
    }
    check_words(value=[end - 1], words=&step.coefficient);
    return check_coefficients(end=end - 1, step=step + EvaluationStep.SIZE, left=left - 1);
}

// The words, of 96 bits, are those of the felt as an integer below P.
func check_words{range_check_ptr}(value, words: UInt384*) {
    assert value = words.d0 + words.d1 * 2 ** 96 + words.d2 * 2 ** 192;
    assert words.d3 = 0;
    tempvar room = TOP - words.d2;
    assert [range_check_ptr] = room;
    let range_check_ptr = range_check_ptr + 1;
    jmp below_top if room != 0;
    assert words.d0 = 0;
    assert words.d1 = 0;

    below_top:
    return ();
}

// Where the operands and the result of each operation lie among the numbers of a circuit.
func group_offsets() -> (mul_offsets: felt*, add_offsets: felt*) {
    let (mul_offsets) = get_label_location(products);
    let (add_offsets) = get_label_location(sums);
    return (mul_offsets=mul_offsets, add_offsets=add_offsets);

    // Sum before, z, product.
    products:
    dw 4;
    dw 0;
    dw 12;
    dw 16;
    dw 0;
    dw 24;
    dw 28;
    dw 0;
    dw 36;
    dw 40;
    dw 0;
    dw 48;
    dw 52;
    dw 0;
    dw 60;
    dw 64;
    dw 0;
    dw 72;
    dw 76;
    dw 0;
    dw 84;
    dw 88;
    dw 0;
    dw 96;
    dw 100;
    dw 0;
    dw 108;
    dw 112;
    dw 0;
    dw 120;
    dw 124;
    dw 0;
    dw 132;
    dw 136;
    dw 0;
    dw 144;
    dw 148;
    dw 0;
    dw 156;
    dw 160;
    dw 0;
    dw 168;
    dw 172;
    dw 0;
    dw 180;
    dw 184;
    dw 0;
    dw 192;

    // Product, coefficient, sum.
    sums:
    dw 12;
    dw 8;
    dw 16;
    dw 24;
    dw 20;
    dw 28;
    dw 36;
    dw 32;
    dw 40;
    dw 48;
    dw 44;
    dw 52;
    dw 60;
    dw 56;
    dw 64;
    dw 72;
    dw 68;
    dw 76;
    dw 84;
    dw 80;
    dw 88;
    dw 96;
    dw 92;
    dw 100;
    dw 108;
    dw 104;
    dw 112;
    dw 120;
    dw 116;
    dw 124;
    dw 132;
    dw 128;
    dw 136;
    dw 144;
    dw 140;
    dw 148;
    dw 156;
    dw 152;
    dw 160;
    dw 168;
    dw 164;
    dw 172;
    dw 180;
    dw 176;
    dw 184;
    dw 192;
    dw 188;
    dw 196;
}
