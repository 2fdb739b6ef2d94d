//! Takes deposits with a message from the bridge whose last felt is not 0, and remembers the newest.

#[starknet::interface]
pub trait IDepositReceiver<TState> {
    fn on_receive(
        ref self: TState,
        l2_token: starknet::ContractAddress,
        amount: u256,
        depositor: starknet::EthAddress,
        message: Span<felt252>,
    ) -> bool;
    fn newest(self: @TState) -> (starknet::ContractAddress, starknet::ContractAddress, u256, felt252);
}

#[starknet::contract]
mod DepositReceiver {
    use starknet::storage::{StoragePointerReadAccess, StoragePointerWriteAccess};
    use starknet::{ContractAddress, EthAddress, get_caller_address};

    #[storage]
    struct Storage {
        caller: ContractAddress,
        l2_token: ContractAddress,
        amount: u256,
        depositor: felt252,
    }

    #[abi(embed_v0)]
    impl DepositReceiverImpl of super::IDepositReceiver<ContractState> {
        fn on_receive(
            ref self: ContractState,
            l2_token: ContractAddress,
            amount: u256,
            depositor: EthAddress,
            message: Span<felt252>,
        ) -> bool {
            self.caller.write(get_caller_address());
            self.l2_token.write(l2_token);
            self.amount.write(amount);
            self.depositor.write(depositor.into());
            *message[message.len() - 1] != 0
        }

        fn newest(self: @ContractState) -> (ContractAddress, ContractAddress, u256, felt252) {
            (self.caller.read(), self.l2_token.read(), self.amount.read(), self.depositor.read())
        }
    }
}
