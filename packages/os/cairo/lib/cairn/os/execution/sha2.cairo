// The compression functions of SHA-256 and SHA-512, which differ in numbers only.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.registers import get_label_location

// A rotation to the right, or a shift if `up` is 0: of x = high * 2^n + low to high + low * up.
struct Rotation {
    // 2^n - 1
    mask: felt,
    // 1 / 2^n
    down: felt,
    up: felt,
}

struct ThreeRotations {
    first: Rotation,
    second: Rotation,
    third: Rotation,
}

// Followed by the round constants.
struct Sha2Variant {
    round_count: felt,
    word_mask: felt,
    of_a: ThreeRotations,
    of_e: ThreeRotations,
    of_word_15_before: ThreeRotations,
    of_word_2_before: ThreeRotations,
}

const STATE_WORDS = 8;
const BLOCK_WORDS = 16;

struct Sha2State {
    a: felt,
    b: felt,
    c: felt,
    d: felt,
    e: felt,
    f: felt,
    g: felt,
    h: felt,
}

// Proves that `next` is the state after `state` and the block. All their words are in range.
func check_compression{bitwise_ptr: BitwiseBuiltin*}(
    variant: Sha2Variant*, state: Sha2State*, block: felt*, next: Sha2State*
) {
    alloc_locals;
    check_words(cast(state, felt*), STATE_WORDS, variant.word_mask);
    let (local schedule: felt*) = alloc();
    copy_block(schedule, block, BLOCK_WORDS, variant.word_mask);
    extend_schedule(variant, variant.round_count - BLOCK_WORDS, schedule + BLOCK_WORDS);
    let (last) = rounds(
        variant=variant,
        left=variant.round_count,
        word=schedule,
        constant=cast(variant, felt*) + Sha2Variant.SIZE,
        s=[state],
    );
    local last: Sha2State = last;
    check_word(variant, state.a + last.a, next.a);
    check_word(variant, state.b + last.b, next.b);
    check_word(variant, state.c + last.c, next.c);
    check_word(variant, state.d + last.d, next.d);
    check_word(variant, state.e + last.e, next.e);
    check_word(variant, state.f + last.f, next.f);
    check_word(variant, state.g + last.g, next.g);
    check_word(variant, state.h + last.h, next.h);
    return ();
}

// The word is the lowest bits of the sum.
func check_word{bitwise_ptr: BitwiseBuiltin*}(variant: Sha2Variant*, sum, word) {
    let bits = bitwise_ptr;
    assert bits.x = sum;
    assert bits.y = variant.word_mask;
    assert bits.x_and_y = word;
    let bitwise_ptr = bitwise_ptr + BitwiseBuiltin.SIZE;
    return ();
}

func check_words{bitwise_ptr: BitwiseBuiltin*}(words: felt*, count, mask) {
    if (count == 0) {
        return ();
    }
    assert bitwise_ptr.x = [words];
    assert bitwise_ptr.y = mask;
    assert bitwise_ptr.x_and_y = [words];
    let bitwise_ptr = bitwise_ptr + BitwiseBuiltin.SIZE;
    return check_words(words + 1, count - 1, mask);
}

func copy_block{bitwise_ptr: BitwiseBuiltin*}(schedule: felt*, block: felt*, count, mask) {
    if (count == 0) {
        return ();
    }
    assert bitwise_ptr.x = [block];
    assert bitwise_ptr.y = mask;
    assert bitwise_ptr.x_and_y = [block];
    assert [schedule] = [block];
    let bitwise_ptr = bitwise_ptr + BitwiseBuiltin.SIZE;
    return copy_block(schedule + 1, block + 1, count - 1, mask);
}

func extend_schedule{bitwise_ptr: BitwiseBuiltin*}(variant: Sha2Variant*, left, word: felt*) {
    alloc_locals;
    if (left == 0) {
        return ();
    }
    let (local older) = rotations_of([word - 15], &variant.of_word_15_before);
    let (newer) = rotations_of([word - 2], &variant.of_word_2_before);
    assert bitwise_ptr.x = newer + [word - 7] + older + [word - 16];
    assert bitwise_ptr.y = variant.word_mask;
    assert [word] = bitwise_ptr.x_and_y;
    let bitwise_ptr = bitwise_ptr + BitwiseBuiltin.SIZE;
    return extend_schedule(variant, left - 1, word + 1);
}

