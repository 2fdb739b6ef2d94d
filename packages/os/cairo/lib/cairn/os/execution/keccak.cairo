// The sponge of keccak-256 and its permutation keccak-f[1600]. Permutations are taken at their word at first and proven
// three at a time, with three lanes in a felt, when the block is done.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.registers import get_label_location

// The state is 25 lanes of 64 bits: rows of five.
const LANES = 25;
const ROW = 5;
const LANE_MASK = 2 ** 64 - 1;
// One in each of three lanes.
const ONES = 1 + 2 ** 64 + 2 ** 128;
// Lanes that a block of keccak-256 fills.
const RATE = 17;
const ROUNDS = 24;

// A permutation that is to be proven; all lanes are in range.
struct KeccakJob {
    input: felt*,
    output: felt*,
}

// The state after block_count blocks, whose lanes are in range, were absorbed.
func absorb{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_jobs: KeccakJob*}(
    state: felt*, block: felt*, block_count
) -> (state: felt*) {
    alloc_locals;
    if (block_count == 0) {
        return (state=state);
    }
    let (local mixed: felt*) = alloc();
    xor_lanes(state, block, mixed, RATE);
    memcpy(dst=mixed + RATE, src=state + RATE, len=LANES - RATE);
    local permuted: felt*;
    %{ cairn.execution.keccak_permutation %}
    check_lanes(permuted, LANES);
    assert [keccak_jobs] = KeccakJob(input=mixed, output=permuted);
    let keccak_jobs = keccak_jobs + KeccakJob.SIZE;
    return absorb(state=permuted, block=block + RATE, block_count=block_count - 1);
}

func check_lanes{range_check_ptr}(lanes: felt*, count) {
    if (count == 0) {
        return ();
    }
    assert [range_check_ptr] = [lanes];
    assert [range_check_ptr + 1] = LANE_MASK - [lanes];
    let range_check_ptr = range_check_ptr + 2;
    return check_lanes(lanes + 1, count - 1);
}

// Proves the permutations from start to end. Where less than three are left, the last is proven again.
func check_keccak_jobs{bitwise_ptr: BitwiseBuiltin*}(start: KeccakJob*, end: KeccakJob*) {
    if (start == end) {
        return ();
    }
    let second = start + KeccakJob.SIZE;
    if (second == end) {
        return check_three(start, start, start);
    }
    let third = second + KeccakJob.SIZE;
    if (third == end) {
        return check_three(start, second, second);
    }
    check_three(start, second, third);
    return check_keccak_jobs(start=start + 3 * KeccakJob.SIZE, end=end);
}

func check_three{bitwise_ptr: BitwiseBuiltin*}(
    first: KeccakJob*, second: KeccakJob*, third: KeccakJob*
) {
    alloc_locals;
    let (local packed: felt*) = alloc();
    pack(first.input, second.input, third.input, packed, LANES);
    let (local constants) = round_constants();
    let (permuted) = permute(packed, constants, ROUNDS);
    pack(first.output, second.output, third.output, permuted, LANES);
    return ();
}

// The packed lanes are those of the three states.
func pack(first: felt*, second: felt*, third: felt*, packed: felt*, count) {
    if (count == 0) {
        return ();
    }
    assert [packed] = [first] + 2 ** 64 * [second] + 2 ** 128 * [third];
    return pack(first + 1, second + 1, third + 1, packed + 1, count - 1);
}

func xor_lanes{bitwise_ptr: BitwiseBuiltin*}(x: felt*, y: felt*, result: felt*, count) {
    if (count == 0) {
        return ();
    }
    assert bitwise_ptr.x = [x];
    assert bitwise_ptr.y = [y];
    assert [result] = bitwise_ptr.x_xor_y;
    let bitwise_ptr = bitwise_ptr + BitwiseBuiltin.SIZE;
    return xor_lanes(x + 1, y + 1, result + 1, count - 1);
}

