// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A verifier emitted by the package settlement of Cairn.
interface IStarkVerifier {
    /// True for a proof of these public values; reverts with Rejected otherwise.
    function verify(bytes calldata publicValues, bytes calldata proof) external view returns (bool);
    /// Names AIR, parameters and fixed columns.
    function keyDigest() external view returns (bytes32);
    /// The layout: keccak-256 of everything in the AIR that a verifier evaluates.
    function airDigest() external view returns (bytes32);
    /// The profile: keccak-256 of the parameters' words.
    function parametersDigest() external view returns (bytes32);
}

/// Remembers what has been proven. Anyone may register; a fact names its verifier, so whoever trusts a verifier can ask for
/// facts of it, and a contract that says yes to everything only makes facts of its own. There is no owner and no way to take
/// a fact back.
contract FactRegistry {
    /// Keccak-256 of (FACT_KIND, chain, registry, verifier, key, layout, profile, hash of the public values).
    mapping(bytes32 fact => bool) private registered;

    bytes32 private constant FACT_KIND = keccak256("cairn.fact.v1");

    event FactRegistered(
        bytes32 indexed fact,
        address indexed verifier,
        bytes32 indexed keyDigest,
        bytes32 airDigest,
        bytes32 parametersDigest,
        bytes32 publicValuesHash
    );

    error NotProven();

    /// Verifies the proof in this very call and remembers the fact.
    function verifyAndRegister(IStarkVerifier verifier, bytes calldata publicValues, bytes calldata proof)
        external
        returns (bytes32 fact)
    {
        // A rejection's reason passes through.
        if (!verifier.verify(publicValues, proof)) revert NotProven();
        bytes32 keyDigest = verifier.keyDigest();
        bytes32 airDigest = verifier.airDigest();
        bytes32 parametersDigest = verifier.parametersDigest();
        bytes32 publicValuesHash = keccak256(publicValues);
        fact = factOf(address(verifier), keyDigest, airDigest, parametersDigest, publicValuesHash);
        if (!registered[fact]) {
            registered[fact] = true;
            emit FactRegistered(fact, address(verifier), keyDigest, airDigest, parametersDigest, publicValuesHash);
        }
    }

    /// The name of a fact on this chain and in this registry. `publicValuesHash` is keccak-256 of the public values as 32-bit
    /// big-endian words.
    function factOf(
        address verifier,
        bytes32 keyDigest,
        bytes32 airDigest,
        bytes32 parametersDigest,
        bytes32 publicValuesHash
    ) public view returns (bytes32) {
        return keccak256(
            abi.encode(
                FACT_KIND,
                block.chainid,
                address(this),
                verifier,
                keyDigest,
                airDigest,
                parametersDigest,
                publicValuesHash
            )
        );
    }

    /// True once the fact's proof has been accepted here.
    function isValid(bytes32 fact) external view returns (bool) {
        return registered[fact];
    }
}
