// Keccak-256 that is not proven: the prover may give any hash. For programs whose hashes are checked elsewhere.
// Messages are numbers of 16 bytes, highest first; the hash is a number with the first byte highest.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.math import split_felt
from starkware.cairo.common.uint256 import Uint256

// The hash of `length` bytes, the last number having as many as are left. Both halves may be any felts.
func unsafe_keccak(data: felt*, length: felt) -> (low: felt, high: felt) {
    alloc_locals;
    local low;
    local high;
    %{ cairn.keccak.unsafe_hash %}
    return (low=low, high=high);
}

// A message: the numbers from start to end.
struct KeccakState {
    start_ptr: felt*,
    end_ptr: felt*,
}

func unsafe_keccak_init() -> (res: KeccakState) {
    let (start: felt*) = alloc();
    return (res=KeccakState(start_ptr=start, end_ptr=start));
}

// Appends a felt as 32 bytes.
func unsafe_keccak_add_felt{keccak_state: KeccakState, range_check_ptr}(num: felt) -> () {
    let (high, low) = split_felt(num);
    unsafe_keccak_add_uint256(Uint256(low=low, high=high));
    return ();
}

func unsafe_keccak_add_uint256{keccak_state: KeccakState, range_check_ptr}(num: Uint256) -> () {
    let end = keccak_state.end_ptr;
    assert end[0] = num.high;
    assert end[1] = num.low;
    let keccak_state = KeccakState(start_ptr=keccak_state.start_ptr, end_ptr=end + 2);
    return ();
}

func unsafe_keccak_add_felts{keccak_state: KeccakState, range_check_ptr}(
    n_elements: felt, elements: felt*
) -> () {
    if (n_elements == 0) {
        return ();
    }
    unsafe_keccak_add_felt(elements[0]);
    return unsafe_keccak_add_felts(n_elements=n_elements - 1, elements=elements + 1);
}

func unsafe_keccak_finalize(keccak_state: KeccakState) -> (res: Uint256) {
    let (low, high) = unsafe_keccak(
        data=keccak_state.start_ptr, length=16 * (keccak_state.end_ptr - keccak_state.start_ptr)
    );
    return (res=Uint256(low=low, high=high));
}

// The hash of felts as 32 bytes each.
func keccak_felts{range_check_ptr}(n_elements: felt, elements: felt*) -> (res: Uint256) {
    let (keccak_state) = unsafe_keccak_init();
    unsafe_keccak_add_felts{keccak_state=keccak_state}(n_elements=n_elements, elements=elements);
    let (res) = unsafe_keccak_finalize(keccak_state);
    return (res=res);
}
