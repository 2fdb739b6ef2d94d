// Messages between the layers, in the form in which they are put out.

// Followed by the payload.
struct MessageToL1 {
    from_address: felt,
    to_address: felt,
    payload_size: felt,
}

// Followed by the payload.
struct MessageToL2 {
    from_address: felt,
    to_address: felt,
    nonce: felt,
    selector: felt,
    payload_size: felt,
}

// Where the next message of each direction will stand.
struct OsCarriedOutputs {
    messages_to_l1: MessageToL1*,
    messages_to_l2: MessageToL2*,
}
