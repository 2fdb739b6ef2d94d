//! A contract that does what its calldata says. Every entry point runs a script: a list of operations, each an
//! opcode and its operands. The scenarios of the execution tests are written in this language; `script.ts` is
//! its assembler and lists the operations.

#[starknet::contract(account)]
mod Probe {
    use core::box::BoxImpl;
    use core::circuit::{
        AddInputResultTrait, CircuitElement, CircuitInput, CircuitInputs, CircuitModulus,
        CircuitOutputsTrait, EvalCircuitTrait, circuit_add, circuit_mul,
    };
    use core::dict::Felt252Dict;
    use core::ec::{EcPointTrait, EcStateTrait};
    use core::keccak::keccak_u256s_le_inputs;
    use core::pedersen::pedersen;
    use core::poseidon::hades_permutation;
    use core::sha256::compute_sha256_u32_array;
    use core::sha512::compute_sha512_byte_array;
    use starknet::secp256_trait::{Secp256PointTrait, Secp256Trait};
    use starknet::secp256k1::Secp256k1Point;
    use starknet::secp256r1::Secp256r1Point;
    use starknet::storage_access::{storage_address_from_base_and_offset, storage_base_address_from_felt252};
    use starknet::syscalls::{
        call_contract_syscall, deploy_syscall, emit_event_syscall, get_block_hash_syscall,
        get_class_hash_at_syscall, get_execution_info_v3_syscall, keccak_syscall, library_call_syscall,
        meta_tx_v0_syscall, replace_class_syscall, send_message_to_l1_syscall, storage_read_syscall,
        storage_write_syscall,
    };
    use starknet::{StorageAddress, SyscallResultTrait};

    #[storage]
    struct Storage {}

    #[constructor]
    fn constructor(ref self: ContractState, script: Span<felt252>) {
        let _ = run(script);
    }

    /// Validates with the first part of the script; `__execute__` runs the second.
    #[external(v0)]
    fn __validate__(self: @ContractState, validation: Span<felt252>, execution: Span<felt252>) -> felt252 {
        let _ = execution;
        validated(validation)
    }

    #[external(v0)]
    fn __execute__(
        self: @ContractState, validation: Span<felt252>, execution: Span<felt252>,
    ) -> Array<felt252> {
        let _ = validation;
        run(execution)
    }

    #[external(v0)]
    fn __validate_declare__(self: @ContractState, class_hash: felt252) -> felt252 {
        'VALID'
    }

    #[external(v0)]
    fn __validate_deploy__(
        self: @ContractState, class_hash: felt252, salt: felt252, script: Span<felt252>,
    ) -> felt252 {
        'VALID'
    }

    #[external(v0)]
    fn run_script(self: @ContractState, script: Span<felt252>) -> Array<felt252> {
        run(script)
    }

    /// `VALID`, unless the script returns something: then its first value.
    fn validated(script: Span<felt252>) -> felt252 {
        let returned = run(script);
        if returned.is_empty() {
            'VALID'
        } else {
            *returned.at(0)
        }
    }

    #[l1_handler]
    fn handle(ref self: ContractState, from_address: felt252, script: Span<felt252>) {
        let _ = run(script);
    }

    fn next(ref script: Span<felt252>) -> felt252 {
        *script.pop_front().expect('script ended')
    }

    fn next_usize(ref script: Span<felt252>) -> usize {
        next(ref script).try_into().unwrap()
    }

    fn next_u256(ref script: Span<felt252>) -> u256 {
        let low = next(ref script).try_into().unwrap();
        u256 { low, high: next(ref script).try_into().unwrap() }
    }

    fn next_span(ref script: Span<felt252>) -> Span<felt252> {
        let length = next_usize(ref script);
        let part = script.slice(0, length);
        script = script.slice(length, script.len() - length);
        part
    }

    fn counted(length: usize) -> Span<felt252> {
        let mut felts = array![];
        for i in 0..length {
            felts.append(i.into());
        }
        felts.span()
    }

    fn key(felt: felt252) -> StorageAddress {
        felt.try_into().unwrap()
    }

    /// What to do with the result of a syscall that may fail.
    fn settle(handling: felt252, result: Result<Span<felt252>, Array<felt252>>) -> Span<felt252> {
        match result {
            Ok(data) => data,
            Err(data) => {
                // 0 passes the failure on, 1 swallows it, 2 replaces it by a panic of its own.
                if handling == 0 {
                    panic(data)
                } else if handling == 1 {
                    data.span()
                } else {
                    panic(array!['own panic'])
                }
            },
        }
    }

