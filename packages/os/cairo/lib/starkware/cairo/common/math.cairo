// Integers in felts. "In range" means in [0, 2^128), which is what a range-check cell proves.

// Fails for 0.
func assert_not_zero(value) {
    jmp not_zero if value != 0;
    // 0 = 1
    assert value = 1;

    not_zero:
    return ();
}

func assert_not_nullptr(ptr: felt*) {
    jmp not_null if ptr != 0;
    assert cast(ptr, felt) = 1;

    not_null:
    return ();
}

func assert_not_equal(a, b) {
    tempvar delta = a - b;
    jmp differ if delta != 0;
    assert delta = 1;

    differ:
    return ();
}

// a in range.
func assert_nn{range_check_ptr}(a) {
    assert [range_check_ptr] = a;
    let range_check_ptr = range_check_ptr + 1;
    return ();
}

// b - a in range.
func assert_le{range_check_ptr}(a, b) {
    assert [range_check_ptr] = b - a;
    let range_check_ptr = range_check_ptr + 1;
    return ();
}

// b - 1 - a in range.
func assert_lt{range_check_ptr}(a, b) {
    assert [range_check_ptr] = b - 1 - a;
    let range_check_ptr = range_check_ptr + 1;
    return ();
}

// a and b - a in range.
func assert_nn_le{range_check_ptr}(a, b) {
    assert [range_check_ptr] = a;
    assert [range_check_ptr + 1] = b - a;
    let range_check_ptr = range_check_ptr + 2;
    return ();
}

// value - lower and upper - 1 - value in range.
func assert_in_range{range_check_ptr}(value, lower, upper) {
    assert [range_check_ptr] = value - lower;
    assert [range_check_ptr + 1] = upper - 1 - value;
    let range_check_ptr = range_check_ptr + 2;
    return ();
}

// value < 2^250. The upper part is below 2^122 because 64 times it, which is too small to wrap, is in range.
@known_ap_change
func assert_250_bit{range_check_ptr}(value) {
    const SHIFT = 2 ** 128;
    %{ cairn.math.halves_to_range_checks %}
    tempvar high = [range_check_ptr + 1];
    assert [range_check_ptr + 2] = high * 64;
    assert value = [range_check_ptr] + high * SHIFT;
    let range_check_ptr = range_check_ptr + 3;
    return ();
}

// value = high * 2^128 + low as integers below P. P - 1 is MAX_HIGH * 2^128, so high is at most MAX_HIGH, and with
// that high only low = 0 stays below P.
@known_ap_change
func split_felt{range_check_ptr}(value) -> (high: felt, low: felt) {
    const MAX_HIGH = (-1) / 2 ** 128;
    %{ cairn.math.halves_to_range_checks %}
    tempvar low = [range_check_ptr];
    tempvar high = [range_check_ptr + 1];
    assert value = low + high * 2 ** 128;
    tempvar above = MAX_HIGH - high;
    assert [range_check_ptr + 2] = above;
    let range_check_ptr = range_check_ptr + 3;
    jmp canonical if above != 0;
    assert low = 0;

    canonical:
    return (high=high, low=low);
}

