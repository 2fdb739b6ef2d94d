// Runs code of a contract. Such code is arbitrary: nothing it returns is believed before it is checked.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.registers import get_ap, get_label_location
from cairn.os.execution.builtin_pointers import BuiltinPointers
from cairn.os.execution.call_context import CallContext
from cairn.os.execution.compiled_class import CompiledClass, ContractEntryPoint
from cairn.os.execution.segment_arena import SegmentArenaBuiltin, SegmentInfo

// What a run left behind.
struct ContractRun {
    gas_left: felt,
    syscall_end: felt*,
    failure_flag: felt,
    retdata_start: felt*,
    retdata_end: felt*,
}

const SEGMENT_ARENA = 'segment_arena';

// A builtin as entry points name it.
struct BuiltinKind {
    name: felt,
    cells_per_instance: felt,
}

// One for each member of BuiltinPointers.
func builtin_kinds() -> (kinds: BuiltinKind*) {
    let (kinds) = get_label_location(table);
    return (kinds=cast(kinds, BuiltinKind*));

    table:
    dw 'pedersen';
    dw 3;
    dw 'range_check';
    dw 1;
    dw 'bitwise';
    dw 5;
    dw 'ec_op';
    dw 7;
    dw 'poseidon';
    dw 6;
    dw SEGMENT_ARENA;
    dw 3;
    dw 'range_check96';
    dw 1;
    dw 'add_mod';
    dw 7;
    dw 'mul_mod';
    dw 7;
}

// Runs the entry point with that gas. Checks what it did to its builtins; the rest is left to the caller.
func run_contract{range_check_ptr, builtin_pointers: BuiltinPointers*}(
    context: CallContext*, compiled_class: CompiledClass*, entry_point: ContractEntryPoint*, gas
) -> (syscall_start: felt*, run: ContractRun) {
    alloc_locals;
    let (local selected: felt*) = alloc();
    let (local kinds: BuiltinKind*) = builtin_kinds();
    let (last_kind) = select_builtins(
        left=entry_point.n_builtins,
        names=entry_point.builtins,
        kind=kinds,
        pointer=cast(builtin_pointers, felt*),
        selected=selected,
    );
    // No kind behind the last was chosen. Kinds were chosen in order, so there are at most BuiltinPointers.SIZE.
    assert [range_check_ptr] = BuiltinPointers.SIZE - (last_kind - kinds) / BuiltinKind.SIZE;
    let range_check_ptr = range_check_ptr + 1;

    local syscall_start: felt*;
    %{ cairn.execution.enter_contract %}
    let (returned: ContractRun) = call_code(
        selected_end=selected + entry_point.n_builtins,
        skipped_pushes=BuiltinPointers.SIZE - entry_point.n_builtins,
        gas=gas,
        syscall_ptr=syscall_start,
        calldata_start=context.calldata_start,
        calldata_end=context.calldata_end,
        code=compiled_class.bytecode_ptr + entry_point.offset,
    );
    // The results stand below ap, and the builtins below the results.
    local run: ContractRun = returned;
    let (results_end) = get_ap();
    let returned_builtins = cast(results_end, felt*) - ContractRun.SIZE - entry_point.n_builtins;

    let (local next: felt*) = alloc();
    advance_builtins(
        kinds_left=BuiltinPointers.SIZE,
        left=entry_point.n_builtins,
        names=entry_point.builtins,
        kind=kinds,
        selected=selected,
        returned=returned_builtins,
        before=cast(builtin_pointers, felt*),
        next=next,
    );
    let builtin_pointers = cast(next, BuiltinPointers*);
    assert run.failure_flag * run.failure_flag = run.failure_flag;
    return (syscall_start=syscall_start, run=run);
}

// Pushes the builtins and the other arguments and jumps into the code, which returns to our caller what it likes.
func call_code(
    selected_end: felt*,
    skipped_pushes,
    gas,
    syscall_ptr: felt*,
    calldata_start: felt*,
    calldata_end: felt*,
    code: felt*,
) -> (run: ContractRun) {
    // Each push is one word.
    tempvar distance = skipped_pushes + 1;
    jmp rel distance;
    [ap] = [[fp - 9] - 9], ap++;
    [ap] = [[fp - 9] - 8], ap++;
    [ap] = [[fp - 9] - 7], ap++;
    [ap] = [[fp - 9] - 6], ap++;
    [ap] = [[fp - 9] - 5], ap++;
    [ap] = [[fp - 9] - 4], ap++;
    [ap] = [[fp - 9] - 3], ap++;
    [ap] = [[fp - 9] - 2], ap++;
    [ap] = [[fp - 9] - 1], ap++;
    // gas, syscall_ptr, calldata_start, calldata_end, code: names do not reach behind the jump.
    [ap] = [fp - 7], ap++;
    [ap] = [fp - 6], ap++;
    [ap] = [fp - 5], ap++;
    [ap] = [fp - 4], ap++;
    call abs [fp - 3];
    ret;
}

