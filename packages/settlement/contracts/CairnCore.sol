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

/// Where pages of data have been shown (DataPages.sol).
interface IDataPages {
    function isRegistered(bytes32 pageHash, uint256 z, uint256 y) external view returns (bool);
}

/// The rollup on its L1: state root, block, and messages both ways. Functions, events and message hashes are those of
/// Starknet's core contract, so that its tools work. A state moves when a fact of an allowed verifier says that the
/// Starknet OS of the known program and configuration has output this transition. The changes of the state are in the output,
/// in blobs of the transaction or in pages shown before (os-and-settlement.md section 3.3).
contract CairnCore {
    /// Words of the output before the messages.
    uint256 private constant HEADER = 10;
    /// The word of the output that tells where its data is.
    uint256 private constant DATA_IN_OUTPUT = 0;
    uint256 private constant DATA_IN_BLOBS = 1;
    uint256 private constant DATA_IN_PAGES = 3;
    /// EIP-4844.
    address private constant POINT_EVALUATION = address(0x0a);
    uint256 private constant FIELD_ELEMENTS_PER_BLOB = 4096;
    uint256 private constant BLS_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;
    uint256 private constant PROOF_BYTES = 48;
    uint256 private constant PRIME = 2 ** 251 + 17 * 2 ** 192 + 1;
    uint256 private constant MAX_MESSAGE_FEE = 1 ether;
    /// How long a change of what decides over the state waits before it can be made.
    uint256 public immutable governanceDelay;
    IFacts public immutable facts;
    IDataPages public immutable dataPages;
    /// False for a validium: pages need not be shown then, the output's commitments to them are all that the chain sees.
    bool public immutable isDataOnChain;

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
    address private candidate;
    bool private finalized;
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
    event LogNominatedGovernor(address nominatedGovernor);
    event LogNominationCancelled();
    event LogNewGovernorAccepted(address acceptedGovernor);
    event LogRemovedGovernor(address removedGovernor);
    event Finalized();

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
        IDataPages dataPages;
        bool dataOnChain;
    }

    constructor(IFacts registry, Setup memory setup) {
        facts = registry;
        dataPages = setup.dataPages;
        isDataOnChain = setup.dataOnChain;
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

    /// Moves the state by an OS output that has all data in itself or in pages. The two last arguments are those of
    /// Starknet's contract for data of another kind, and 0 here.
    function updateState(uint256[] calldata programOutput, uint256 onchainDataHash, uint256 onchainDataSize) external {
        require_(onchainDataHash == 0 && onchainDataSize == 0, "DATA_IS_IN_OUTPUT");
        require_(programOutput.length > HEADER, "STARKNET_OUTPUT_TOO_SHORT");
        uint256 place = programOutput[8];
        require_(place == DATA_IN_OUTPUT || place == DATA_IN_PAGES, "UNEXPECTED_KZG_DA_FLAG");
        if (place == DATA_IN_OUTPUT) {
            require_(update(programOutput, HEADER) < programOutput.length, "DATA_IS_MISSING");
            return;
        }
        uint256 count = chunkCount(programOutput);
        if (isDataOnChain) checkPages(programOutput, count);
        require_(update(programOutput, endOfChunks(count)) == programOutput.length, "INVALID_OUTPUT_LENGTH");
    }

    /// Moves the state by an OS output whose data is in the blobs of this transaction, all of them, with the KZG proof of
    /// each blob's value at the output's point.
    function updateStateKzgDA(uint256[] calldata programOutput, bytes[] calldata kzgProofs) external {
        require_(programOutput.length > HEADER, "STARKNET_OUTPUT_TOO_SHORT");
        require_(programOutput[8] == DATA_IN_BLOBS, "UNEXPECTED_KZG_DA_FLAG");
        uint256 count = chunkCount(programOutput);
        checkBlobs(programOutput, count, kzgProofs);
        require_(update(programOutput, endOfChunks(count)) == programOutput.length, "INVALID_OUTPUT_LENGTH");
    }

    /// Takes the transition of an output whose messages start at `at`; where they end.
    function update(uint256[] calldata output, uint256 at) private returns (uint256 end) {
        require_(operators[msg.sender], "ONLY_OPERATOR");
        for (uint256 i = 0; i < output.length; i++) require_(output[i] < PRIME, "NO_FELT");
        require_(output[2] == felt(number), "INVALID_PREV_BLOCK_NUMBER");
        require_(output[6] == 0, "PROVEN_BY_ANOTHER_PROGRAM");
        require_(output[7] == config, "INVALID_CONFIG_HASH");
        require_(output[9] == 0, "FULL_OUTPUT");
        bytes32 transition = keccak256(abi.encodePacked(output));
        require_(isProven(keccak256(abi.encode(program, transition))), "NO_STATE_TRANSITION_PROOF");
        emit LogStateTransitionFact(transition);

        require_(output[0] == root, "INVALID_PREVIOUS_ROOT");
        require_(output[4] == hash_, "INVALID_PREV_BLOCK_HASH");
        require_(output[3] < 2 ** 63 && int256(output[3]) > number, "INVALID_NEW_BLOCK_NUMBER");
        (root, number, hash_) = (output[1], int256(output[3]), output[5]);

        uint256 fees;
        (end, fees) = consumeToL2(output, consumeToL1(output, at));
        emit LogStateUpdate(root, number, hash_);
        if (fees > 0) {
            (bool paid,) = (collector == address(0) ? msg.sender : collector).call{value: fees}("");
            require_(paid, "ETHER_TRANSFER_FAILED");
        }
    }

    // --- data outside of the output --------------------------------------------------------------------------------------

    // After the header stand: a point, the number of chunks, the commitment to each chunk and the value of each at the point
    // (the words of a chunk are the coefficients of a polynomial over the scalars of BLS12-381), both in two halves, low
    // first. The point follows from data and commitments, so equal values mean equal data.

    function chunkCount(uint256[] calldata output) private pure returns (uint256 count) {
        require_(output.length >= HEADER + 2, "STARKNET_OUTPUT_TOO_SHORT");
        count = output[HEADER + 1];
        require_(count > 0, "DATA_IS_MISSING");
        require_(count <= (output.length - HEADER - 2) / 4, "STARKNET_OUTPUT_TOO_SHORT");
    }

    function endOfChunks(uint256 count) private pure returns (uint256) {
        return HEADER + 2 + 4 * count;
    }

    /// The two halves of chunk i's commitment, or of its value, if both are below the bound.
    function halves(uint256[] calldata output, uint256 i, uint256 bound, string memory reason)
        private
        pure
        returns (uint256 low, uint256 high)
    {
        (low, high) = (output[HEADER + 2 + 2 * i], output[HEADER + 3 + 2 * i]);
        require_(low < bound && high < bound, reason);
    }

    function valueOf(uint256[] calldata output, uint256 count, uint256 i) private pure returns (uint256) {
        (uint256 low, uint256 high) = halves(output, count + i, 2 ** 128, "INVALID_Y_VALUE");
        return (high << 128) + low;
    }

    function checkPages(uint256[] calldata output, uint256 count) private view {
        require_(address(dataPages) != address(0), "NO_DATA_PAGES");
        for (uint256 i = 0; i < count; i++) {
            (uint256 low, uint256 high) = halves(output, i, 2 ** 128, "INVALID_PAGE_HASH");
            bytes32 pageHash = bytes32((high << 128) + low);
            uint256 y = valueOf(output, count, i);
            require_(dataPages.isRegistered(pageHash, output[HEADER], y), "PAGE_NOT_REGISTERED");
        }
    }

    function checkBlobs(uint256[] calldata output, uint256 count, bytes[] calldata proofs) private view {
        require_(proofs.length == count, "INVALID_NUMBER_OF_PROOFS");
        require_(blobhash(count) == 0, "UNEXPECTED_BLOB");
        for (uint256 i = 0; i < count; i++) {
            bytes32 blobHash = blobhash(i);
            require_(blobHash != 0, "INVALID_BLOB_INDEX");
            // There are no others yet; they would be hashes of something else.
            require_(blobHash[0] == 0x01, "UNEXPECTED_BLOB_HASH_VERSION");
            require_(proofs[i].length == PROOF_BYTES, "INVALID_KZG_PROOF_SIZE");
            (uint256 low, uint256 high) = halves(output, i, 2 ** 192, "INVALID_KZG_COMMITMENT");
            bytes memory commitment = abi.encodePacked(bytes24(uint192(high)), bytes24(uint192(low)));
            // The precompile compares the commitment's hash with the blob's.
            (bool ok, bytes memory answer) = POINT_EVALUATION.staticcall(
                abi.encodePacked(blobHash, output[HEADER], valueOf(output, count, i), commitment, proofs[i])
            );
            require_(ok, "POINT_EVALUATION_PRECOMPILE_CALL_FAILED");
            // Where there is no such precompile the call succeeds with no answer.
            require_(
                keccak256(answer) == keccak256(abi.encode(FIELD_ELEMENTS_PER_BLOB, BLS_ORDER)),
                "UNEXPECTED_POINT_EVALUATION_PRECOMPILE_OUTPUT"
            );
        }
    }

    // --- proofs ----------------------------------------------------------------------------------------------------------

    /// True when an allowed verifier has shown the claim.
    function isProven(bytes32 claim) private view returns (bool) {
        for (uint256 i = 0; i < verifierList.length; i++) {
            IVerifier v = IVerifier(verifierList[i]);
            bytes32 fact = facts.factOf(address(v), v.keyDigest(), v.airDigest(), v.parametersDigest(), claim);
            if (facts.isValid(fact)) return true;
        }
        return false;
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
            address to = address(uint160(output[next + 1]));
            l2ToL1Messages[l2ToL1MsgHash(output[next], to, payload)]++;
            emit LogMessageToL1(output[next], to, payload);
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
        bytes32 message = l1ToL2MsgHash(from, words[1], words[3], words[5:], words[2]);
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
        message = l1ToL2MsgHash(msg.sender, toAddress, selector, payload, messageNonce);
        l1ToL2Messages[message] = msg.value + 1;
        emit LogMessageToL2(msg.sender, toAddress, selector, payload, messageNonce, msg.value);
    }

    function consumeMessageFromL2(uint256 fromAddress, uint256[] calldata payload) external returns (bytes32 message) {
        message = l2ToL1MsgHash(fromAddress, msg.sender, payload);
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
        message = l1ToL2MsgHash(msg.sender, toAddress, selector, payload, messageNonce);
        require_(l1ToL2Messages[message] > 0, "NO_MESSAGE_TO_CANCEL");
        l1ToL2MessageCancellations[message] = block.timestamp;
        emit MessageToL2CancellationStarted(msg.sender, toAddress, selector, payload, messageNonce);
    }

    function cancelL1ToL2Message(uint256 toAddress, uint256 selector, uint256[] calldata payload, uint256 messageNonce)
        external
        returns (bytes32 message)
    {
        message = l1ToL2MsgHash(msg.sender, toAddress, selector, payload, messageNonce);
        require_(l1ToL2Messages[message] > 0, "NO_MESSAGE_TO_CANCEL");
        uint256 requested = l1ToL2MessageCancellations[message];
        require_(requested > 0, "MESSAGE_CANCELLATION_NOT_REQUESTED");
        require_(block.timestamp >= requested + cancellationDelay, "MESSAGE_CANCELLATION_NOT_ALLOWED_YET");
        l1ToL2Messages[message] = 0;
        emit MessageToL2Canceled(msg.sender, toAddress, selector, payload, messageNonce);
    }

    function l1ToL2MsgHash(
        address fromAddress,
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload,
        uint256 messageNonce
    ) public pure returns (bytes32) {
        return keccak256(
            abi.encodePacked(
                uint256(uint160(fromAddress)), toAddress, messageNonce, selector, payload.length, payload
            )
        );
    }

    function l2ToL1MsgHash(uint256 fromAddress, address toAddress, uint256[] calldata payload)
        public
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encodePacked(fromAddress, uint256(uint160(toAddress)), payload.length, payload)
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

    function setMessageCancellationDelay(uint256 seconds_) external onlyGovernor notFinalized {
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

    function setProgramHash(uint256 newProgramHash) external afterNotice notFinalized {
        emit ProgramHashChanged(msg.sender, program, newProgramHash);
        program = newProgramHash;
    }

    function setConfigHash(uint256 newConfigHash) external afterNotice notFinalized {
        emit ConfigHashChanged(msg.sender, config, newConfigHash);
        config = newConfigHash;
    }

    function allowVerifier(address verifier) external afterNotice notFinalized {
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

    /// From then on program, configuration, delay of cancellations and the verifiers allowed stay as they are; a verifier can
    /// still be forbidden.
    function finalize() external afterNotice notFinalized {
        finalized = true;
        emit Finalized();
    }

    function starknetNominateNewGovernor(address newGovernor) external afterNotice {
        require_(newGovernor != address(0) && !governors[newGovernor], "ALREADY_GOVERNOR");
        candidate = newGovernor;
        emit LogNominatedGovernor(newGovernor);
    }

    function starknetCancelNomination() external onlyGovernor {
        candidate = address(0);
        emit LogNominationCancelled();
    }

    function starknetAcceptGovernance() external {
        require_(msg.sender == candidate, "ONLY_CANDIDATE_GOVERNOR");
        candidate = address(0);
        governors[msg.sender] = true;
        emit LogNewGovernorAccepted(msg.sender);
    }

    function starknetRemoveGovernor(address governor) external onlyGovernor {
        require_(governor != msg.sender, "GOVERNOR_SELF_REMOVE");
        governors[governor] = false;
        emit LogRemovedGovernor(governor);
    }

    modifier notFinalized() {
        require_(!finalized, "FINALIZED");
        _;
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

    /// Outputs of programs that join several are not taken: 0.
    function aggregatorProgramHash() external pure returns (uint256) {
        return 0;
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

    function isFinalized() external view returns (bool) {
        return finalized;
    }

    /// Nobody can freeze this contract.
    function isFrozen() external pure returns (bool) {
        return false;
    }

    function identify() external pure returns (string memory) {
        return "Cairn_Core_2026_1";
    }

    function require_(bool condition, string memory reason) private pure {
        if (!condition) revert Refused(reason);
    }
}