func permute{bitwise_ptr: BitwiseBuiltin*}(a: felt*, constant: felt*, left) -> (a: felt*) {
    alloc_locals;
    if (left == 0) {
        return (a=a);
    }
    // Each lane is xored with the parity of two columns, rotated, and moved.
    let (local c0) = column_parity(a);
    let (local c1) = column_parity(a + 1);
    let (local c2) = column_parity(a + 2);
    let (local c3) = column_parity(a + 3);
    let (local c4) = column_parity(a + 4);
    let (local parities: felt*) = alloc();
    let (parity) = neighbours_parity(c4, c1);
    assert parities[0] = parity;
    let (parity) = neighbours_parity(c0, c2);
    assert parities[1] = parity;
    let (parity) = neighbours_parity(c1, c3);
    assert parities[2] = parity;
    let (parity) = neighbours_parity(c2, c4);
    assert parities[3] = parity;
    let (parity) = neighbours_parity(c3, c0);
    assert parities[4] = parity;
    let (local moved: felt*) = alloc();
    let (local moves) = lane_moves();
    move_row(a, parities, moves, moved);
    move_row(a + ROW, parities, moves + ROW * LaneMove.SIZE, moved);
    move_row(a + 2 * ROW, parities, moves + 2 * ROW * LaneMove.SIZE, moved);
    move_row(a + 3 * ROW, parities, moves + 3 * ROW * LaneMove.SIZE, moved);
    move_row(a + 4 * ROW, parities, moves + 4 * ROW * LaneMove.SIZE, moved);

    // Rows are mixed; one lane takes the round's constant.
    let (local mixed: felt*) = alloc();
    mix_row(moved, mixed);
    mix_row(moved + ROW, mixed + ROW);
    mix_row(moved + 2 * ROW, mixed + 2 * ROW);
    mix_row(moved + 3 * ROW, mixed + 3 * ROW);
    mix_row(moved + 4 * ROW, mixed + 4 * ROW);
    let (local next: felt*) = alloc();
    xor_lanes(mixed, constant, next, 1);
    memcpy(dst=next + 1, src=mixed + 1, len=LANES - 1);
    return permute(a=next, constant=constant + 1, left=left - 1);
}

func column_parity{bitwise_ptr: BitwiseBuiltin*}(lane: felt*) -> (parity: felt) {
    let bits = bitwise_ptr;
    assert bits[0].x = lane[0];
    assert bits[0].y = lane[5];
    assert bits[1].x = bits[0].x_xor_y;
    assert bits[1].y = lane[10];
    assert bits[2].x = bits[1].x_xor_y;
    assert bits[2].y = lane[15];
    assert bits[3].x = bits[2].x_xor_y;
    assert bits[3].y = lane[20];
    let bitwise_ptr = bitwise_ptr + 4 * BitwiseBuiltin.SIZE;
    return (parity=bits[3].x_xor_y);
}

// The one column xored with the other, which is rotated left by one.
func neighbours_parity{bitwise_ptr: BitwiseBuiltin*}(left_column, right_column) -> (parity: felt) {
    let bits = bitwise_ptr;
    assert bits[0].x = right_column;
    assert bits[0].y = (2 ** 63 - 1) * ONES;
    tempvar low = bits[0].x_and_y;
    assert bits[1].x = 2 * low + (right_column - low) / 2 ** 63;
    assert bits[1].y = left_column;
    let bitwise_ptr = bitwise_ptr + 2 * BitwiseBuiltin.SIZE;
    return (parity=bits[1].x_xor_y);
}

// Where a lane goes, and its rotation to the left by n: high * 2^(64 - n) + low becomes low * 2^n + high.
struct LaneMove {
    target: felt,
    // 2^(64 - n) - 1 in each of three lanes
    mask: felt,
    // 1 / 2^(64 - n)
    down: felt,
    // 2^n
    up: felt,
}

