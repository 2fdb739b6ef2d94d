// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Where proofs leave what they have shown (FactRegistry.sol).
interface IFacts {
    function isValid(bytes32 fact) external view returns (bool);
    function factOf(address verifier, bytes32 keyDigest, bytes32 airDigest, bytes32 parametersDigest, bytes32 claim)
        external
        view
        returns (bytes32);
}

/// What a verifier says of itself.
interface IVerifier {
    function keyDigest() external view returns (bytes32);
    function airDigest() external view returns (bytes32);
    function parametersDigest() external view returns (bytes32);
}

/// The rollup on its L1: state root, block, and messages both ways. Functions, events and message hashes are those of
/// Starknet's core contract, so that its tools work. A state moves when a fact of an allowed verifier says that the
/// Starknet OS of the known program and configuration has output this transition.
contract CairnCore {
    /// Words of the output before the messages.
    uint256 private constant HEADER = 10;
    uint256 private constant PRIME = 2 ** 251 + 17 * 2 ** 192 + 1;
    uint256 private constant MAX_MESSAGE_FEE = 1 ether;
    /// How long a change of what decides over the state waits before it can be made.
    uint256 public immutable governanceDelay;
    IFacts public immutable facts;

    uint256 private root;
    int256 private number = -1;
    uint256 private hash_;
    uint256 private program;
    uint256 private config;
    address private collector;
    uint256 private nonce;
    uint256 private cancellationDelay;
    mapping(address account => bool) private governors;
    mapping(address account => bool) private operators;
    address[] private verifierList;
    /// Changes announced, by what they are: when they may be made.
    mapping(bytes32 change => uint256) public announcedUntil;
    /// Fee + 1 of messages on their way; 0 where none is.
    mapping(bytes32 message => uint256) public l1ToL2Messages;
    /// How many messages wait to be consumed.
    mapping(bytes32 message => uint256) public l2ToL1Messages;
    mapping(bytes32 message => uint256) public l1ToL2MessageCancellations;

    event LogStateUpdate(uint256 globalRoot, int256 blockNumber, uint256 blockHash);
    event LogStateTransitionFact(bytes32 stateTransitionFact);
    event LogMessageToL1(uint256 indexed fromAddress, address indexed toAddress, uint256[] payload);
    event LogMessageToL2(
        address indexed fromAddress,
        uint256 indexed toAddress,
        uint256 indexed selector,
        uint256[] payload,
        uint256 nonce,
        uint256 fee
    );
    event ConsumedMessageToL1(uint256 indexed fromAddress, address indexed toAddress, uint256[] payload);
    event ConsumedMessageToL2(
        address indexed fromAddress,
        uint256 indexed toAddress,
        uint256 indexed selector,
        uint256[] payload,
        uint256 nonce
    );
    event MessageToL2CancellationStarted(
        address indexed fromAddress,
        uint256 indexed toAddress,
        uint256 indexed selector,
        uint256[] payload,
        uint256 nonce
    );
    event MessageToL2Canceled(
        address indexed fromAddress,
        uint256 indexed toAddress,
        uint256 indexed selector,
        uint256[] payload,
        uint256 nonce
    );
    event ChangeAnnounced(bytes32 indexed change, uint256 earliest);
    event ProgramHashChanged(address indexed changedBy, uint256 oldProgramHash, uint256 newProgramHash);
    event ConfigHashChanged(address indexed changedBy, uint256 oldConfigHash, uint256 newConfigHash);
    event VerifierAllowed(address verifier);
    event VerifierForbidden(address verifier);
    event LogOperatorAdded(address operator);
    event LogOperatorRemoved(address operator);
    event LogNewGovernorAccepted(address acceptedGovernor);
    event LogRemovedGovernor(address removedGovernor);

    error Refused(string reason);

    struct Setup {
        uint256 root;
        int256 blockNumber;
        uint256 blockHash;
        uint256 programHash;
        uint256 configHash;
        address operator;
        uint256 cancellationDelay;
        uint256 governanceDelay;
        address[] verifiers;
    }

    constructor(IFacts registry, Setup memory setup) {
        facts = registry;
        governanceDelay = setup.governanceDelay;
        root = setup.root;
        number = setup.blockNumber;
        hash_ = setup.blockHash;
        program = setup.programHash;
        config = setup.configHash;
        cancellationDelay = setup.cancellationDelay;
        governors[msg.sender] = true;
        operators[setup.operator] = true;
        verifierList = setup.verifiers;
    }

    // --- state ---------------------------------------------------------------------------------------------------------

    /// Moves the state by an OS output that has all data in itself. The two last arguments are those of Starknet's
    /// contract for data elsewhere, and 0 here.
    function updateState(uint256[] calldata programOutput, uint256 onchainDataHash, uint256 onchainDataSize) external {
        require_(onchainDataHash == 0 && onchainDataSize == 0, "DATA_IS_IN_OUTPUT");
        require_(programOutput.length > HEADER, "STARKNET_OUTPUT_TOO_SHORT");
        require_(programOutput[8] == 0, "UNEXPECTED_KZG_DA_FLAG");
        update(programOutput, outputRoot(programOutput));
    }

    function update(uint256[] calldata output, bytes32 transition) private {
        require_(operators[msg.sender], "ONLY_OPERATOR");
        for (uint256 i = 0; i < output.length; i++) require_(output[i] < PRIME, "NO_FELT");
        require_(output[2] == felt(number), "INVALID_PREV_BLOCK_NUMBER");
        require_(output[6] == 0, "PROVEN_BY_ANOTHER_PROGRAM");
        require_(output[7] == config, "INVALID_CONFIG_HASH");
        require_(output[9] == 0, "FULL_OUTPUT");
        require_(isProven(keccak256(abi.encode(program, transition))), "NO_STATE_TRANSITION_PROOF");
        emit LogStateTransitionFact(transition);

        require_(output[0] == root, "INVALID_PREVIOUS_ROOT");
        require_(output[4] == hash_, "INVALID_PREV_BLOCK_HASH");
        require_(output[3] < 2 ** 63 && int256(output[3]) > number, "INVALID_NEW_BLOCK_NUMBER");
        (root, number, hash_) = (output[1], int256(output[3]), output[5]);

        uint256 at = consumeToL1(output, HEADER);
        uint256 fees;
        (at, fees) = consumeToL2(output, at);
        require_(at < output.length, "DATA_IS_MISSING");
        emit LogStateUpdate(root, number, hash_);
        if (fees > 0) {
            (bool paid,) = (collector == address(0) ? msg.sender : collector).call{value: fees}("");
            require_(paid, "ETHER_TRANSFER_FAILED");
        }
    }

    /// True when an allowed verifier has shown the claim.
    function isProven(bytes32 claim) private view returns (bool) {
        for (uint256 i = 0; i < verifierList.length; i++) {
            IVerifier v = IVerifier(verifierList[i]);
            bytes32 fact = facts.factOf(address(v), v.keyDigest(), v.airDigest(), v.parametersDigest(), claim);
            if (facts.isValid(fact)) return true;
        }
        return false;
    }

    function outputRoot(uint256[] calldata output) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(output));
    }

    /// -1 is the felt P - 1.
    function felt(int256 value) private pure returns (uint256) {
        return value < 0 ? PRIME - uint256(-value) : uint256(value);
    }

    // --- messages in an output -------------------------------------------------------------------------------------------

    function consumeToL1(uint256[] calldata output, uint256 at) private returns (uint256) {
        (uint256 next, uint256 end) = segment(output, at);
        while (next < end) {
            require_(next + 3 <= end && output[next + 2] <= end - next - 3, "INVALID_MESSAGE_SEGMENT_SIZE");
            require_(output[next + 1] < 2 ** 160, "INVALID_TO_ADDRESS");
            uint256 last = next + 3 + output[next + 2];
            uint256[] calldata payload = output[next + 3:last];
            l2ToL1Messages[keccak256(abi.encodePacked(output[next], output[next + 1], payload.length, payload))]++;
            emit LogMessageToL1(output[next], address(uint160(output[next + 1])), payload);
            next = last;
        }
        return end;
    }

    function consumeToL2(uint256[] calldata output, uint256 at) private returns (uint256 end, uint256 fees) {
        uint256 next;
        (next, end) = segment(output, at);
        while (next < end) {
            require_(next + 5 <= end && output[next + 4] <= end - next - 5, "INVALID_MESSAGE_SEGMENT_SIZE");
            uint256 last = next + 5 + output[next + 4];
            fees += consumeHandled(output[next:last]);
            next = last;
        }
    }

    /// A handled message, its five words and its payload; the fee that was paid for it.
    function consumeHandled(uint256[] calldata words) private returns (uint256 fee) {
        require_(words[0] < 2 ** 160, "INVALID_FROM_ADDRESS");
        address from = address(uint160(words[0]));
        bytes32 message = toL2Hash(from, words[1], words[3], words[5:], words[2]);
        uint256 feePlusOne = l1ToL2Messages[message];
        require_(feePlusOne > 0, "INVALID_MESSAGE_TO_CONSUME");
        l1ToL2Messages[message] = 0;
        emit ConsumedMessageToL2(from, words[1], words[3], words[5:], words[2]);
        return feePlusOne - 1;
    }

    /// Start and end of a segment whose length stands before it.
    function segment(uint256[] calldata output, uint256 at) private pure returns (uint256 start, uint256 end) {
        require_(at < output.length && output[at] <= output.length - at - 1, "INVALID_MESSAGE_SEGMENT_SIZE");
        return (at + 1, at + 1 + output[at]);
    }

    // --- messages of users -----------------------------------------------------------------------------------------------

    function sendMessageToL2(uint256 toAddress, uint256 selector, uint256[] calldata payload)
        external
        payable
        returns (bytes32 message, uint256 messageNonce)
    {
        require_(msg.value > 0, "L1_MSG_FEE_MUST_BE_GREATER_THAN_0");
        require_(msg.value <= MAX_MESSAGE_FEE, "MAX_L1_MSG_FEE_EXCEEDED");
        messageNonce = nonce++;
        message = toL2Hash(msg.sender, toAddress, selector, payload, messageNonce);
        l1ToL2Messages[message] = msg.value + 1;
        emit LogMessageToL2(msg.sender, toAddress, selector, payload, messageNonce, msg.value);
    }

    function consumeMessageFromL2(uint256 fromAddress, uint256[] calldata payload) external returns (bytes32 message) {
        message = keccak256(abi.encodePacked(fromAddress, uint256(uint160(msg.sender)), payload.length, payload));
        require_(l2ToL1Messages[message] > 0, "INVALID_MESSAGE_TO_CONSUME");
        l2ToL1Messages[message]--;
        emit ConsumedMessageToL1(fromAddress, msg.sender, payload);
    }

    function startL1ToL2MessageCancellation(
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload,
        uint256 messageNonce
    ) external returns (bytes32 message) {
        message = toL2Hash(msg.sender, toAddress, selector, payload, messageNonce);
        require_(l1ToL2Messages[message] > 0, "NO_MESSAGE_TO_CANCEL");
        l1ToL2MessageCancellations[message] = block.timestamp;
        emit MessageToL2CancellationStarted(msg.sender, toAddress, selector, payload, messageNonce);
    }

    function cancelL1ToL2Message(uint256 toAddress, uint256 selector, uint256[] calldata payload, uint256 messageNonce)
        external
        returns (bytes32 message)
    {
        message = toL2Hash(msg.sender, toAddress, selector, payload, messageNonce);
        require_(l1ToL2Messages[message] > 0, "NO_MESSAGE_TO_CANCEL");
        uint256 requested = l1ToL2MessageCancellations[message];
        require_(requested > 0, "MESSAGE_CANCELLATION_NOT_REQUESTED");
        require_(block.timestamp >= requested + cancellationDelay, "MESSAGE_CANCELLATION_NOT_ALLOWED_YET");
        l1ToL2Messages[message] = 0;
        emit MessageToL2Canceled(msg.sender, toAddress, selector, payload, messageNonce);
    }

    function toL2Hash(
        address from,
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload,
        uint256 messageNonce
    ) private pure returns (bytes32) {
        return keccak256(
            abi.encodePacked(uint256(uint160(from)), toAddress, messageNonce, selector, payload.length, payload)
        );
    }

    // --- governance ------------------------------------------------------------------------------------------------------

    function registerOperator(address operator) external onlyGovernor {
        operators[operator] = true;
        emit LogOperatorAdded(operator);
    }

    function unregisterOperator(address operator) external onlyGovernor {
        operators[operator] = false;
        emit LogOperatorRemoved(operator);
    }

    function setFeeCollectionAddress(address payable to) external onlyGovernor {
        collector = to;
    }

    function setMessageCancellationDelay(uint256 seconds_) external onlyGovernor {
        cancellationDelay = seconds_;
    }

    /// Changes of what decides over the state are announced first, by the hash of the call that will make them, so that
    /// whoever disagrees can leave.
    function announce(bytes32 change) external onlyGovernor {
        announcedUntil[change] = block.timestamp + governanceDelay;
        emit ChangeAnnounced(change, block.timestamp + governanceDelay);
    }

    modifier afterNotice() {
        bytes32 change = keccak256(msg.data);
        uint256 earliest = announcedUntil[change];
        require_(governors[msg.sender], "ONLY_GOVERNANCE");
        require_(earliest > 0 && block.timestamp >= earliest, "NOT_ANNOUNCED_LONG_ENOUGH");
        announcedUntil[change] = 0;
        _;
    }

    function setProgramHash(uint256 newProgramHash) external afterNotice {
        emit ProgramHashChanged(msg.sender, program, newProgramHash);
        program = newProgramHash;
    }

    function setConfigHash(uint256 newConfigHash) external afterNotice {
        emit ConfigHashChanged(msg.sender, config, newConfigHash);
        config = newConfigHash;
    }

    function allowVerifier(address verifier) external afterNotice {
        verifierList.push(verifier);
        emit VerifierAllowed(verifier);
    }

    /// At once: whoever finds a fault must not wait.
    function forbidVerifier(address verifier) external onlyGovernor {
        for (uint256 i = 0; i < verifierList.length; i++) {
            if (verifierList[i] != verifier) continue;
            verifierList[i] = verifierList[verifierList.length - 1];
            verifierList.pop();
            emit VerifierForbidden(verifier);
            return;
        }
        revert Refused("UNKNOWN_VERIFIER");
    }

    function addGovernor(address governor) external afterNotice {
        governors[governor] = true;
        emit LogNewGovernorAccepted(governor);
    }

    function starknetRemoveGovernor(address governor) external onlyGovernor {
        require_(governor != msg.sender, "GOVERNOR_SELF_REMOVE");
        governors[governor] = false;
        emit LogRemovedGovernor(governor);
    }

    modifier onlyGovernor() {
        require_(governors[msg.sender], "ONLY_GOVERNANCE");
        _;
    }

    // --- views -----------------------------------------------------------------------------------------------------------

    function stateRoot() external view returns (uint256) {
        return root;
    }

    function stateBlockNumber() external view returns (int256) {
        return number;
    }

    function stateBlockHash() external view returns (uint256) {
        return hash_;
    }

    function programHash() external view returns (uint256) {
        return program;
    }

    function configHash() external view returns (uint256) {
        return config;
    }

    function feeCollector() external view returns (address) {
        return collector;
    }

    function verifiers() external view returns (address[] memory) {
        return verifierList;
    }

    function isOperator(address account) external view returns (bool) {
        return operators[account];
    }

    function starknetIsGovernor(address account) external view returns (bool) {
        return governors[account];
    }

    function l1ToL2MessageNonce() external view returns (uint256) {
        return nonce;
    }

    function messageCancellationDelay() external view returns (uint256) {
        return cancellationDelay;
    }

    function getMaxL1MsgFee() external pure returns (uint256) {
        return MAX_MESSAGE_FEE;
    }

    function identify() external pure returns (string memory) {
        return "Cairn_Core_2026_1";
    }

    function require_(bool condition, string memory reason) private pure {
        if (!condition) revert Refused(reason);
    }
}