func rounds{bitwise_ptr: BitwiseBuiltin*}(
    variant: Sha2Variant*, left, word: felt*, constant: felt*, s: Sha2State
) -> (s: Sha2State) {
    alloc_locals;
    if (left == 0) {
        return (s=s);
    }
    let (local of_e) = rotations_of(s.e, &variant.of_e);
    let (local of_a) = rotations_of(s.a, &variant.of_a);
    let bits = bitwise_ptr;
    // The choice (e and f) or (not e and g).
    assert bits[0].x = s.e;
    assert bits[0].y = s.f;
    assert bits[1].x = variant.word_mask - s.e;
    assert bits[1].y = s.g;
    tempvar first = s.h + of_e + bits[0].x_and_y + bits[1].x_and_y + [constant] + [word];
    // The majority (a and b) or ((a xor b) and c).
    assert bits[2].x = s.a;
    assert bits[2].y = s.b;
    assert bits[3].x = bits[2].x_xor_y;
    assert bits[3].y = s.c;
    assert bits[4].x = first + of_a + bits[2].x_and_y + bits[3].x_and_y;
    assert bits[4].y = variant.word_mask;
    assert bits[5].x = s.d + first;
    assert bits[5].y = variant.word_mask;
    let bitwise_ptr = bitwise_ptr + 6 * BitwiseBuiltin.SIZE;
    return rounds(
        variant=variant,
        left=left - 1,
        word=word + 1,
        constant=constant + 1,
        s=Sha2State(
            a=bits[4].x_and_y, b=s.a, c=s.b, d=s.c, e=bits[5].x_and_y, f=s.e, g=s.f, h=s.g
        ),
    );
}

// The three rotations of x, xored.
func rotations_of{bitwise_ptr: BitwiseBuiltin*}(x, rotations: ThreeRotations*) -> (y: felt) {
    let bits = bitwise_ptr;
    assert bits[0].x = x;
    assert bits[0].y = rotations.first.mask;
    assert bits[1].x = x;
    assert bits[1].y = rotations.second.mask;
    assert bits[2].x = x;
    assert bits[2].y = rotations.third.mask;
    tempvar low = bits[0].x_and_y;
    assert bits[3].x = (x - low) * rotations.first.down + low * rotations.first.up;
    tempvar low = bits[1].x_and_y;
    assert bits[3].y = (x - low) * rotations.second.down + low * rotations.second.up;
    tempvar low = bits[2].x_and_y;
    assert bits[4].x = (x - low) * rotations.third.down + low * rotations.third.up;
    assert bits[4].y = bits[3].x_xor_y;
    let bitwise_ptr = bitwise_ptr + 5 * BitwiseBuiltin.SIZE;
    return (y=bits[4].x_xor_y);
}