// Collects the pointers of the named builtins. Returns the kind after the last one chosen.
func select_builtins(
    left, names: felt*, kind: BuiltinKind*, pointer: felt*, selected: felt*
) -> (last_kind: BuiltinKind*) {
    if (left == 0) {
        return (last_kind=kind);
    }
    if ([names] != kind.name) {
        return select_builtins(
            left=left,
            names=names,
            kind=kind + BuiltinKind.SIZE,
            pointer=pointer + 1,
            selected=selected,
        );
    }
    if (kind.name == SEGMENT_ARENA) {
        open_segment_arena(selected);
        return select_builtins(
            left=left - 1,
            names=names + 1,
            kind=kind + BuiltinKind.SIZE,
            pointer=pointer + 1,
            selected=selected + 1,
        );
    }
    assert [selected] = [pointer];
    return select_builtins(
        left=left - 1,
        names=names + 1,
        kind=kind + BuiltinKind.SIZE,
        pointer=pointer + 1,
        selected=selected + 1,
    );
}

// Each call has an arena of its own; those that are done are listed at builtin_pointers.segment_arena, and their
// dictionaries are checked at the end of the run (check_segment_arenas).
func open_segment_arena(selected: felt*) {
    let (infos) = alloc();
    tempvar arena: SegmentArenaBuiltin* = nondet %{ cairn.alloc.new_segment %};
    assert [arena] = SegmentArenaBuiltin(
        infos=cast(infos, SegmentInfo*), n_segments=0, n_finalized=0
    );
    assert [selected] = cast(arena + SegmentArenaBuiltin.SIZE, felt);
    return ();
}

// Makes the pointers after a run: those it was given moved forward by whole instances, the others stayed.
func advance_builtins{range_check_ptr}(
    kinds_left,
    left,
    names: felt*,
    kind: BuiltinKind*,
    selected: felt*,
    returned: felt*,
    before: felt*,
    next: felt*,
) {
    alloc_locals;
    if (left == 0) {
        memcpy(dst=next, src=before, len=kinds_left);
        return ();
    }
    if ([names] != kind.name) {
        assert [next] = [before];
        return advance_builtins(
            kinds_left=kinds_left - 1,
            left=left,
            names=names,
            kind=kind + BuiltinKind.SIZE,
            selected=selected,
            returned=returned,
            before=before + 1,
            next=next + 1,
        );
    }
    assert [range_check_ptr] = ([returned] - [selected]) / kind.cells_per_instance;
    local range_check_ptr = range_check_ptr + 1;
    if (kind.name == SEGMENT_ARENA) {
        close_segment_arena(
            first=cast([selected], SegmentArenaBuiltin*) - SegmentArenaBuiltin.SIZE,
            last=cast([returned], SegmentArenaBuiltin*) - SegmentArenaBuiltin.SIZE,
            listed=cast([before], SegmentArenaBuiltin*),
        );
        assert [next] = [before] + SegmentArenaBuiltin.SIZE;
    } else {
        assert [next] = [returned];
    }
    return advance_builtins(
        kinds_left=kinds_left - 1,
        left=left - 1,
        names=names + 1,
        kind=kind + BuiltinKind.SIZE,
        selected=selected + 1,
        returned=returned + 1,
        before=before + 1,
        next=next + 1,
    );
}

// All dictionaries of the call have been squashed.
func close_segment_arena(
    first: SegmentArenaBuiltin*, last: SegmentArenaBuiltin*, listed: SegmentArenaBuiltin*
) {
    assert [listed] = SegmentArenaBuiltin(
        infos=first.infos, n_segments=last.n_segments, n_finalized=last.n_finalized
    );
    assert last.infos = first.infos;
    assert last.n_finalized = last.n_segments;
    return ();
}
