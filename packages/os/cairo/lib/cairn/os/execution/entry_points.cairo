// The code that a call runs: class, entry point.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.find_element import find_element
from starkware.cairo.common.math import assert_lt_felt
from cairn.os.execution.block_context import BlockContext
from cairn.os.execution.call_context import CONSTRUCTOR, EXTERNAL, L1_HANDLER
from cairn.os.execution.compiled_class import CompiledClass, CompiledClassFact, ContractEntryPoint
from cairn.os.execution.state_access import read_compiled_class_hash

// A null pointer where the class is not declared.
func find_compiled_class{range_check_ptr, contract_class_changes: DictAccess*}(
    block_context: BlockContext*, class_hash
) -> (compiled_class: CompiledClass*) {
    if (class_hash == 0) {
        return (compiled_class=cast(0, CompiledClass*));
    }
    let (compiled_class_hash) = read_compiled_class_hash(class_hash);
    if (compiled_class_hash == 0) {
        return (compiled_class=cast(0, CompiledClass*));
    }
    let (fact: CompiledClassFact*) = find_element(
        array_ptr=block_context.class_facts,
        elm_size=CompiledClassFact.SIZE,
        n_elms=block_context.n_class_facts,
        key=compiled_class_hash,
    );
    return (compiled_class=fact.compiled_class);
}

// A null pointer where the class has no such entry point. Entry points are sorted strictly, as integers: that is
// proven with the class's hash.
func find_entry_point{range_check_ptr}(
    compiled_class: CompiledClass*, entry_point_type, selector
) -> (entry_point: ContractEntryPoint*) {
    if (entry_point_type == EXTERNAL) {
        return search_entry_point(
            compiled_class.n_external_functions, compiled_class.external_functions, selector
        );
    }
    if (entry_point_type == L1_HANDLER) {
        return search_entry_point(
            compiled_class.n_l1_handlers, compiled_class.l1_handlers, selector
        );
    }
    assert entry_point_type = CONSTRUCTOR;
    return search_entry_point(compiled_class.n_constructors, compiled_class.constructors, selector);
}

// The hint gives how many entry points have smaller selectors.
func search_entry_point{range_check_ptr}(
    count, entry_points: ContractEntryPoint*, selector
) -> (entry_point: ContractEntryPoint*) {
    alloc_locals;
    local smaller = nondet %{ cairn.execution.smaller_selectors %};
    local entry_point: ContractEntryPoint* = entry_points + ContractEntryPoint.SIZE * smaller;
    assert [range_check_ptr] = smaller;
    %{ cairn.execution.is_missing_selector %}
    jmp missing if [ap] != 0, ap++;

    assert [range_check_ptr + 1] = count - 1 - smaller;
    assert entry_point.selector = selector;
    let range_check_ptr = range_check_ptr + 2;
    return (entry_point=entry_point);

    missing:
    assert [range_check_ptr + 1] = count - smaller;
    let range_check_ptr = range_check_ptr + 2;
    if (smaller != count) {
        assert_lt_felt(selector, entry_point.selector);
    } else {
        tempvar range_check_ptr = range_check_ptr;
    }
    let range_check_ptr = range_check_ptr;
    if (smaller != 0) {
        let before = entry_point - ContractEntryPoint.SIZE;
        assert_lt_felt(before.selector, selector);
        return (entry_point=cast(0, ContractEntryPoint*));
    }
    return (entry_point=cast(0, ContractEntryPoint*));
}