func move_row{bitwise_ptr: BitwiseBuiltin*}(
    row: felt*, parities: felt*, moves: LaneMove*, moved: felt*
) {
    let bits = bitwise_ptr;
    assert bits[0].x = row[0];
    assert bits[0].y = parities[0];
    tempvar lane = bits[0].x_xor_y;
    assert bits[1].x = lane;
    assert bits[1].y = moves[0].mask;
    tempvar low = bits[1].x_and_y;
    assert moved[moves[0].target] = low * moves[0].up + (lane - low) * moves[0].down;
    assert bits[2].x = row[1];
    assert bits[2].y = parities[1];
    tempvar lane = bits[2].x_xor_y;
    assert bits[3].x = lane;
    assert bits[3].y = moves[1].mask;
    tempvar low = bits[3].x_and_y;
    assert moved[moves[1].target] = low * moves[1].up + (lane - low) * moves[1].down;
    assert bits[4].x = row[2];
    assert bits[4].y = parities[2];
    tempvar lane = bits[4].x_xor_y;
    assert bits[5].x = lane;
    assert bits[5].y = moves[2].mask;
    tempvar low = bits[5].x_and_y;
    assert moved[moves[2].target] = low * moves[2].up + (lane - low) * moves[2].down;
    assert bits[6].x = row[3];
    assert bits[6].y = parities[3];
    tempvar lane = bits[6].x_xor_y;
    assert bits[7].x = lane;
    assert bits[7].y = moves[3].mask;
    tempvar low = bits[7].x_and_y;
    assert moved[moves[3].target] = low * moves[3].up + (lane - low) * moves[3].down;
    assert bits[8].x = row[4];
    assert bits[8].y = parities[4];
    tempvar lane = bits[8].x_xor_y;
    assert bits[9].x = lane;
    assert bits[9].y = moves[4].mask;
    tempvar low = bits[9].x_and_y;
    assert moved[moves[4].target] = low * moves[4].up + (lane - low) * moves[4].down;
    let bitwise_ptr = bitwise_ptr + 10 * BitwiseBuiltin.SIZE;
    return ();
}

// Each lane xored with (not the next) and (the one after that).
func mix_row{bitwise_ptr: BitwiseBuiltin*}(b: felt*, a: felt*) {
    let bits = bitwise_ptr;
    assert bits[0].x = LANE_MASK * ONES - b[1];
    assert bits[0].y = b[2];
    assert bits[1].x = b[0];
    assert bits[1].y = bits[0].x_and_y;
    assert a[0] = bits[1].x_xor_y;
    assert bits[2].x = LANE_MASK * ONES - b[2];
    assert bits[2].y = b[3];
    assert bits[3].x = b[1];
    assert bits[3].y = bits[2].x_and_y;
    assert a[1] = bits[3].x_xor_y;
    assert bits[4].x = LANE_MASK * ONES - b[3];
    assert bits[4].y = b[4];
    assert bits[5].x = b[2];
    assert bits[5].y = bits[4].x_and_y;
    assert a[2] = bits[5].x_xor_y;
    assert bits[6].x = LANE_MASK * ONES - b[4];
    assert bits[6].y = b[0];
    assert bits[7].x = b[3];
    assert bits[7].y = bits[6].x_and_y;
    assert a[3] = bits[7].x_xor_y;
    assert bits[8].x = LANE_MASK * ONES - b[0];
    assert bits[8].y = b[1];
    assert bits[9].x = b[4];
    assert bits[9].y = bits[8].x_and_y;
    assert a[4] = bits[9].x_xor_y;
    let bitwise_ptr = bitwise_ptr + 10 * BitwiseBuiltin.SIZE;
    return ();
}