// a <= b as integers in [0, P).
//
// 0 <= a <= b < P cuts the circle of felts into three arcs: a, b - a and P - 1 - b steps long, P - 1 together.
// Two of them proven to be short and long integers that add up to less than P are enough: whichever two they are,
// the three lengths then add up to P - 1 as integers, which holds only in this order. The shortest arc is below
// P / 3 and the middle one below P / 2. The hint chooses which two are shown, and which is the short one.
//
// The short integer is r0 + r1 * SHORT and the long one r2 + r3 * LONG with all r in range: at most 2^128 - 1
// times SHORT + 1 or LONG + 1. These maxima are at least P / 3 and P / 2, and add up to less than P.
@known_ap_change
func assert_le_felt{range_check_ptr}(a, b) {
    const SHORT = 0x2aaaaaaaaaaaab05555555555555555;
    const LONG = 0x4000000000000088000000000000000;
    %{ cairn.math.le_felt_arcs %}
    tempvar short = [range_check_ptr] + [range_check_ptr + 1] * SHORT;
    tempvar long = [range_check_ptr + 2] + [range_check_ptr + 3] * LONG;
    let range_check_ptr = range_check_ptr + 4;

    // The first two arcs make b; a is one of them.
    %{ cairn.math.le_felt_shows_last_arc %}
    jmp last_arc if [ap] != 0, ap++;
    assert b = short + long;
    %{ cairn.math.le_felt_is_swapped %}
    jmp a_is_long if [ap] != 0, ap++;
    assert a = short;
    ap += 2;
    return ();

    a_is_long:
    assert a = long;
    ap += 2;
    return ();

    // The last arc and either a or b - a.
    last_arc:
    %{ cairn.math.le_felt_is_swapped %}
    jmp last_is_short if [ap] != 0, ap++;
    assert long + b = -1;
    %{ cairn.math.le_felt_shows_gap %}
    jmp short_gap if [ap] != 0, ap++;
    assert a = short;
    return ();

    short_gap:
    assert b = short + a;
    return ();

    last_is_short:
    assert short + b = -1;
    %{ cairn.math.le_felt_shows_gap %}
    jmp long_gap if [ap] != 0, ap++;
    assert a = long;
    return ();

    long_gap:
    assert b = long + a;
    return ();
}

// a < b as integers in [0, P).
@known_ap_change
func assert_lt_felt{range_check_ptr}(a, b) {
    assert_not_equal(a, b);
    assert_le_felt(a, b);
    return ();
}

// The distance from 0 of a value in (-2^128, 2^128).
@known_ap_change
func abs_value{range_check_ptr}(value) -> felt {
    %{ cairn.math.is_negative %}
    jmp negative if [ap] != 0, ap++;
    assert [range_check_ptr] = value;
    let range_check_ptr = range_check_ptr + 1;
    ap += 1;
    return value;

    negative:
    tempvar distance = -value;
    assert [range_check_ptr] = distance;
    let range_check_ptr = range_check_ptr + 1;
    return distance;
}

// -1, 0 or 1 for a value in (-2^128, 2^128).
@known_ap_change
func sign{range_check_ptr}(value) -> felt {
    jmp not_zero if value != 0;
    ap += 2;
    return 0;

    not_zero:
    %{ cairn.math.is_negative %}
    jmp negative if [ap] != 0, ap++;
    assert [range_check_ptr] = value;
    let range_check_ptr = range_check_ptr + 1;
    ap += 1;
    return 1;

    negative:
    assert [range_check_ptr] = -value;
    let range_check_ptr = range_check_ptr + 1;
    return -1;
}

// value = q * div + r with 0 <= r < div and q in range, for div in [1, P / 2^128]: the bound on div keeps
// q * div + r below P, so that there is one answer.
func unsigned_div_rem{range_check_ptr}(value, div) -> (q: felt, r: felt) {
    const MAX_DIV = (-1) / 2 ** 128;
    %{ cairn.math.quotient_to_range_checks %}
    tempvar r = [range_check_ptr];
    tempvar q = [range_check_ptr + 1];
    assert value = q * div + r;
    assert [range_check_ptr + 2] = div - 1 - r;
    assert [range_check_ptr + 3] = MAX_DIV - div;
    let range_check_ptr = range_check_ptr + 4;
    return (q=q, r=r);
}

// value = q * div + r with 0 <= r < div and -bound <= q < bound, for bound up to 2^127 and div in [1, P / 2^128].
func signed_div_rem{range_check_ptr}(value, div, bound) -> (q: felt, r: felt) {
    const MAX_DIV = (-1) / 2 ** 128;
    %{ cairn.math.signed_quotient_to_range_checks %}
    tempvar r = [range_check_ptr];
    tempvar raised = [range_check_ptr + 1];
    tempvar q = raised - bound;
    assert value = q * div + r;
    assert [range_check_ptr + 2] = div - 1 - r;
    assert [range_check_ptr + 3] = 2 * bound - 1 - raised;
    assert [range_check_ptr + 4] = MAX_DIV - div;
    assert [range_check_ptr + 5] = bound;
    assert [range_check_ptr + 6] = 2 ** 127 - bound;
    let range_check_ptr = range_check_ptr + 7;
    return (q=q, r=r);
}

