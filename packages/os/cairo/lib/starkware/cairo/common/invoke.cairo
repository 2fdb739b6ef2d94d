// Calls a function that is known at run time only. What it returns are the last cells before ap.
func invoke(func_ptr: felt*, n_args: felt, args: felt*) {
    invoke_prepare_args(args_end=args + n_args, n_args=n_args);
    call abs func_ptr;
    ret;
}

// Leaves the n_args felts before args_end, in order, as the last cells before ap: one pushed after each return.
func invoke_prepare_args(args_end: felt*, n_args: felt) {
    if (n_args == 0) {
        return ();
    }
    invoke_prepare_args(args_end=args_end - 1, n_args=n_args - 1);
    [ap] = [args_end - 1], ap++;
    return ();
}
