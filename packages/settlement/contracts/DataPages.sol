// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Remembers that pages of data have stood on this chain, each with the value of the polynomial that has its words as
/// coefficients, lowest first, at a point. Anyone may register any page: a fact says what was shown, not what it is for. There
/// is no owner and no way to take a fact back. (os-and-settlement.md section 3.3.)
contract DataPages {
    uint256 public constant MAX_WORDS = 3800;
    uint256 private constant PRIME = 2 ** 251 + 17 * 2 ** 192 + 1;
    /// Order of the scalar field of BLS12-381.
    uint256 private constant ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;
    bytes32 private constant PAGE_KIND = keccak256("cairn.dataPage.v1");

    mapping(bytes32 fact => bool) private registered;

    /// The words stand in the event, so that a reader need not know how the transaction came to call this contract. Under
    /// EIP-7623 that costs nothing: what calldata costs at least is more than call and event together.
    event DataPage(bytes32 indexed fact, bytes32 indexed pageHash, uint256 z, uint256 y, uint256[] words);

    error Refused(string reason);

    /// Shows a page; once it is registered, again changes nothing.
    function registerDataPage(uint256[] calldata words, uint256 z) external returns (bytes32 fact) {
        if (words.length == 0 || words.length > MAX_WORDS) revert Refused("INVALID_PAGE_SIZE");
        if (z >= PRIME) revert Refused("NO_FELT");
        uint256 y = 0;
        bool areFelts = true;
        assembly ("memory-safe") {
            let at := words.offset
            for { let next := add(at, shl(5, words.length)) } gt(next, at) {} {
                next := sub(next, 32)
                let word := calldataload(next)
                areFelts := and(areFelts, lt(word, PRIME))
                y := addmod(mulmod(y, z, ORDER), word, ORDER)
            }
        }
        if (!areFelts) revert Refused("NO_FELT");
        bytes32 pageHash = keccak256(abi.encodePacked(words));
        fact = factOf(pageHash, z, y);
        if (registered[fact]) return fact;
        registered[fact] = true;
        emit DataPage(fact, pageHash, z, y, words);
    }

    /// The name of the fact that the words with this Keccak-256 are felts, at most as many as a page has, and have the value y
    /// at z.
    function factOf(bytes32 pageHash, uint256 z, uint256 y) public pure returns (bytes32) {
        return keccak256(abi.encode(PAGE_KIND, pageHash, z, y));
    }

    function isRegistered(bytes32 pageHash, uint256 z, uint256 y) external view returns (bool) {
        return registered[factOf(pageHash, z, y)];
    }
}