func lane_moves() -> (moves: LaneMove*) {
    let (moves) = get_label_location(table);
    return (moves=cast(moves, LaneMove*));

    table:
    dw 0;
    dw (2 ** 64 - 1) * ONES;
    dw 0x800000000000010f7ffffffffffffef00000000000000000000000000000001;
    dw 2 ** 0;
    dw 10;
    dw (2 ** 63 - 1) * ONES;
    dw 0x800000000000010efffffffffffffde00000000000000000000000000000001;
    dw 2 ** 1;
    dw 20;
    dw (2 ** 2 - 1) * ONES;
    dw 0x60000000000000cc00000000000000000000000000000000000000000000001;
    dw 2 ** 62;
    dw 5;
    dw (2 ** 36 - 1) * ONES;
    dw 0x7ffffffff800010fffffffef000000000000000000000000000000000000001;
    dw 2 ** 28;
    dw 15;
    dw (2 ** 37 - 1) * ONES;
    dw 0x7ffffffffc00010ffffffff7800000000000000000000000000000000000001;
    dw 2 ** 27;
    dw 16;
    dw (2 ** 28 - 1) * ONES;
    dw 0x7ffffff80000010fffffef00000000000000000000000000000000000000001;
    dw 2 ** 36;
    dw 1;
    dw (2 ** 20 - 1) * ONES;
    dw 0x7ffff8000000010fffef0000000000000000000000000000000000000000001;
    dw 2 ** 44;
    dw 11;
    dw (2 ** 58 - 1) * ONES;
    dw 0x80000000000000efffffffffffffbc000000000000000000000000000000001;
    dw 2 ** 6;
    dw 21;
    dw (2 ** 9 - 1) * ONES;
    dw 0x7fc000000000010f78000000000000000000000000000000000000000000001;
    dw 2 ** 55;
    dw 6;
    dw (2 ** 44 - 1) * ONES;
    dw 0x7ffffffffff8010fffffffffef0000000000000000000000000000000000001;
    dw 2 ** 20;
    dw 7;
    dw (2 ** 61 - 1) * ONES;
    dw 0x800000000000010bfffffffffffff7800000000000000000000000000000001;
    dw 2 ** 3;
    dw 17;
    dw (2 ** 54 - 1) * ONES;
    dw 0x7fffffffffffff0ffffffffffffbc0000000000000000000000000000000001;
    dw 2 ** 10;
    dw 2;
    dw (2 ** 21 - 1) * ONES;
    dw 0x7ffffc000000010ffff78000000000000000000000000000000000000000001;
    dw 2 ** 43;
    dw 12;
    dw (2 ** 39 - 1) * ONES;
    dw 0x7fffffffff00010ffffffffde00000000000000000000000000000000000001;
    dw 2 ** 25;
    dw 22;
    dw (2 ** 25 - 1) * ONES;
    dw 0x7fffffc00000010fffff7800000000000000000000000000000000000000001;
    dw 2 ** 39;
    dw 23;
    dw (2 ** 23 - 1) * ONES;
    dw 0x7fffff000000010ffffde000000000000000000000000000000000000000001;
    dw 2 ** 41;
    dw 8;
    dw (2 ** 19 - 1) * ONES;
    dw 0x7ffff0000000010fffde0000000000000000000000000000000000000000001;
    dw 2 ** 45;
    dw 18;
    dw (2 ** 49 - 1) * ONES;
    dw 0x7fffffffffffc10fffffffffff7800000000000000000000000000000000001;
    dw 2 ** 15;
    dw 3;
    dw (2 ** 43 - 1) * ONES;
    dw 0x7ffffffffff0010fffffffffde0000000000000000000000000000000000001;
    dw 2 ** 21;
    dw 13;
    dw (2 ** 56 - 1) * ONES;
    dw 0x800000000000008ffffffffffffef0000000000000000000000000000000001;
    dw 2 ** 8;
    dw 14;
    dw (2 ** 46 - 1) * ONES;
    dw 0x7ffffffffffe010ffffffffffbc000000000000000000000000000000000001;
    dw 2 ** 18;
    dw 24;
    dw (2 ** 62 - 1) * ONES;
    dw 0x800000000000010dfffffffffffffbc00000000000000000000000000000001;
    dw 2 ** 2;
    dw 9;
    dw (2 ** 3 - 1) * ONES;
    dw 0x70000000000000ee00000000000000000000000000000000000000000000001;
    dw 2 ** 61;
    dw 19;
    dw (2 ** 8 - 1) * ONES;
    dw 0x7f8000000000010ef0000000000000000000000000000000000000000000001;
    dw 2 ** 56;
    dw 4;
    dw (2 ** 50 - 1) * ONES;
    dw 0x7fffffffffffe10fffffffffffbc00000000000000000000000000000000001;
    dw 2 ** 14;
}

func round_constants() -> (constants: felt*) {
    let (constants) = get_label_location(table);
    return (constants=constants);

    table:
    dw 0x1 * ONES;
    dw 0x8082 * ONES;
    dw 0x800000000000808a * ONES;
    dw 0x8000000080008000 * ONES;
    dw 0x808b * ONES;
    dw 0x80000001 * ONES;
    dw 0x8000000080008081 * ONES;
    dw 0x8000000000008009 * ONES;
    dw 0x8a * ONES;
    dw 0x88 * ONES;
    dw 0x80008009 * ONES;
    dw 0x8000000a * ONES;
    dw 0x8000808b * ONES;
    dw 0x800000000000008b * ONES;
    dw 0x8000000000008089 * ONES;
    dw 0x8000000000008003 * ONES;
    dw 0x8000000000008002 * ONES;
    dw 0x8000000000000080 * ONES;
    dw 0x800a * ONES;
    dw 0x800000008000000a * ONES;
    dw 0x8000000080008081 * ONES;
    dw 0x8000000000008080 * ONES;
    dw 0x80000001 * ONES;
    dw 0x8000000080008008 * ONES;
}
