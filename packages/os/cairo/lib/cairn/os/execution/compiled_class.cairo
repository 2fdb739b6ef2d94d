// A compiled class as it lies in memory. Its hash is validated after all contracts have run.
const COMPILED_CLASS_VERSION = 'COMPILED_CLASS_V1';

struct ContractEntryPoint {
    selector: felt,
    // In words of the bytecode.
    offset: felt,
    n_builtins: felt,
    // Names of the builtins, short strings, in the order of BuiltinPointers.
    builtins: felt*,
}

// Entry points of each kind are sorted by selector. Behind the bytecode stand `ret` and a pointer to the prices
// of builtins (BUILTIN_PRICES).
struct CompiledClass {
    compiled_class_version: felt,
    n_external_functions: felt,
    external_functions: ContractEntryPoint*,
    n_l1_handlers: felt,
    l1_handlers: ContractEntryPoint*,
    n_constructors: felt,
    constructors: ContractEntryPoint*,
    bytecode_length: felt,
    bytecode_ptr: felt*,
}

struct CompiledClassFact {
    compiled_class_hash: felt,
    compiled_class: CompiledClass*,
}
