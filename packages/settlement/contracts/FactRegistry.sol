// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A verifier emitted by the package settlement of Cairn.
interface IStarkVerifier {
    /// True for a proof of this statement; reverts with Rejected otherwise.
    function verify(bytes calldata statement, bytes calldata proof) external view returns (bool);
    /// True once a proof of the statement with this Keccak-256 has been verified in parts.
    function isProven(bytes32 statementHash) external view returns (bool);
    /// What a proof of this statement shows. Of a Cairo proof: keccak-256 of (program hash, output root) for each program that
    /// has run. Of another: keccak-256 of its public values.
    function claims(bytes calldata statement) external view returns (bytes32[] memory);
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
    /// Keccak-256 of (FACT_KIND, chain, registry, verifier, key, layout, profile, claim).
    mapping(bytes32 fact => bool) private registered;

    bytes32 private constant FACT_KIND = keccak256("cairn.fact.v2");

    event FactRegistered(
        bytes32 indexed fact,
        address indexed verifier,
        bytes32 indexed keyDigest,
        bytes32 airDigest,
        bytes32 parametersDigest,
        bytes32 claim
    );

    error NotProven();

    /// Verifies the proof in this very call and remembers what it shows.
    function verifyAndRegister(IStarkVerifier verifier, bytes calldata statement, bytes calldata proof)
        external
        returns (bytes32[] memory facts)
    {
        // A rejection's reason passes through.
        if (!verifier.verify(statement, proof)) revert NotProven();
        facts = register(verifier, verifier.claims(statement));
    }

    /// Remembers what a statement shows that the verifier has accepted in parts.
    function registerProven(IStarkVerifier verifier, bytes calldata statement)
        external
        returns (bytes32[] memory facts)
    {
        if (!verifier.isProven(keccak256(statement))) revert NotProven();
        facts = register(verifier, verifier.claims(statement));
    }

    function register(IStarkVerifier verifier, bytes32[] memory claims) private returns (bytes32[] memory facts) {
        bytes32 keyDigest = verifier.keyDigest();
        bytes32 airDigest = verifier.airDigest();
        bytes32 parametersDigest = verifier.parametersDigest();
        facts = new bytes32[](claims.length);
        for (uint256 i = 0; i < claims.length; i++) {
            bytes32 fact = factOf(address(verifier), keyDigest, airDigest, parametersDigest, claims[i]);
            facts[i] = fact;
            if (registered[fact]) continue;
            registered[fact] = true;
            emit FactRegistered(fact, address(verifier), keyDigest, airDigest, parametersDigest, claims[i]);
        }
    }

    /// The name of a fact on this chain and in this registry.
    function factOf(
        address verifier,
        bytes32 keyDigest,
        bytes32 airDigest,
        bytes32 parametersDigest,
        bytes32 claim
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
                claim
            )
        );
    }

    /// True once the fact's proof has been accepted here.
    function isValid(bytes32 fact) external view returns (bool) {
        return registered[fact];
    }
}
