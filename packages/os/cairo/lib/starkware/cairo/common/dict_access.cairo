// One read or write of a dictionary.
struct DictAccess {
    key: felt,
    prev_value: felt,
    new_value: felt,
}