func sha256_variant() -> (variant: Sha2Variant*) {
    let (table) = get_label_location(sha256_table);
    return (variant=cast(table, Sha2Variant*));

    sha256_table:
    dw 64;
    dw 2 ** 32 - 1;
    // of a
    dw 2 ** 2 - 1;
    dw 0x60000000000000cc00000000000000000000000000000000000000000000001;
    dw 2 ** 30;
    dw 2 ** 13 - 1;
    dw 0x7ffc00000000010ff7800000000000000000000000000000000000000000001;
    dw 2 ** 19;
    dw 2 ** 22 - 1;
    dw 0x7ffffe000000010ffffbc000000000000000000000000000000000000000001;
    dw 2 ** 10;
    // of e
    dw 2 ** 6 - 1;
    dw 0x7e0000000000010bc0000000000000000000000000000000000000000000001;
    dw 2 ** 26;
    dw 2 ** 11 - 1;
    dw 0x7ff000000000010fde000000000000000000000000000000000000000000001;
    dw 2 ** 21;
    dw 2 ** 25 - 1;
    dw 0x7fffffc00000010fffff7800000000000000000000000000000000000000001;
    dw 2 ** 7;
    // of the word 15 before
    dw 2 ** 7 - 1;
    dw 0x7f0000000000010de0000000000000000000000000000000000000000000001;
    dw 2 ** 25;
    dw 2 ** 18 - 1;
    dw 0x7fffe0000000010fffbc0000000000000000000000000000000000000000001;
    dw 2 ** 14;
    dw 2 ** 3 - 1;
    dw 0x70000000000000ee00000000000000000000000000000000000000000000001;
    dw 0;
    // of the word 2 before
    dw 2 ** 17 - 1;
    dw 0x7fffc0000000010fff780000000000000000000000000000000000000000001;
    dw 2 ** 15;
    dw 2 ** 19 - 1;
    dw 0x7ffff0000000010fffde0000000000000000000000000000000000000000001;
    dw 2 ** 13;
    dw 2 ** 10 - 1;
    dw 0x7fe000000000010fbc000000000000000000000000000000000000000000001;
    dw 0;
    // Round constants: fractions of the cube roots of primes.
    dw 0x428a2f98;
    dw 0x71374491;
    dw 0xb5c0fbcf;
    dw 0xe9b5dba5;
    dw 0x3956c25b;
    dw 0x59f111f1;
    dw 0x923f82a4;
    dw 0xab1c5ed5;
    dw 0xd807aa98;
    dw 0x12835b01;
    dw 0x243185be;
    dw 0x550c7dc3;
    dw 0x72be5d74;
    dw 0x80deb1fe;
    dw 0x9bdc06a7;
    dw 0xc19bf174;
    dw 0xe49b69c1;
    dw 0xefbe4786;
    dw 0xfc19dc6;
    dw 0x240ca1cc;
    dw 0x2de92c6f;
    dw 0x4a7484aa;
    dw 0x5cb0a9dc;
    dw 0x76f988da;
    dw 0x983e5152;
    dw 0xa831c66d;
    dw 0xb00327c8;
    dw 0xbf597fc7;
    dw 0xc6e00bf3;
    dw 0xd5a79147;
    dw 0x6ca6351;
    dw 0x14292967;
    dw 0x27b70a85;
    dw 0x2e1b2138;
    dw 0x4d2c6dfc;
    dw 0x53380d13;
    dw 0x650a7354;
    dw 0x766a0abb;
    dw 0x81c2c92e;
    dw 0x92722c85;
    dw 0xa2bfe8a1;
    dw 0xa81a664b;
    dw 0xc24b8b70;
    dw 0xc76c51a3;
    dw 0xd192e819;
    dw 0xd6990624;
    dw 0xf40e3585;
    dw 0x106aa070;
    dw 0x19a4c116;
    dw 0x1e376c08;
    dw 0x2748774c;
    dw 0x34b0bcb5;
    dw 0x391c0cb3;
    dw 0x4ed8aa4a;
    dw 0x5b9cca4f;
    dw 0x682e6ff3;
    dw 0x748f82ee;
    dw 0x78a5636f;
    dw 0x84c87814;
    dw 0x8cc70208;
    dw 0x90befffa;
    dw 0xa4506ceb;
    dw 0xbef9a3f7;
    dw 0xc67178f2;
}

