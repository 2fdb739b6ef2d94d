// The code of the classes that a run executes. It is the prover's word until its hash is proven, after all contracts
// have run: only then is it known which parts of the code were used.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_blake2s.blake2s import encode_felt252_data_and_calc_blake_hash
from starkware.cairo.common.math import assert_lt_felt
from cairn.os.execution.compiled_class import (
    COMPILED_CLASS_VERSION,
    CompiledClass,
    CompiledClassFact,
    ContractEntryPoint,
)
from cairn.os.execution.protocol_constants import builtin_prices

const RET = 0x208b7fff7fff7ffe;
const NO_INSTRUCTION = -1;

// What the hash of a class covers.
struct ClassHashWords {
    version: felt,
    external_functions_hash: felt,
    l1_handlers_hash: felt,
    constructors_hash: felt,
    bytecode_hash: felt,
}

// What the hash of an entry point covers.
struct EntryPointWords {
    selector: felt,
    offset: felt,
    builtins_hash: felt,
}

// A part of the code as the hash of the whole covers it.
struct SegmentWords {
    length: felt,
    hash: felt,
}

// The classes of the run, unproven, with what code expects behind its end.
func load_class_facts() -> (n_facts: felt, facts: CompiledClassFact*) {
    alloc_locals;
    let (local prices) = builtin_prices();
    local facts: CompiledClassFact* = nondet %{ cairn.os.class_facts %};
    local n_facts = nondet %{ cairn.os.class_count %};
    end_bytecodes(left=n_facts, fact=facts, prices=prices);
    return (n_facts=n_facts, facts=facts);
}

func end_bytecodes(left, fact: CompiledClassFact*, prices: felt*) {
    if (left == 0) {
        return ();
    }
    tempvar bytecode_end = fact.compiled_class.bytecode_ptr + fact.compiled_class.bytecode_length;
    assert bytecode_end[0] = RET;
    assert bytecode_end[1] = cast(prices, felt);
    return end_bytecodes(left=left - 1, fact=fact + CompiledClassFact.SIZE, prices=prices);
}

// Proves the hashes of the classes.
func validate_class_facts{range_check_ptr}(left, fact: CompiledClassFact*) {
    if (left == 0) {
        return ();
    }
    let (hash) = hash_compiled_class(fact.compiled_class);
    assert fact.compiled_class_hash = hash;
    return validate_class_facts(left=left - 1, fact=fact + CompiledClassFact.SIZE);
}

// The Blake2s form of the compiled class hash.
func hash_compiled_class{range_check_ptr}(class: CompiledClass*) -> (hash: felt) {
    alloc_locals;
    let (local external_functions_hash) = hash_entry_points(
        class.n_external_functions, class.external_functions
    );
    let (local l1_handlers_hash) = hash_entry_points(class.n_l1_handlers, class.l1_handlers);
    let (local constructors_hash) = hash_entry_points(class.n_constructors, class.constructors);
    %{ cairn.os.enter_bytecode %}
    let (bytecode_hash, end) = hash_code(class.bytecode_ptr);
    assert end = class.bytecode_ptr + class.bytecode_length;
    return encode_felt252_data_and_calc_blake_hash(
        data_len=ClassHashWords.SIZE,
        data=new ClassHashWords(
            version=COMPILED_CLASS_VERSION,
            external_functions_hash=external_functions_hash,
            l1_handlers_hash=l1_handlers_hash,
            constructors_hash=constructors_hash,
            bytecode_hash=bytecode_hash,
        ),
    );
}

// Also proves that the entry points are sorted by selector, as integers, and no selector is there twice.
func hash_entry_points{range_check_ptr}(count, entry_points: ContractEntryPoint*) -> (hash: felt) {
    alloc_locals;
    let (local words: EntryPointWords*) = alloc();
    if (count != 0) {
        let (builtins_hash) = encode_felt252_data_and_calc_blake_hash(
            data_len=entry_points.n_builtins, data=entry_points.builtins
        );
        write_entry_points(
            left=count,
            entry_point=entry_points,
            words=words,
            known_count=entry_points.n_builtins,
            known_builtins=entry_points.builtins,
            known_hash=builtins_hash,
        );
        tempvar range_check_ptr = range_check_ptr;
    } else {
        tempvar range_check_ptr = range_check_ptr;
    }
    return encode_felt252_data_and_calc_blake_hash(
        data_len=count * EntryPointWords.SIZE, data=words
    );
}

