//! The universal deployer: deploys any declared class for any caller.

use starknet::{ClassHash, ContractAddress};

#[starknet::interface]
pub trait IUniversalDeployer<TState> {
    fn deploy_contract(
        ref self: TState,
        class_hash: ClassHash,
        salt: felt252,
        not_from_zero: bool,
        calldata: Span<felt252>,
    ) -> ContractAddress;
    fn deployContract(
        ref self: TState,
        classHash: ClassHash,
        salt: felt252,
        unique: bool,
        calldata: Span<felt252>,
    ) -> ContractAddress;
}

#[starknet::contract]
mod UniversalDeployer {
    use core::hash::{HashStateExTrait, HashStateTrait};
    use core::pedersen::PedersenTrait;
    use starknet::syscalls::deploy_syscall;
    use starknet::{ClassHash, ContractAddress, SyscallResultTrait, get_caller_address};

    #[storage]
    struct Storage {}

    #[event]
    #[derive(Drop, starknet::Event)]
    enum Event {
        ContractDeployed: ContractDeployed,
    }

    #[derive(Drop, starknet::Event)]
    struct ContractDeployed {
        address: ContractAddress,
        deployer: ContractAddress,
        not_from_zero: bool,
        class_hash: ClassHash,
        calldata: Span<felt252>,
        salt: felt252,
    }

    #[abi(embed_v0)]
    impl UniversalDeployerImpl of super::IUniversalDeployer<ContractState> {
        fn deploy_contract(
            ref self: ContractState,
            class_hash: ClassHash,
            salt: felt252,
            not_from_zero: bool,
            calldata: Span<felt252>,
        ) -> ContractAddress {
            let deployer = get_caller_address();
            // A deployment that is the caller's own binds its address to the caller.
            let final_salt = if not_from_zero {
                PedersenTrait::new(deployer.into()).update_with(salt).finalize()
            } else {
                salt
            };
            let (address, _) = deploy_syscall(class_hash, final_salt, calldata, !not_from_zero)
                .unwrap_syscall();
            self
                .emit(
                    ContractDeployed {
                        address, deployer, not_from_zero, class_hash, calldata, salt,
                    },
                );
            address
        }

        fn deployContract(
            ref self: ContractState,
            classHash: ClassHash,
            salt: felt252,
            unique: bool,
            calldata: Span<felt252>,
        ) -> ContractAddress {
            self.deploy_contract(classHash, salt, unique, calldata)
        }
    }
}
