// The hash of what sets this chain apart from others; the core contract knows it.
from starkware.cairo.common.cairo_builtins import HashBuiltin
from starkware.cairo.common.hash_state import hash_felts

const CONFIG_PREFIX = 'StarknetOsConfig3';

struct ChainConfig {
    prefix: felt,
    chain_id: felt,
    strk_fee_token_address: felt,
}

func read_config{pedersen_ptr: HashBuiltin*}() -> (config: ChainConfig*, config_hash: felt) {
    alloc_locals;
    local config: ChainConfig* = nondet %{ cairn.os.chain_config %};
    assert config.prefix = CONFIG_PREFIX;
    let (config_hash) = hash_felts{hash_ptr=pedersen_ptr}(data=config, length=ChainConfig.SIZE);
    return (config=config, config_hash=config_hash);
}
