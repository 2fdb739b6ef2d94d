//! The bridge's side on L2: mints what its counterpart on L1 holds, and burns what shall be paid out there. Function names,
//! message payloads and events are StarkGate's.

use starknet::{ContractAddress, EthAddress};

#[starknet::interface]
pub trait ITokenBridge<TState> {
    fn set_l1_bridge(ref self: TState, l1_bridge: EthAddress);
    fn initiate_token_withdraw(
        ref self: TState, l1_token: EthAddress, l1_recipient: EthAddress, amount: u256,
    );
    fn get_l1_bridge(self: @TState) -> EthAddress;
    fn get_governor(self: @TState) -> ContractAddress;
    fn get_l1_token(self: @TState, l2_token: ContractAddress) -> EthAddress;
    fn get_l2_token(self: @TState, l1_token: EthAddress) -> ContractAddress;
}

/// What the bridge asks of a token; it is the minter of every token it serves.
#[starknet::interface]
pub trait IBridgedToken<TState> {
    fn permissioned_mint(ref self: TState, account: ContractAddress, amount: u256);
    fn permissioned_burn(ref self: TState, account: ContractAddress, amount: u256);
}

/// Who receives a deposit with a message must take it, or there is no deposit.
#[starknet::interface]
pub trait IDepositReceiver<TState> {
    fn on_receive(
        ref self: TState,
        l2_token: ContractAddress,
        amount: u256,
        depositor: EthAddress,
        message: Span<felt252>,
    ) -> bool;
}

#[starknet::contract]
mod TokenBridge {
    use starknet::storage::{
        Map, StorageMapReadAccess, StorageMapWriteAccess, StoragePointerReadAccess,
        StoragePointerWriteAccess,
    };
    use starknet::syscalls::{deploy_syscall, send_message_to_l1_syscall};
    use starknet::{ClassHash, ContractAddress, EthAddress, SyscallResultTrait, get_caller_address};
    use super::{
        IBridgedTokenDispatcher, IBridgedTokenDispatcherTrait, IDepositReceiverDispatcher,
        IDepositReceiverDispatcherTrait,
    };

    /// First felt of the message of a withdrawal.
    const TRANSFER_FROM_STARKNET: felt252 = 0;
    /// The address that stands for ether, which is no token on L1.
    const ETH: felt252 = 'ETH';

    #[storage]
    struct Storage {
        governor: ContractAddress,
        l1_bridge: EthAddress,
        /// Class of the tokens that the bridge deploys.
        token_class_hash: ClassHash,
        l1_to_l2_token: Map<EthAddress, ContractAddress>,
        l2_to_l1_token: Map<ContractAddress, EthAddress>,
    }

    #[event]
    #[derive(Drop, starknet::Event)]
    enum Event {
        L1BridgeSet: L1BridgeSet,
        DeployHandled: DeployHandled,
        DepositHandled: DepositHandled,
        DepositWithMessageHandled: DepositWithMessageHandled,
        WithdrawInitiated: WithdrawInitiated,
    }

    #[derive(Drop, starknet::Event)]
    struct L1BridgeSet {
        l1_bridge_address: EthAddress,
    }

    #[derive(Drop, starknet::Event)]
    struct DeployHandled {
        l1_token: EthAddress,
        name: felt252,
        symbol: felt252,
        decimals: u8,
    }

    #[derive(Drop, starknet::Event)]
    struct DepositHandled {
        #[key]
        l1_token: EthAddress,
        #[key]
        l2_recipient: ContractAddress,
        amount: u256,
    }

    #[derive(Drop, starknet::Event)]
    struct DepositWithMessageHandled {
        #[key]
        depositor: EthAddress,
        #[key]
        l1_token: EthAddress,
        #[key]
        l2_recipient: ContractAddress,
        amount: u256,
        message: Span<felt252>,
    }

    #[derive(Drop, starknet::Event)]
    struct WithdrawInitiated {
        #[key]
        l1_token: EthAddress,
        #[key]
        l1_recipient: EthAddress,
        amount: u256,
        #[key]
        caller_address: ContractAddress,
    }

    /// `eth_token` stands for ether here, and the bridge must be its minter; 0 where there is none such.
    #[constructor]
    fn constructor(
        ref self: ContractState,
        governor: ContractAddress,
        token_class_hash: ClassHash,
        eth_token: ContractAddress,
    ) {
        self.governor.write(governor);
        self.token_class_hash.write(token_class_hash);
        if eth_token.is_non_zero() {
            self.register(ETH.try_into().unwrap(), eth_token);
        }
    }

    #[l1_handler]
    fn handle_token_deposit(
        ref self: ContractState,
        from_address: felt252,
        l1_token: EthAddress,
        depositor: EthAddress,
        l2_recipient: ContractAddress,
        amount: u256,
    ) {
        self.assert_from_l1_bridge(from_address);
        self.mint(l1_token, l2_recipient, amount);
        self.emit(DepositHandled { l1_token, l2_recipient, amount });
    }

    #[l1_handler]
    fn handle_deposit_with_message(
        ref self: ContractState,
        from_address: felt252,
        l1_token: EthAddress,
        depositor: EthAddress,
        l2_recipient: ContractAddress,
        amount: u256,
        message: Span<felt252>,
    ) {
        self.assert_from_l1_bridge(from_address);
        let l2_token = self.mint(l1_token, l2_recipient, amount);
        let is_taken = IDepositReceiverDispatcher { contract_address: l2_recipient }
            .on_receive(l2_token, amount, depositor, message);
        assert(is_taken, 'DEPOSIT_REJECTED');
        self
            .emit(
                DepositWithMessageHandled { depositor, l1_token, l2_recipient, amount, message },
            );
    }