// The hash of one list of builtins is known, so that a class whose entry points share it has it hashed once.
func write_entry_points{range_check_ptr}(
    left,
    entry_point: ContractEntryPoint*,
    words: EntryPointWords*,
    known_count,
    known_builtins: felt*,
    known_hash,
) {
    alloc_locals;
    if (left == 0) {
        return ();
    }
    assert words.selector = entry_point.selector;
    assert words.offset = entry_point.offset;
    if (left != 1) {
        assert_lt_felt(entry_point.selector, entry_point[1].selector);
    } else {
        tempvar range_check_ptr = range_check_ptr;
    }
    local range_check_ptr = range_check_ptr;
    %{ cairn.os.has_known_builtins %}
    jmp known if [ap] != 0, ap++;
    let (builtins_hash) = encode_felt252_data_and_calc_blake_hash(
        data_len=entry_point.n_builtins, data=entry_point.builtins
    );
    assert words.builtins_hash = builtins_hash;
    return write_entry_points(
        left=left - 1,
        entry_point=entry_point + ContractEntryPoint.SIZE,
        words=words + EntryPointWords.SIZE,
        known_count=entry_point.n_builtins,
        known_builtins=entry_point.builtins,
        known_hash=builtins_hash,
    );

    known:
    assert entry_point.builtins = known_builtins;
    assert entry_point.n_builtins = known_count;
    assert words.builtins_hash = known_hash;
    return write_entry_points(
        left=left - 1,
        entry_point=entry_point + ContractEntryPoint.SIZE,
        words=words + EntryPointWords.SIZE,
        known_count=known_count,
        known_builtins=known_builtins,
        known_hash=known_hash,
    );
}

// The hash of the code from `code` on, and where it ends. The hint chooses between a leaf of the tree of segments and
// a node; only the choice that was made when the class was declared gives its hash.
func hash_code{range_check_ptr}(code: felt*) -> (hash: felt, end: felt*) {
    alloc_locals;
    %{ cairn.os.is_code_leaf %}
    jmp leaf if [ap] != 0, ap++;

    let (local segments: SegmentWords*) = alloc();
    let (end, segments_end) = hash_segments(code=code, segment=segments);
    local end: felt* = end;
    let (hash) = encode_felt252_data_and_calc_blake_hash(
        data_len=segments_end - segments, data=segments
    );
    return (hash=hash + 1, end=end);

    leaf:
    local length = nondet %{ cairn.os.leaf_length %};
    let (hash) = encode_felt252_data_and_calc_blake_hash(data_len=length, data=code);
    return (hash=hash, end=code + length);
}

// The hashes of a node's segments. One that did not run may be left out: it begins with no instruction, so it cannot
// have run from its start, and the contract's author must not jump into the middle of one.
func hash_segments{range_check_ptr}(code: felt*, segment: SegmentWords*) -> (
    end: felt*, segments_end: SegmentWords*
) {
    alloc_locals;
    %{ cairn.os.has_no_more_segments %}
    jmp done if [ap] != 0, ap++;
    %{ cairn.os.is_skipped_segment %}
    jmp skipped if [ap] != 0, ap++;
    let (hash, end) = hash_code(code);
    assert segment.hash = hash;
    assert segment.length = end - code;
    return hash_segments(code=end, segment=segment + SegmentWords.SIZE);

    // Length and hash are the prover's, bound by the hash of the node.
    skipped:
    assert code[0] = NO_INSTRUCTION;
    %{ cairn.os.skip_segment %}
    tempvar end = code + segment.length;
    tempvar hash = segment.hash;
    return hash_segments(code=end, segment=segment + SegmentWords.SIZE);

    done:
    return (end=code, segments_end=segment);
}