func sha512_variant() -> (variant: Sha2Variant*) {
    let (table) = get_label_location(sha512_table);
    return (variant=cast(table, Sha2Variant*));

    sha512_table:
    dw 80;
    dw 2 ** 64 - 1;
    // of a
    dw 2 ** 28 - 1;
    dw 0x7ffffff80000010fffffef00000000000000000000000000000000000000001;
    dw 2 ** 36;
    dw 2 ** 34 - 1;
    dw 0x7fffffffe000010fffffffbc000000000000000000000000000000000000001;
    dw 2 ** 30;
    dw 2 ** 39 - 1;
    dw 0x7fffffffff00010ffffffffde00000000000000000000000000000000000001;
    dw 2 ** 25;
    // of e
    dw 2 ** 14 - 1;
    dw 0x7ffe00000000010ffbc00000000000000000000000000000000000000000001;
    dw 2 ** 50;
    dw 2 ** 18 - 1;
    dw 0x7fffe0000000010fffbc0000000000000000000000000000000000000000001;
    dw 2 ** 46;
    dw 2 ** 41 - 1;
    dw 0x7fffffffffc0010fffffffff780000000000000000000000000000000000001;
    dw 2 ** 23;
    // of the word 15 before
    dw 2 ** 1 - 1;
    dw 0x400000000000008800000000000000000000000000000000000000000000001;
    dw 2 ** 63;
    dw 2 ** 8 - 1;
    dw 0x7f8000000000010ef0000000000000000000000000000000000000000000001;
    dw 2 ** 56;
    dw 2 ** 7 - 1;
    dw 0x7f0000000000010de0000000000000000000000000000000000000000000001;
    dw 0;
    // of the word 2 before
    dw 2 ** 19 - 1;
    dw 0x7ffff0000000010fffde0000000000000000000000000000000000000000001;
    dw 2 ** 45;
    dw 2 ** 61 - 1;
    dw 0x800000000000010bfffffffffffff7800000000000000000000000000000001;
    dw 2 ** 3;
    dw 2 ** 6 - 1;
    dw 0x7e0000000000010bc0000000000000000000000000000000000000000000001;
    dw 0;
    // Round constants: fractions of the cube roots of primes.
    dw 0x428a2f98d728ae22;
    dw 0x7137449123ef65cd;
    dw 0xb5c0fbcfec4d3b2f;
    dw 0xe9b5dba58189dbbc;
    dw 0x3956c25bf348b538;
    dw 0x59f111f1b605d019;
    dw 0x923f82a4af194f9b;
    dw 0xab1c5ed5da6d8118;
    dw 0xd807aa98a3030242;
    dw 0x12835b0145706fbe;
    dw 0x243185be4ee4b28c;
    dw 0x550c7dc3d5ffb4e2;
    dw 0x72be5d74f27b896f;
    dw 0x80deb1fe3b1696b1;
    dw 0x9bdc06a725c71235;
    dw 0xc19bf174cf692694;
    dw 0xe49b69c19ef14ad2;
    dw 0xefbe4786384f25e3;
    dw 0xfc19dc68b8cd5b5;
    dw 0x240ca1cc77ac9c65;
    dw 0x2de92c6f592b0275;
    dw 0x4a7484aa6ea6e483;
    dw 0x5cb0a9dcbd41fbd4;
    dw 0x76f988da831153b5;
    dw 0x983e5152ee66dfab;
    dw 0xa831c66d2db43210;
    dw 0xb00327c898fb213f;
    dw 0xbf597fc7beef0ee4;
    dw 0xc6e00bf33da88fc2;
    dw 0xd5a79147930aa725;
    dw 0x6ca6351e003826f;
    dw 0x142929670a0e6e70;
    dw 0x27b70a8546d22ffc;
    dw 0x2e1b21385c26c926;
    dw 0x4d2c6dfc5ac42aed;
    dw 0x53380d139d95b3df;
    dw 0x650a73548baf63de;
    dw 0x766a0abb3c77b2a8;
    dw 0x81c2c92e47edaee6;
    dw 0x92722c851482353b;
    dw 0xa2bfe8a14cf10364;
    dw 0xa81a664bbc423001;
    dw 0xc24b8b70d0f89791;
    dw 0xc76c51a30654be30;
    dw 0xd192e819d6ef5218;
    dw 0xd69906245565a910;
    dw 0xf40e35855771202a;
    dw 0x106aa07032bbd1b8;
    dw 0x19a4c116b8d2d0c8;
    dw 0x1e376c085141ab53;
    dw 0x2748774cdf8eeb99;
    dw 0x34b0bcb5e19b48a8;
    dw 0x391c0cb3c5c95a63;
    dw 0x4ed8aa4ae3418acb;
    dw 0x5b9cca4f7763e373;
    dw 0x682e6ff3d6b2b8a3;
    dw 0x748f82ee5defb2fc;
    dw 0x78a5636f43172f60;
    dw 0x84c87814a1f0ab72;
    dw 0x8cc702081a6439ec;
    dw 0x90befffa23631e28;
    dw 0xa4506cebde82bde9;
    dw 0xbef9a3f7b2c67915;
    dw 0xc67178f2e372532b;
    dw 0xca273eceea26619c;
    dw 0xd186b8c721c0c207;
    dw 0xeada7dd6cde0eb1e;
    dw 0xf57d4f7fee6ed178;
    dw 0x6f067aa72176fba;
    dw 0xa637dc5a2c898a6;
    dw 0x113f9804bef90dae;
    dw 0x1b710b35131c471b;
    dw 0x28db77f523047d84;
    dw 0x32caab7b40c72493;
    dw 0x3c9ebe0a15c9bebc;
    dw 0x431d67c49c100d4c;
    dw 0x4cc5d4becb3e42b6;
    dw 0x597f299cfc657e2a;
    dw 0x5fcb6fab3ad6faec;
    dw 0x6c44198c4a475817;
}
