// Addresses of storage cells lie in [0, ADDR_BOUND).
from starkware.cairo.common.math import assert_le_felt

const MAX_STORAGE_ITEM_SIZE = 256;
const ADDR_BOUND = 2 ** 251 - MAX_STORAGE_ITEM_SIZE;

// addr modulo ADDR_BOUND. P is less than twice the bound.
@known_ap_change
func normalize_address{range_check_ptr}(addr: felt) -> (res: felt) {
    %{ cairn.storage.is_small %}
    jmp small if [ap] != 0, ap++;
    assert_le_felt(ADDR_BOUND, addr);
    return (res=addr - ADDR_BOUND);

    small:
    assert_le_felt(addr, ADDR_BOUND - 1);
    return (res=addr);
}
