from starkware.cairo.common.cairo_secp.bigint import nondet_bigint3
