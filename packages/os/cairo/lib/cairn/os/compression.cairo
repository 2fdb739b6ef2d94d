// Stateless compression: each value of the data is written once, in as few bits as its class needs, and later places
// point to it. The prover proposes the values and classes; here they are read back and must give the data.
//
// The form: a word of sizes, the unique values by class, packed; the places of the repeated values among the unique
// ones; and for each word of the data its class.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.log2_ceil import log2_ceil
from starkware.cairo.common.math import unsigned_div_rem
from starkware.cairo.common.memcpy import memcpy

// Sizes are below this.
const SIZE_BOUND = 2 ** 20;
const CLASS_COUNT = 7;
const CLASSES_PER_WORD = 83;
// Bits that packing uses of a felt.
const PACKED_BITS = 251;

// Where a reader stands: in the unique values of each class, and in the indices of repeated values.
struct Places {
    of_252_bits: felt*,
    of_125_bits: felt*,
    of_83_bits: felt*,
    of_62_bits: felt*,
    of_31_bits: felt*,
    of_15_bits: felt*,
    repeated: felt*,
}

// The unique values lie one class behind the other.
struct Parts {
    start: Places,
    unique_end: felt*,
    repeated_end: felt*,
    words_end: felt*,
}

// Writes the compressed form of the words before `end`, of which there is at least one.
func compress{range_check_ptr}(words: felt*, end: felt*, out: felt*) -> (out_end: felt*) {
    alloc_locals;
    local parts: Parts* = nondet %{ cairn.os.compress %};
    assert parts.words_end = end;
    let (local classes) = alloc();
    read_back(word=words, class=classes, at=parts.start, parts=parts);

    // So many values were read back: no size is larger than the number of words.
    local start: Places* = &parts.start;
    local n_words = end - words;
    local n_repeated = parts.repeated_end - start.repeated;
    local n_252_bits = start.of_125_bits - start.of_252_bits;
    local n_125_bits = start.of_83_bits - start.of_125_bits;
    local n_83_bits = start.of_62_bits - start.of_83_bits;
    local n_62_bits = start.of_31_bits - start.of_62_bits;
    local n_31_bits = start.of_15_bits - start.of_31_bits;
    local n_15_bits = parts.unique_end - start.of_15_bits;
    assert [range_check_ptr] = SIZE_BOUND - 1 - n_words;
    let range_check_ptr = range_check_ptr + 1;
    // From the lowest bit: version 0, then the sizes.
    tempvar sizes = n_15_bits + SIZE_BOUND * n_repeated;
    tempvar sizes = n_62_bits + SIZE_BOUND * (n_31_bits + SIZE_BOUND * sizes);
    tempvar sizes = n_125_bits + SIZE_BOUND * (n_83_bits + SIZE_BOUND * sizes);
    tempvar sizes = n_words + SIZE_BOUND * (n_252_bits + SIZE_BOUND * sizes);
    assert out[0] = sizes * SIZE_BOUND;

    memcpy(dst=out + 1, src=start.of_252_bits, len=n_252_bits);
    let out = out + 1 + n_252_bits;
    with out {
        pack(values=start.of_125_bits, left=n_125_bits, bound=2 ** 125, n_per_word=2);
        pack(values=start.of_83_bits, left=n_83_bits, bound=2 ** 83, n_per_word=3);
        pack(values=start.of_62_bits, left=n_62_bits, bound=2 ** 62, n_per_word=4);
        pack(values=start.of_31_bits, left=n_31_bits, bound=2 ** 31, n_per_word=8);
        pack(values=start.of_15_bits, left=n_15_bits, bound=2 ** 15, n_per_word=16);
        pack_repeated(
            values=start.repeated,
            left=n_repeated,
            n_unique=parts.unique_end - start.of_252_bits,
        );
        pack(values=classes, left=n_words, bound=CLASS_COUNT, n_per_word=CLASSES_PER_WORD);
    }
    return (out_end=out);
}

