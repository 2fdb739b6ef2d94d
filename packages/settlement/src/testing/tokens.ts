import type { Address } from 'viem';
import { deployContract } from '../l1/deploy.ts';
import { compileContract } from '../verifier/compileSources.ts';
import type { TestChain } from './anvil.ts';
import { compile } from './askVerifier.ts';

// An ERC-20 token, and what others do otherwise: in `flaws`, 1 keeps a tenth of each transfer, 2 answers nothing to transfers,
// 4 answers false to them, 16 has texts of 32 bytes, 32 has no decimals, 64 has none of the texts. Told to, it calls a contract
// during transfers, with all its ether, and remembers the answer.
const TOKEN = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
contract Token {
    uint256 private immutable flaws;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    address public target;
    bytes public callback;
    bytes public answer;
    constructor(uint256 f) {
        flaws = f;
        balanceOf[msg.sender] = 1_000_000;
    }
    function onTransfer(address to, bytes calldata data) external payable {
        (target, callback) = (to, data);
    }
    function name() external view { text("A token with a name that is longer than a felt"); }
    function symbol() external view { text("TOK"); }
    function text(string memory value) private view {
        require(flaws & 64 == 0);
        bytes memory data = flaws & 16 == 0 ? abi.encode(value) : abi.encode(bytes32(bytes(value)));
        assembly { return(add(data, 32), mload(data)) }
    }
    function decimals() external view returns (uint8) {
        require(flaws & 32 == 0);
        return 6;
    }
    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }
    function transfer(address to, uint256 amount) external { move(msg.sender, to, amount); }
    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        move(from, to, amount);
    }
    function move(address from, address to, uint256 amount) private {
        if (target != address(0)) (, answer) = target.call{value: address(this).balance}(callback);
        balanceOf[from] -= amount;
        balanceOf[to] += flaws & 1 == 0 ? amount : amount - amount / 10;
        if (flaws & 2 != 0) assembly { return(0, 0) }
        bool isDone = flaws & 4 == 0;
        assembly { mstore(0, isDone) return(0, 32) }
    }
}`;

/** How a token of a test differs from a good one. */
export const FLAWS = {
  keepsTenth: 1n,
  silent: 2n,
  saysFalse: 4n,
  oldTexts: 16n,
  noDecimals: 32n,
  noTexts: 64n,
} as const;

let artifact: ReturnType<typeof compileContract> | undefined;

/** Deploys a token, of which the chain's wallet has a million. */
export function deployToken(chain: TestChain, flaws = 0n): Promise<Address> {
  artifact ??= compileContract(compile, 'Solidity', 'Token', TOKEN);
  return deployContract(chain, artifact, `0x${flaws.toString(16).padStart(64, '0')}`);
}
