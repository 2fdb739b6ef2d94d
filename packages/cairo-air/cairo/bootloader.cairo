// The bootloader: runs task programs one after the other and says of each, in the output, its hash and what it has written:
// the number of tasks, then for each the number of its cells, these two included, the program's hash and its output.
//
// A task program is a list of words: 0, the offset of main, the number of its builtins, their names, the code. Its hash is
// Poseidon over them. All hashes stand in the output, at fixed places, before the first task gets control: whatever tasks do,
// they can not name others (docs/adr/010-bootloader.md).
//
// scripts/generateBootloaders.mjs makes one bootloader for each set of builtins from this text: it repeats the parts between
// <each> and </each> for every builtin NAME behind PREVIOUS, and puts lists for words in $.
%builtins $BUILTINS

struct Task {
    program: felt*,
    output: felt*,
}

func main{$IMPLICIT}() {
    alloc_locals;
    local task_count = nondet %{ task_count %};
    local tasks: Task* = cast(nondet %{ new_segment %}, Task*);
    assert [output_ptr] = task_count;
    let (output_end: felt*, hashed_to: felt*) = load_tasks(task_count, tasks, output_ptr + 1, cast(poseidon_ptr, felt*));
    local output_end: felt* = output_end;
    let ($OTHERS) = run_tasks(task_count, tasks, $POINTERS);
    let output_ptr = output_end;
    return ();
}

// Writes the head of each task into the output, and where its program and its output begin into a list.
func load_tasks(count, tasks: Task*, output: felt*, poseidon: felt*) -> (output: felt*, poseidon: felt*) {
    if (count == 0) {
        return (output=output, poseidon=poseidon);
    }
    alloc_locals;
    local program: felt* = cast(nondet %{ task_program %}, felt*);
    local length = nondet %{ task_length %};
    local size = nondet %{ task_size %};
    assert program[0] = 0;
    let (hash, poseidon_end: felt*) = hash_words(poseidon, program, length, 0, 0, 0);
    assert output[0] = size;
    assert output[1] = hash;
    assert tasks.program = program;
    assert tasks.output = output + 2;
    return load_tasks(count - 1, tasks + Task.SIZE, output + size, poseidon_end);
}

// Poseidon over words, from a state on: two at a time, with a 1 behind the last.
func hash_words(poseidon: felt*, words: felt*, length, s0, s1, s2) -> (hash: felt, poseidon: felt*) {
    if (length == 0) {
        assert poseidon[0] = s0 + 1;
        assert poseidon[1] = s1;
        assert poseidon[2] = s2;
        return (hash=poseidon[3], poseidon=poseidon + 6);
    }
    if (length == 1) {
        assert poseidon[0] = s0 + words[0];
        assert poseidon[1] = s1 + 1;
        assert poseidon[2] = s2;
        return (hash=poseidon[3], poseidon=poseidon + 6);
    }
    assert poseidon[0] = s0 + words[0];
    assert poseidon[1] = s1 + words[1];
    assert poseidon[2] = s2;
    return hash_words(poseidon + 6, words + 2, length - 2, poseidon[3], poseidon[4], poseidon[5]);
}

// Calls the main functions of the tasks: each gets the pointers of its builtins, in their order, and gives them back moved on.
func run_tasks(count, tasks: Task*, $PARAMETERS) -> ($RESULTS) {
    alloc_locals;
    if (count == 0) {
        return ($SAME);
    }
    local program: felt* = tasks.program;
    local output: felt* = tasks.output;
    local builtin_count = program[2];
    local names: felt* = program + 3;
    local main: felt* = names + builtin_count + program[1];

    // Which builtins the task takes, and which of its pointers is theirs.
    local index_start = 0;
    // <each>
    local takes_NAME = nondet %{ takes NAME %};
    local index_NAME;
    if (takes_NAME != 0) {
        assert takes_NAME = 1;
        assert names[index_PREVIOUS] = 'NAME';
        assert index_NAME = index_PREVIOUS + 1;
    } else {
        assert index_NAME = index_PREVIOUS;
    }
    // </each>
    assert index_$LAST = builtin_count;

    // <each>
    jmp push_NAME if takes_NAME != 0;
    jmp pushed_NAME;
    push_NAME:
    [ap] = NAME, ap++;
    pushed_NAME:
    // </each>
    call abs main;
    let (end: felt*) = get_ap();
    local returned: felt* = end - builtin_count;
    // <each>
    local next_NAME: felt*;
    if (takes_NAME != 0) {
        assert next_NAME = cast(returned[index_PREVIOUS], felt*);
    } else {
        assert next_NAME = NAME;
    }
    // </each>
    // The output ends where the task's head says.
    assert next_output = output - 2 + output[-2];
    return run_tasks(count - 1, tasks + Task.SIZE, $NEXT);
}

// ap before the call.
func get_ap() -> (ap_value: felt*) {
    let (own_fp: felt*) = get_caller_fp();
    return (ap_value=own_fp - 2);
}
func get_caller_fp() -> (fp_value: felt*) {
    return (fp_value=cast([fp - 2], felt*));
}