    #[inline(never)]
    fn run(mut script: Span<felt252>) -> Array<felt252> {
        let mut returned = array![];
        while let Some(op) = script.pop_front() {
            let op = *op;
            if op == 1 {
                returned.append(storage_read_syscall(0, key(next(ref script))).unwrap_syscall());
            } else if op == 2 {
                let at = key(next(ref script));
                storage_write_syscall(0, at, next(ref script)).unwrap_syscall();
            } else if op == 3 {
                let keys = counted(next_usize(ref script));
                emit_event_syscall(keys, counted(next_usize(ref script))).unwrap_syscall();
            } else if op == 4 {
                let to = next(ref script);
                send_message_to_l1_syscall(to, counted(next_usize(ref script))).unwrap_syscall();
            } else if op == 5 {
                let handling = next(ref script);
                let to = next(ref script).try_into().unwrap();
                let selector = next(ref script);
                let result = call_contract_syscall(to, selector, next_span(ref script));
                returned.append_span(settle(handling, result));
            } else if op == 6 {
                let handling = next(ref script);
                let class = next(ref script).try_into().unwrap();
                let selector = next(ref script);
                let result = library_call_syscall(class, selector, next_span(ref script));
                returned.append_span(settle(handling, result));
            } else if op == 7 {
                let handling = next(ref script);
                let class = next(ref script).try_into().unwrap();
                let salt = next(ref script);
                let from_zero = next(ref script) != 0;
                match deploy_syscall(class, salt, next_span(ref script), from_zero) {
                    Ok((
                        address, data,
                    )) => {
                        returned.append(address.into());
                        returned.append_span(data);
                    },
                    Err(data) => { let _ = settle(handling, Err(data)); },
                }
            } else if op == 8 {
                replace_class_syscall(next(ref script).try_into().unwrap()).unwrap_syscall();
            } else if op == 9 {
                let handling = next(ref script);
                let mut words: Array<u64> = array![];
                for i in 0..next_usize(ref script) {
                    words.append(i.into());
                }
                match keccak_syscall(words.span()) {
                    Ok(hash) => {
                        returned.append(hash.low.into());
                        returned.append(hash.high.into());
                    },
                    Err(data) => { returned.append_span(settle(handling, Err(data))); },
                }
            } else if op == 10 {
                let mut words: Array<u32> = array![];
                for i in 0..next_usize(ref script) {
                    words.append(i);
                }
                for word in compute_sha256_u32_array(words, 0, 0).span() {
                    returned.append((*word).into());
                }
            } else if op == 11 {
                secp::<Secp256k1Point>(ref script, ref returned);
            } else if op == 12 {
                secp::<Secp256r1Point>(ref script, ref returned);
            } else if op == 13 {
                let handling = next(ref script);
                match get_block_hash_syscall(next(ref script).try_into().unwrap()) {
                    Ok(hash) => returned.append(hash),
                    Err(data) => { returned.append_span(settle(handling, Err(data))); },
                }
            } else if op == 14 {
                let at = next(ref script).try_into().unwrap();
                returned.append(get_class_hash_at_syscall(at).unwrap_syscall().into());
            } else if op == 15 {
                execution_info(ref returned);
            } else if op == 16 {
                let handling = next(ref script);
                let to = next(ref script).try_into().unwrap();
                let selector = next(ref script);
                let calldata = next_span(ref script);
                let result = meta_tx_v0_syscall(to, selector, calldata, next_span(ref script));
                returned.append_span(settle(handling, result));
            } else if op == 17 {
                let mut data = array![];
                data.append_span(next_span(ref script));
                panic(data);
            } else if op == 18 {
                spin(next_usize(ref script));
            } else if op == 19 {
                builtins(next_usize(ref script), ref returned);
            } else if op == 20 {
                returned.append_span(next_span(ref script));
            } else if op == 21 {
                let text: ByteArray = "a message of more than thirty-one characters, \"quoted\"";
                core::panics::panic_with_byte_array(@text);
            } else if op == 22 {
                sha512(next_usize(ref script), ref returned);
            } else if op == 23 {
                dict(next_usize(ref script), ref returned);
            } else if op == 24 {
                circuit(ref returned);
            } else if op == 25 {
                blake(next_usize(ref script), ref returned);
            } else if op == 26 {
                let base = storage_base_address_from_felt252(next(ref script));
                let count = next_usize(ref script);
                for i in 0..count {
                    let at = storage_address_from_base_and_offset(base, i.try_into().unwrap());
                    storage_write_syscall(0, at, 1 + i.into()).unwrap_syscall();
                }
            } else if op == 27 {
                // Writes and reads in another address domain than 0, which nobody may.
                storage_write_syscall(1, key(1), 1).unwrap_syscall();
            } else if op == 28 {
                let hash = keccak_u256s_le_inputs(array![next_u256(ref script)].span());
                returned.append(hash.low.into());
            } else if op == 29 {
                // Fields that old transactions do not have are spans of two null pointers.
                let tx = get_execution_info_v3_syscall().unwrap_syscall().unbox().tx_info.unbox();
                emit_event_syscall(tx.paymaster_data, tx.account_deployment_data).unwrap_syscall();
                send_message_to_l1_syscall(5, tx.proof_facts).unwrap_syscall();
            } else {
                panic(array!['unknown operation', op]);
            }
        }
        returned
    }

    #[inline(never)]
    fn spin(count: usize) {
        let mut i = count;
        while i != 0 {
            i -= 1;
        }
    }

