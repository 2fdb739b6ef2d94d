from starkware.cairo.common.hash import hash2
from starkware.cairo.common.hash_state import hash_felts
from starkware.starknet.common.storage import normalize_address
from cairn.os.execution.builtin_pointers import BuiltinPointers, set_pedersen

// Address of a contract deployed by `deployer`, 0 for an account's own deployment.
func contract_address_of{range_check_ptr, builtin_pointers: BuiltinPointers*}(
    deployer, salt, class_hash, calldata_size, calldata: felt*
) -> (address: felt) {
    alloc_locals;
    let hash_ptr = builtin_pointers.pedersen;
    with hash_ptr {
        let (calldata_hash) = hash_felts(data=calldata, length=calldata_size);
        let (hash) = hash2(0, 'STARKNET_CONTRACT_ADDRESS');
        let (hash) = hash2(hash, deployer);
        let (hash) = hash2(hash, salt);
        let (hash) = hash2(hash, class_hash);
        let (hash) = hash2(hash, calldata_hash);
        let (hash) = hash2(hash, 5);
    }
    set_pedersen(hash_ptr);
    let (address) = normalize_address(hash);
    return (address=address);
}