// Reads the words from `word` on, each from its place; writes their classes. In the end every value has been read.
func read_back(word: felt*, class: felt*, at: Places, parts: Parts*) {
    if (word == parts.words_end) {
        assert at.of_252_bits = parts.start.of_125_bits;
        assert at.of_125_bits = parts.start.of_83_bits;
        assert at.of_83_bits = parts.start.of_62_bits;
        assert at.of_62_bits = parts.start.of_31_bits;
        assert at.of_31_bits = parts.start.of_15_bits;
        assert at.of_15_bits = parts.unique_end;
        assert at.repeated = parts.repeated_end;
        return ();
    }
    %{ cairn.os.is_252_bits %}
    jmp of_252_bits if [ap] != 0, ap++;
    %{ cairn.os.is_repeated %}
    jmp repeated if [ap] != 0, ap++;
    %{ cairn.os.is_15_bits %}
    jmp of_15_bits if [ap] != 0, ap++;
    %{ cairn.os.is_125_bits %}
    jmp of_125_bits if [ap] != 0, ap++;
    %{ cairn.os.is_83_bits %}
    jmp of_83_bits if [ap] != 0, ap++;
    %{ cairn.os.is_62_bits %}
    jmp of_62_bits if [ap] != 0, ap++;

    assert [at.of_31_bits] = [word];
    assert [class] = 4;
    return read_back(
        word + 1,
        class + 1,
        Places(
            at.of_252_bits,
            at.of_125_bits,
            at.of_83_bits,
            at.of_62_bits,
            at.of_31_bits + 1,
            at.of_15_bits,
            at.repeated,
        ),
        parts,
    );

    of_252_bits:
    assert [at.of_252_bits] = [word];
    assert [class] = 0;
    return read_back(
        word + 1,
        class + 1,
        Places(
            at.of_252_bits + 1,
            at.of_125_bits,
            at.of_83_bits,
            at.of_62_bits,
            at.of_31_bits,
            at.of_15_bits,
            at.repeated,
        ),
        parts,
    );

    of_125_bits:
    assert [at.of_125_bits] = [word];
    assert [class] = 1;
    return read_back(
        word + 1,
        class + 1,
        Places(
            at.of_252_bits,
            at.of_125_bits + 1,
            at.of_83_bits,
            at.of_62_bits,
            at.of_31_bits,
            at.of_15_bits,
            at.repeated,
        ),
        parts,
    );

    of_83_bits:
    assert [at.of_83_bits] = [word];
    assert [class] = 2;
    return read_back(
        word + 1,
        class + 1,
        Places(
            at.of_252_bits,
            at.of_125_bits,
            at.of_83_bits + 1,
            at.of_62_bits,
            at.of_31_bits,
            at.of_15_bits,
            at.repeated,
        ),
        parts,
    );

    of_62_bits:
    assert [at.of_62_bits] = [word];
    assert [class] = 3;
    return read_back(
        word + 1,
        class + 1,
        Places(
            at.of_252_bits,
            at.of_125_bits,
            at.of_83_bits,
            at.of_62_bits + 1,
            at.of_31_bits,
            at.of_15_bits,
            at.repeated,
        ),
        parts,
    );

    of_15_bits:
    assert [at.of_15_bits] = [word];
    assert [class] = 5;
    return read_back(
        word + 1,
        class + 1,
        Places(
            at.of_252_bits,
            at.of_125_bits,
            at.of_83_bits,
            at.of_62_bits,
            at.of_31_bits,
            at.of_15_bits + 1,
            at.repeated,
        ),
        parts,
    );

    // That the index is one of a unique value is shown when it is packed.
    repeated:
    assert parts.start.of_252_bits[[at.repeated]] = [word];
    assert [class] = 6;
    return read_back(
        word + 1,
        class + 1,
        Places(
            at.of_252_bits,
            at.of_125_bits,
            at.of_83_bits,
            at.of_62_bits,
            at.of_31_bits,
            at.of_15_bits,
            at.repeated + 1,
        ),
        parts,
    );
}

// Packs the indices of repeated values as densely as the number of unique values allows.
func pack_repeated{range_check_ptr, out: felt*}(values: felt*, left, n_unique) {
    if (left == 0) {
        return ();
    }
    if (n_unique == 1) {
        return pack(values=values, left=left, bound=1, n_per_word=PACKED_BITS);
    }
    let bits = log2_ceil(n_unique);
    let (n_per_word, _) = unsigned_div_rem(PACKED_BITS, bits);
    return pack(values=values, left=left, bound=n_unique, n_per_word=n_per_word);
}

// Writes values below `bound` as digits of words, lowest first. The hint cannot take a full word where fewer values
// are left: the count would not come out.
func pack{range_check_ptr, out: felt*}(values: felt*, left, bound, n_per_word) {
    if (left == 0) {
        return ();
    }
    %{ cairn.os.is_last_packed_word %}
    jmp last if [ap] != 0, ap++;
    add_digits(digit=values + n_per_word, count=n_per_word, bound=bound, sum=0);
    return pack(
        values=values + n_per_word, left=left - n_per_word, bound=bound, n_per_word=n_per_word
    );

    last:
    assert [range_check_ptr] = n_per_word - left;
    let range_check_ptr = range_check_ptr + 1;
    add_digits(digit=values + left, count=left, bound=bound, sum=0);
    return ();
}

// Writes the number with `count` digits before `digit`, and with `sum` above them.
func add_digits{range_check_ptr, out: felt*}(digit: felt*, count, bound, sum) {
    if (count == 0) {
        assert [out] = sum;
        let out = out + 1;
        return ();
    }
    tempvar value = [digit - 1];
    assert [range_check_ptr] = value;
    assert [range_check_ptr + 1] = bound - 1 - value;
    let range_check_ptr = range_check_ptr + 2;
    return add_digits(digit=digit - 1, count=count - 1, bound=bound, sum=sum * bound + value);
}