    #[inline(never)]
    fn builtins(count: usize, ref returned: Array<felt252>) {
        let mut a: felt252 = 7;
        for i in 0..count {
            a = pedersen(a, i.into());
            let (x, _, _) = hades_permutation(a, 1, 2);
            let wide: u256 = x.into();
            a = ((wide.low & 0xffff_u128) ^ (wide.high | 0xff_u128)).into();
            let generator = EcPointTrait::new_from_x(1).unwrap();
            let mut state = EcStateTrait::init();
            state.add_mul(a, generator.try_into().unwrap());
            if let Some(point) = state.finalize_nz() {
                let (x, _) = point.coordinates();
                a += x;
            }
        }
        returned.append(a);
    }

    #[inline(never)]
    fn sha512(length: usize, ref returned: Array<felt252>) {
        let mut text: ByteArray = "";
        for i in 0..length {
            text.append_byte((i % 251).try_into().unwrap());
        }
        for word in compute_sha512_byte_array(@text).span() {
            returned.append((*word).into());
        }
    }

    #[inline(never)]
    fn dict(count: usize, ref returned: Array<felt252>) {
        let mut map: Felt252Dict<felt252> = Default::default();
        for i in 0..count {
            map.insert((i % 5).into(), i.into());
        }
        returned.append(map.get(3));
    }

    #[inline(never)]
    fn circuit(ref returned: Array<felt252>) {
        let a = CircuitElement::<CircuitInput<0>> {};
        let b = CircuitElement::<CircuitInput<1>> {};
        let sum = circuit_add(a, b);
        let product = circuit_mul(sum, b);
        let modulus = TryInto::<_, CircuitModulus>::try_into([7, 0, 0, 1]).unwrap();
        let outputs = (product,)
            .new_inputs()
            .next([3, 0, 0, 9])
            .next([5, 1, 0, 0])
            .done()
            .eval(modulus)
            .unwrap();
        let result = outputs.get_output(product);
        returned.append(result.limb0.into());
        returned.append(result.limb3.into());
    }

    #[inline(never)]
    fn blake(count: usize, ref returned: Array<felt252>) {
        let mut state = BoxImpl::new([1_u32, 2, 3, 4, 5, 6, 7, 8]);
        let message = BoxImpl::new([9_u32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        for i in 0..count {
            state = core::blake::blake2s_compress(state, 64 * (i + 1), message);
        }
        let [first, _, _, _, _, _, _, last] = core::blake::blake2s_finalize(state, 64, message).unbox();
        returned.append(first.into());
        returned.append(last.into());
    }

    /// Operands: kind (0 multiply and add, 1 from x, 2 from coordinates), then a u256 or two.
    #[inline(never)]
    fn secp<Point, +Secp256Trait<Point>, +Secp256PointTrait<Point>, +Drop<Point>, +Copy<Point>>(
        ref script: Span<felt252>, ref returned: Array<felt252>,
    ) {
        let kind = next(ref script);
        let x = next_u256(ref script);
        let point = if kind == 0 {
            let generator = Secp256Trait::<Point>::get_generator_point();
            let multiple = generator.mul(x).unwrap_syscall();
            Some(multiple.add(generator).unwrap_syscall())
        } else if kind == 1 {
            match Secp256Trait::<Point>::secp256_ec_get_point_from_x_syscall(x, true) {
                Ok(point) => point,
                Err(data) => panic(data),
            }
        } else {
            let y = next_u256(ref script);
            match Secp256Trait::<Point>::secp256_ec_new_syscall(x, y) {
                Ok(point) => point,
                Err(data) => panic(data),
            }
        };
        match point {
            Some(point) => {
                let (x, y) = point.get_coordinates().unwrap_syscall();
                returned.append(x.low.into());
                returned.append(x.high.into());
                returned.append(y.low.into());
                returned.append(y.high.into());
            },
            None => returned.append('none'),
        }
    }

    #[inline(never)]
    fn execution_info(ref returned: Array<felt252>) {
        let info = get_execution_info_v3_syscall().unwrap_syscall().unbox();
        let block = info.block_info.unbox();
        returned.append(block.block_number.into());
        returned.append(block.block_timestamp.into());
        returned.append(block.sequencer_address.into());
        returned.append(info.caller_address.into());
        returned.append(info.contract_address.into());
        returned.append(info.entry_point_selector);
        let tx = info.tx_info.unbox();
        returned.append(tx.version);
        returned.append(tx.account_contract_address.into());
        returned.append(tx.max_fee.into());
        returned.append_span(tx.signature);
        returned.append(tx.transaction_hash);
        returned.append(tx.chain_id);
        returned.append(tx.nonce);
        for bound in tx.resource_bounds {
            returned.append(*bound.resource);
            returned.append((*bound.max_amount).into());
            returned.append((*bound.max_price_per_unit).into());
        }
        returned.append(tx.tip.into());
        returned.append_span(tx.paymaster_data);
        returned.append(tx.nonce_data_availability_mode.into());
        returned.append(tx.fee_data_availability_mode.into());
        returned.append_span(tx.account_deployment_data);
        returned.append_span(tx.proof_facts);
    }
}