// The integer value / div, which must be whole and in range, for div in [1, P / 2^128].
func safe_div{range_check_ptr}(value: felt, div: felt) -> felt {
    const MAX_DIV = (-1) / 2 ** 128;
    tempvar quotient = value / div;
    assert [range_check_ptr] = quotient;
    assert [range_check_ptr + 1] = div - 1;
    assert [range_check_ptr + 2] = MAX_DIV - div;
    let range_check_ptr = range_check_ptr + 3;
    return quotient;
}

// The integer first * second, which does not wrap: first is in range and second at most P / 2^128.
func safe_mult{range_check_ptr}(first: felt, second: felt) -> felt {
    const MAX_FACTOR = (-1) / 2 ** 128;
    assert [range_check_ptr] = first;
    assert [range_check_ptr + 1] = second;
    assert [range_check_ptr + 2] = MAX_FACTOR - second;
    let range_check_ptr = range_check_ptr + 3;
    return first * second;
}

// Writes n limbs, each in [0, bound), with value = sum of limb * base^i. The limbs are the only such ones where
// base = bound and base^n <= P.
func split_int{range_check_ptr}(value, n, base, bound, output: felt*) {
    %{ cairn.math.limbs_to_output %}
    return weigh_limbs(value=value, n=n, base=base, last=bound - 1, limbs=output);
}

// value = sum of limb * base^i, each limb in [0, last].
func weigh_limbs{range_check_ptr}(value, n, base, last, limbs: felt*) {
    if (n == 0) {
        assert value = 0;
        return ();
    }
    tempvar limb = [limbs];
    assert [range_check_ptr] = limb;
    assert [range_check_ptr + 1] = last - limb;
    let range_check_ptr = range_check_ptr + 2;
    return weigh_limbs(
        value=(value - limb) / base, n=n - 1, base=base, last=last, limbs=limbs + 1
    );
}

// The integer root of value in [0, 2^250): value = root^2 + excess with excess in [0, 2 * root].
@known_ap_change
func sqrt{range_check_ptr}(value) -> felt {
    %{ cairn.math.root_to_range_check %}
    tempvar root = [range_check_ptr];
    // root < 2^125, so nothing wraps.
    assert [range_check_ptr + 1] = root * 8;
    tempvar excess = value - root * root;
    assert [range_check_ptr + 2] = excess;
    assert [range_check_ptr + 3] = root + root - excess;
    let range_check_ptr = range_check_ptr + 4;
    return root;
}

// The sum of coefficients[i] * point^i.
func horner_eval(n_coefficients: felt, coefficients: felt*, point: felt) -> (res: felt) {
    return horner_from_last(
        count=n_coefficients, end=coefficients + n_coefficients, point=point, sum=0
    );
}

func horner_from_last(count: felt, end: felt*, point: felt, sum: felt) -> (res: felt) {
    if (count == 0) {
        return (res=sum);
    }
    return horner_from_last(
        count=count - 1, end=end - 1, point=point, sum=sum * point + [end - 1]
    );
}

// Whether x is a square, 0 included. 3 is not one, so x is not exactly if x / 3 is a square other than 0.
@known_ap_change
func is_quad_residue(x: felt) -> felt {
    tempvar root = nondet %{ cairn.math.square_root %};
    tempvar square = root * root;
    %{ cairn.math.is_square %}
    jmp is_square if [ap] != 0, ap++;
    assert x = 3 * square;
    assert_not_zero(x);
    return 0;

    is_square:
    assert x = square;
    ap += 4;
    return 1;
}

// x is one of 2^0 .. 2^max_pow.
func assert_is_power_of_2(x: felt, max_pow: felt) {
    if (x == 1) {
        return ();
    }
    assert_not_zero(max_pow);
    return assert_is_power_of_2(x=x / 2, max_pow=max_pow - 1);
}