    /// The token gets an address that follows from `l1_token` alone.
    #[l1_handler]
    fn handle_token_deployment(
        ref self: ContractState,
        from_address: felt252,
        l1_token: EthAddress,
        name: felt252,
        symbol: felt252,
        decimals: u8,
    ) {
        self.assert_from_l1_bridge(from_address);
        assert(l1_token.is_non_zero(), 'INVALID_L1_TOKEN');
        assert(self.l1_to_l2_token.read(l1_token).is_zero(), 'TOKEN_ALREADY_EXISTS');
        let mut calldata = array![];
        text_of(name).serialize(ref calldata);
        text_of(symbol).serialize(ref calldata);
        decimals.serialize(ref calldata);
        let no_supply: u256 = 0;
        no_supply.serialize(ref calldata);
        let no_recipient: ContractAddress = Zeroable::zero();
        no_recipient.serialize(ref calldata);
        starknet::get_contract_address().serialize(ref calldata);
        let (l2_token, _) = deploy_syscall(
            self.token_class_hash.read(), l1_token.into(), calldata.span(), false,
        )
            .unwrap_syscall();
        self.register(l1_token, l2_token);
        self.emit(DeployHandled { l1_token, name, symbol, decimals });
    }

    #[abi(embed_v0)]
    impl TokenBridgeImpl of super::ITokenBridge<ContractState> {
        fn set_l1_bridge(ref self: ContractState, l1_bridge: EthAddress) {
            assert(get_caller_address() == self.governor.read(), 'ONLY_GOVERNOR');
            assert(l1_bridge.is_non_zero(), 'ZERO_L1_BRIDGE');
            assert(self.l1_bridge.read().is_zero(), 'L1_BRIDGE_ALREADY_SET');
            self.l1_bridge.write(l1_bridge);
            self.emit(L1BridgeSet { l1_bridge_address: l1_bridge });
        }

        fn initiate_token_withdraw(
            ref self: ContractState, l1_token: EthAddress, l1_recipient: EthAddress, amount: u256,
        ) {
            let l1_bridge = self.l1_bridge.read();
            assert(l1_bridge.is_non_zero(), 'L1_BRIDGE_NOT_SET');
            assert(l1_recipient.is_non_zero(), 'INVALID_RECIPIENT');
            assert(amount != 0, 'ZERO_WITHDRAWAL');
            let caller_address = get_caller_address();
            self.token(l1_token).permissioned_burn(caller_address, amount);
            let payload = array![
                TRANSFER_FROM_STARKNET, l1_recipient.into(), l1_token.into(), amount.low.into(),
                amount.high.into(),
            ];
            send_message_to_l1_syscall(l1_bridge.into(), payload.span()).unwrap_syscall();
            self.emit(WithdrawInitiated { l1_token, l1_recipient, amount, caller_address });
        }

        fn get_l1_bridge(self: @ContractState) -> EthAddress {
            self.l1_bridge.read()
        }

        fn get_governor(self: @ContractState) -> ContractAddress {
            self.governor.read()
        }

        fn get_l1_token(self: @ContractState, l2_token: ContractAddress) -> EthAddress {
            self.l2_to_l1_token.read(l2_token)
        }

        fn get_l2_token(self: @ContractState, l1_token: EthAddress) -> ContractAddress {
            self.l1_to_l2_token.read(l1_token)
        }
    }

    #[generate_trait]
    impl Internal of InternalTrait {
        /// Before the bridge on L1 is known, every message is refused, as no message comes from address 0.
        fn assert_from_l1_bridge(self: @ContractState, from_address: felt252) {
            let l1_bridge = self.l1_bridge.read();
            assert(l1_bridge.is_non_zero(), 'L1_BRIDGE_NOT_SET');
            assert(from_address == l1_bridge.into(), 'EXPECTED_FROM_BRIDGE_ONLY');
        }

        fn token(self: @ContractState, l1_token: EthAddress) -> IBridgedTokenDispatcher {
            let contract_address = self.l1_to_l2_token.read(l1_token);
            assert(contract_address.is_non_zero(), 'TOKEN_NOT_IN_BRIDGE');
            IBridgedTokenDispatcher { contract_address }
        }

        fn mint(
            ref self: ContractState,
            l1_token: EthAddress,
            l2_recipient: ContractAddress,
            amount: u256,
        ) -> ContractAddress {
            let token = self.token(l1_token);
            token.permissioned_mint(l2_recipient, amount);
            token.contract_address
        }

        fn register(ref self: ContractState, l1_token: EthAddress, l2_token: ContractAddress) {
            self.l1_to_l2_token.write(l1_token, l2_token);
            self.l2_to_l1_token.write(l2_token, l1_token);
        }
    }

    /// A short string, with the length of what it holds.
    fn text_of(word: felt252) -> ByteArray {
        let mut rest: u256 = word.into();
        let mut length = 0;
        while rest != 0 {
            rest /= 0x100;
            length += 1;
        }
        assert(length <= 31, 'INVALID_SHORT_STRING');
        let mut text: ByteArray = "";
        text.append_word(word, length);
        text
    }
}
