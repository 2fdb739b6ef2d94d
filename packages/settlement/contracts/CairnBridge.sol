// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// The messages of a core contract (CairnCore.sol).
interface IMessaging {
    function sendMessageToL2(uint256 toAddress, uint256 selector, uint256[] calldata payload)
        external
        payable
        returns (bytes32 message, uint256 nonce);
    function consumeMessageFromL2(uint256 fromAddress, uint256[] calldata payload) external returns (bytes32 message);
    function startL1ToL2MessageCancellation(
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload,
        uint256 nonce
    ) external returns (bytes32 message);
    function cancelL1ToL2Message(uint256 toAddress, uint256 selector, uint256[] calldata payload, uint256 nonce)
        external
        returns (bytes32 message);
    function l1ToL2Messages(bytes32 message) external view returns (uint256);
}

/// Holds ether and ERC-20 tokens that are used on L2. Functions, events and messages are those of StarkGate, whose ether has
/// the address "ETH". Anyone may have a token bridged; what a token does wrong falls back on itself only.
contract CairnBridge {
    address public constant ETH = address(0x455448);
    uint256 private constant PRIME = 2 ** 251 + 17 * 2 ** 192 + 1;
    /// starknet_keccak of handle_token_deposit, handle_deposit_with_message and handle_token_deployment.
    uint256 private constant HANDLE_DEPOSIT =
        774397379524139446221206168840917193112228400237242521560346153613428128537;
    uint256 private constant HANDLE_DEPOSIT_WITH_MESSAGE =
        247015267890530308727663503380700973440961674638638362173641612402089762826;
    uint256 private constant HANDLE_DEPLOYMENT =
        1737780302748468118210503507461757847859991634169290761669750067796330642876;
    /// First word of a message from L2 that withdraws.
    uint256 private constant TRANSFER_FROM_STARKNET = 0;

    IMessaging public immutable messagingContract;
    address private immutable owner;
    /// The bridge on L2, set once; 0 before.
    uint256 public l2TokenBridge;
    /// The message that has each token deployed on L2; 0 for tokens that nobody has enrolled.
    mapping(address token => bytes32) public deploymentMessage;
    bool private transient isEntered;

    event SetL2TokenBridge(uint256 value);
    event TokenEnrollmentInitiated(address token, bytes32 deploymentMsgHash);
    event Deposit(
        address indexed sender,
        address indexed token,
        uint256 amount,
        uint256 indexed l2Recipient,
        uint256 nonce,
        uint256 fee
    );
    event DepositWithMessage(
        address indexed sender,
        address indexed token,
        uint256 amount,
        uint256 indexed l2Recipient,
        uint256[] message,
        uint256 nonce,
        uint256 fee
    );
    event DepositCancelRequest(
        address indexed sender, address indexed token, uint256 amount, uint256 indexed l2Recipient, uint256 nonce
    );
    event DepositWithMessageCancelRequest(
        address indexed sender,
        address indexed token,
        uint256 amount,
        uint256 indexed l2Recipient,
        uint256[] message,
        uint256 nonce
    );
    event DepositReclaimed(
        address indexed sender, address indexed token, uint256 amount, uint256 indexed l2Recipient, uint256 nonce
    );
    event DepositWithMessageReclaimed(
        address indexed sender,
        address indexed token,
        uint256 amount,
        uint256 indexed l2Recipient,
        uint256[] message,
        uint256 nonce
    );
    event Withdrawal(address indexed recipient, address indexed token, uint256 amount);

    error Refused(string reason);

    constructor(IMessaging core) {
        messagingContract = core;
        owner = msg.sender;
    }

    /// Tokens call back; none of that may come in here.
    modifier once() {
        require_(!isEntered, "REENTRANT_CALL");
        isEntered = true;
        _;
        isEntered = false;
    }

    function setL2TokenBridge(uint256 l2Bridge) external {
        require_(msg.sender == owner, "ONLY_OWNER");
        require_(l2TokenBridge == 0, "L2_BRIDGE_IS_SET");
        require_(isL2Address(l2Bridge), "L2_ADDRESS_OUT_OF_RANGE");
        l2TokenBridge = l2Bridge;
        emit SetL2TokenBridge(l2Bridge);
    }

    // --- tokens --------------------------------------------------------------------------------------------------------

    /// Has L2 deploy its contract of a token; the value is the message's fee. Again only while that message waits.
    function enrollToken(address token) external payable {
        enroll(token);
    }

    /// The same, by the name that StarkGate's manager has for it.
    function enrollTokenBridge(address token) external payable {
        enroll(token);
    }

    function enroll(address token) private once {
        require_(token != ETH, "ETH_IS_SERVICED");
        require_(token.code.length > 0, "INVALID_TOKEN_ADDRESS");
        bytes32 before = deploymentMessage[token];
        require_(before == 0 || messagingContract.l1ToL2Messages(before) > 0, "TOKEN_ALREADY_ENROLLED");
        uint256[] memory payload = new uint256[](4);
        payload[0] = uint160(token);
        payload[1] = shortText(token, "name()");
        payload[2] = shortText(token, "symbol()");
        payload[3] = decimalsOf(token);
        (bytes32 message,) = send(HANDLE_DEPLOYMENT, payload, msg.value);
        deploymentMessage[token] = message;
        emit TokenEnrollmentInitiated(token, message);
    }

    function isServicingToken(address token) public view returns (bool) {
        return token == ETH || deploymentMessage[token] != 0;
    }

    /// A text of a token as a short string: its first 31 bytes, 0 for a token without.
    function shortText(address token, string memory signature) private view returns (uint256) {
        (bool ok, bytes memory answer) = token.staticcall(abi.encodeWithSignature(signature));
        if (!ok || answer.length < 32) return 0;
        uint256 first = word(answer, 0);
        // Old tokens answer with 32 bytes of text, zeros behind it.
        if (answer.length == 32) {
            uint256 end = 0;
            while (end < 31 && uint8(answer[end]) != 0) end++;
            return first >> (8 * (32 - end));
        }
        if (first != 32 || answer.length < 64) return 0;
        uint256 length = word(answer, 32);
        if (length > answer.length - 64) return 0;
        if (length > 31) length = 31;
        if (length == 0) return 0;
        return word(answer, 64) >> (8 * (32 - length));
    }

    function decimalsOf(address token) private view returns (uint256) {
        (bool ok, bytes memory answer) = token.staticcall(abi.encodeWithSignature("decimals()"));
        require_(ok && answer.length == 32 && word(answer, 0) < 256, "NO_DECIMALS");
        return word(answer, 0);
    }

    /// 32 bytes from an offset on; what is behind the end does not count.
    function word(bytes memory data, uint256 offset) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(data, 32), offset))
        }
    }

    // --- deposits ------------------------------------------------------------------------------------------------------

    /// Of ether the value is amount and fee, of a token the fee.
    function deposit(address token, uint256 amount, uint256 l2Recipient) external payable once {
        uint256 fee = take(token, amount, l2Recipient);
        (, uint256 nonce) = send(HANDLE_DEPOSIT, depositPayload(token, amount, l2Recipient), fee);
        emit Deposit(msg.sender, token, amount, l2Recipient, nonce, fee);
    }

    /// The recipient, a contract, is given the message, too.
    function depositWithMessage(address token, uint256 amount, uint256 l2Recipient, uint256[] calldata message)
        external
        payable
        once
    {
        uint256 fee = take(token, amount, l2Recipient);
        (, uint256 nonce) =
            send(HANDLE_DEPOSIT_WITH_MESSAGE, depositPayload(token, amount, l2Recipient, message), fee);
        emit DepositWithMessage(msg.sender, token, amount, l2Recipient, message, nonce, fee);
    }

    /// Takes what is deposited; what is left of the value as the fee.
    function take(address token, uint256 amount, uint256 l2Recipient) private returns (uint256 fee) {
        require_(isServicingToken(token), "TOKEN_NOT_SERVICED");
        require_(isL2Address(l2Recipient), "L2_ADDRESS_OUT_OF_RANGE");
        require_(amount > 0, "ZERO_DEPOSIT");
        if (token == ETH) {
            require_(msg.value >= amount, "INSUFFICIENT_VALUE");
            return msg.value - amount;
        }
        uint256 before = balanceOf(token);
        callToken(token, abi.encodeWithSignature("transferFrom(address,address,uint256)", msg.sender, address(this), amount));
        // L2 would have what a token has kept for itself.
        require_(balanceOf(token) - before == amount, "INCORRECT_AMOUNT_TRANSFERRED");
        return msg.value;
    }

    function depositPayload(address token, uint256 amount, uint256 l2Recipient)
        private
        view
        returns (uint256[] memory payload)
    {
        payload = new uint256[](5);
        fill(payload, token, amount, l2Recipient);
    }

    function depositPayload(address token, uint256 amount, uint256 l2Recipient, uint256[] calldata message)
        private
        view
        returns (uint256[] memory payload)
    {
        payload = new uint256[](6 + message.length);
        fill(payload, token, amount, l2Recipient);
        payload[5] = message.length;
        for (uint256 i = 0; i < message.length; i++) {
            require_(message[i] < PRIME, "NO_FELT");
            payload[6 + i] = message[i];
        }
    }

    function fill(uint256[] memory payload, address token, uint256 amount, uint256 l2Recipient) private view {
        payload[0] = uint160(token);
        payload[1] = uint160(msg.sender);
        payload[2] = l2Recipient;
        (payload[3], payload[4]) = (uint128(amount), amount >> 128);
    }

    function send(uint256 selector, uint256[] memory payload, uint256 fee)
        private
        returns (bytes32 message, uint256 nonce)
    {
        require_(l2TokenBridge != 0, "L2_BRIDGE_NOT_SET");
        return messagingContract.sendMessageToL2{value: fee}(l2TokenBridge, selector, payload);
    }

    // --- deposits taken back -------------------------------------------------------------------------------------------

    /// Of the sender's deposit with this nonce, that L2 has not handled. The message names the sender, so nobody else's is meant.
    function depositCancelRequest(address token, uint256 amount, uint256 l2Recipient, uint256 nonce) external once {
        messagingContract.startL1ToL2MessageCancellation(
            l2TokenBridge, HANDLE_DEPOSIT, depositPayload(token, amount, l2Recipient), nonce
        );
        emit DepositCancelRequest(msg.sender, token, amount, l2Recipient, nonce);
    }

    function depositWithMessageCancelRequest(
        address token,
        uint256 amount,
        uint256 l2Recipient,
        uint256[] calldata message,
        uint256 nonce
    ) external once {
        messagingContract.startL1ToL2MessageCancellation(
            l2TokenBridge, HANDLE_DEPOSIT_WITH_MESSAGE, depositPayload(token, amount, l2Recipient, message), nonce
        );
        emit DepositWithMessageCancelRequest(msg.sender, token, amount, l2Recipient, message, nonce);
    }

    /// Gives back what was deposited, without the fee, once the core contract's delay after the request has passed.
    function depositReclaim(address token, uint256 amount, uint256 l2Recipient, uint256 nonce) external once {
        messagingContract.cancelL1ToL2Message(
            l2TokenBridge, HANDLE_DEPOSIT, depositPayload(token, amount, l2Recipient), nonce
        );
        emit DepositReclaimed(msg.sender, token, amount, l2Recipient, nonce);
        give(token, amount, msg.sender);
    }

    function depositWithMessageReclaim(
        address token,
        uint256 amount,
        uint256 l2Recipient,
        uint256[] calldata message,
        uint256 nonce
    ) external once {
        messagingContract.cancelL1ToL2Message(
            l2TokenBridge, HANDLE_DEPOSIT_WITH_MESSAGE, depositPayload(token, amount, l2Recipient, message), nonce
        );
        emit DepositWithMessageReclaimed(msg.sender, token, amount, l2Recipient, message, nonce);
        give(token, amount, msg.sender);
    }

    // --- withdrawals ---------------------------------------------------------------------------------------------------

    /// Gives the recipient what the bridge on L2 has said; anyone may call.
    function withdraw(address token, uint256 amount, address recipient) public once {
        require_(recipient != address(0), "INVALID_RECIPIENT");
        uint256[] memory payload = new uint256[](5);
        payload[0] = TRANSFER_FROM_STARKNET;
        payload[1] = uint160(recipient);
        payload[2] = uint160(token);
        (payload[3], payload[4]) = (uint128(amount), amount >> 128);
        messagingContract.consumeMessageFromL2(l2TokenBridge, payload);
        emit Withdrawal(recipient, token, amount);
        give(token, amount, recipient);
    }

    function withdraw(address token, uint256 amount) external {
        withdraw(token, amount, msg.sender);
    }

    function give(address token, uint256 amount, address recipient) private {
        if (token == ETH) {
            (bool paid,) = recipient.call{value: amount}("");
            require_(paid, "ETHER_TRANSFER_FAILED");
        } else {
            callToken(token, abi.encodeWithSignature("transfer(address,uint256)", recipient, amount));
        }
    }

    // --- calls ---------------------------------------------------------------------------------------------------------

    function balanceOf(address token) private view returns (uint256) {
        (bool ok, bytes memory answer) = token.staticcall(abi.encodeWithSignature("balanceOf(address)", address(this)));
        require_(ok && answer.length == 32, "NO_BALANCE");
        return word(answer, 0);
    }

    /// Tokens answer true, or nothing (old ones).
    function callToken(address token, bytes memory data) private {
        (bool ok, bytes memory answer) = token.call(data);
        bool isTrue = answer.length == 0 ? token.code.length > 0 : answer.length >= 32 && word(answer, 0) == 1;
        require_(ok && isTrue, "TOKEN_TRANSFER_FAILED");
    }

    function isL2Address(uint256 value) private pure returns (bool) {
        return value > 0 && value < PRIME;
    }

    function require_(bool condition, string memory reason) private pure {
        if (!condition) revert Refused(reason);
    }
}
