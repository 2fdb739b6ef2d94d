// Oracle: runs scenarios (JSON on the path in argv[1]) through blockifier and prints what came out.
use std::collections::HashMap;
use std::fs;
use std::str::FromStr;
use std::sync::Arc;

use blockifier::blockifier_versioned_constants::VersionedConstants;
use blockifier::bouncer::BouncerConfig;
use blockifier::context::{BlockContext, ChainInfo, FeeTokenAddresses};
use blockifier::execution::call_info::{CallInfo, ExtendedExecutionResources};
use blockifier::execution::contract_class::{RunnableCompiledClass, TrackedResource};
use blockifier::state::cached_state::CachedState;
use blockifier::state::state_api::UpdatableState;
use blockifier::test_utils::dict_state_reader::DictStateReader;
use blockifier::transaction::account_transaction::{AccountTransaction, ExecutionFlags};
use blockifier::transaction::transaction_execution::Transaction;
use blockifier::transaction::transactions::ExecutableTransaction;
use cairo_vm::vm::runners::cairo_runner::ExecutionResources;
use serde_json::{json, Map, Value};
use starknet_api::block::*;
use starknet_api::contract_class::{ClassInfo, ContractClass, SierraVersion};
use starknet_api::core::*;
use starknet_api::data_availability::DataAvailabilityMode;
use starknet_api::executable_transaction as ex;
use starknet_api::execution_resources::{GasAmount, GasVector};
use starknet_api::state::StorageKey;
use starknet_api::transaction as t;
use starknet_api::transaction::fields::*;
use starknet_api::transaction::{TransactionHash, TransactionVersion};
use starknet_api::versioned_constants_logic::VersionedConstantsTrait;
use starknet_types_core::felt::Felt;

fn felt(v: &Value) -> Felt {
    Felt::from_hex(v.as_str().unwrap_or_else(|| panic!("felt expected, got {v}"))).unwrap()
}
fn num(v: &Value) -> u128 {
    let s = v.as_str().unwrap_or_else(|| panic!("hex expected, got {v}"));
    u128::from_str_radix(s.trim_start_matches("0x"), 16).unwrap()
}
fn u64n(v: &Value) -> u64 {
    num(v).try_into().unwrap()
}
fn felts(v: &Value) -> Vec<Felt> {
    v.as_array().unwrap().iter().map(felt).collect()
}
fn addr(v: &Value) -> ContractAddress {
    ContractAddress::try_from(felt(v)).unwrap()
}
fn hex(f: &Felt) -> Value {
    json!(format!("{f:#x}"))
}
fn hexes(f: &[Felt]) -> Value {
    Value::Array(f.iter().map(hex).collect())
}

struct Class {
    contract: ContractClass,
    runnable: RunnableCompiledClass,
    compiled_hash: Felt,
    sierra_version: SierraVersion,
}

fn load_class(v: &Value) -> Class {
    let mut json: Value = serde_json::from_str(&fs::read_to_string(v["path"].as_str().unwrap()).unwrap()).unwrap();
    if json.get("casm").is_some() {
        json = json["casm"].take();
    }
    let casm: cairo_lang_starknet_classes::casm_contract_class::CasmContractClass =
        serde_json::from_value(json).unwrap();
    let sierra_version = SierraVersion::from_str(v["sierraVersion"].as_str().unwrap()).unwrap();
    let contract = ContractClass::V1((casm, sierra_version.clone()));
    let runnable: RunnableCompiledClass = contract.clone().try_into().unwrap();
    Class { contract, runnable, compiled_hash: felt(&v["compiledHash"]), sierra_version }
}

fn gas(g: &GasVector) -> Value {
    json!([g.l1_gas.0, g.l1_data_gas.0, g.l2_gas.0])
}

fn resources(r: &ExecutionResources) -> Value {
    let builtins: Map<String, Value> = r
        .builtin_instance_counter
        .iter()
        .filter(|(_, n)| **n > 0)
        .map(|(b, n)| (b.to_str().to_string(), json!(n)))
        .collect();
    json!({"steps": r.n_steps, "holes": r.n_memory_holes, "builtins": builtins})
}

fn extended(r: &ExtendedExecutionResources) -> Value {
    let mut v = resources(&r.vm_resources);
    for (op, n) in &r.opcode_instance_counter {
        if *n > 0 {
            v["builtins"][format!("{op:?}")] = json!(n);
        }
    }
    v
}

fn call(c: &CallInfo) -> Value {
    let counters: Map<String, Value> = c
        .builtin_counters
        .iter()
        .filter(|(_, n)| **n > 0)
        .map(|(b, n)| {
            let name = serde_json::to_value(b).unwrap().as_str().unwrap().to_string();
            (name.trim_end_matches("_builtin").trim_end_matches("_opcode").to_string(), json!(n))
        })
        .collect();
    let mut syscalls: Map<String, Value> = Map::new();
    for (s, u) in &c.syscalls_usage {
        syscalls.insert(format!("{s:?}"), json!([u.call_count, u.linear_factor]));
    }
    json!({
        "type": format!("{:?}", c.call.entry_point_type),
        "kind": format!("{:?}", c.call.call_type),
        "class": c.call.class_hash.map(|h| hex(&h.0)),
        "address": hex(c.call.storage_address.0.key()),
        "caller": hex(c.call.caller_address.0.key()),
        "selector": hex(&c.call.entry_point_selector.0),
        "calldata": hexes(&c.call.calldata.0),
        "initialGas": c.call.initial_gas,
        "retdata": hexes(&c.execution.retdata.0),
        "failed": c.execution.failed,
        "gas": c.execution.gas_consumed,
        "tracked": if c.tracked_resource == TrackedResource::SierraGas { "SierraGas" } else { "CairoSteps" },
        "resources": extended(&c.resources),
        "counters": counters,
        "syscalls": syscalls,
        "events": c.execution.events.iter().map(|e| json!([
            e.order,
            hexes(&e.event.keys.iter().map(|k| k.0).collect::<Vec<_>>()),
            hexes(&e.event.data.0),
        ])).collect::<Vec<_>>(),
        "messages": c.execution.l2_to_l1_messages.iter().map(|m| json!([
            m.order,
            hex(&m.message.to_address.into()),
            hexes(&m.message.payload.0),
        ])).collect::<Vec<_>>(),
        "inner": c.inner_calls.iter().map(call).collect::<Vec<_>>(),
    })
}

fn bounds(v: &Value) -> ValidResourceBounds {
    let one = |b: &Value| ResourceBounds {
        max_amount: GasAmount(u64n(&b[0])),
        max_price_per_unit: GasPrice(num(&b[1])),
    };
    ValidResourceBounds::AllResources(AllResourceBounds {
        l1_gas: one(&v["l1"]),
        l2_gas: one(&v["l2"]),
        l1_data_gas: one(&v["l1Data"]),
    })
}

fn transaction(v: &Value, classes: &HashMap<Felt, Class>) -> Transaction {
    let tx_hash = TransactionHash(felt(&v["hash"]));
    if v["type"] == "L1_HANDLER" {
        return Transaction::L1Handler(ex::L1HandlerTransaction {
            tx: t::L1HandlerTransaction {
                version: TransactionVersion::ZERO,
                nonce: Nonce(felt(&v["nonce"])),
                contract_address: addr(&v["contractAddress"]),
                entry_point_selector: EntryPointSelector(felt(&v["selector"])),
                calldata: Calldata(Arc::new(felts(&v["calldata"]))),
            },
            tx_hash,
            paid_fee_on_l1: Fee(num(&v["paidFee"])),
        });
    }
    let resource_bounds = bounds(&v["bounds"]);
    let tip = Tip(u64n(&v["tip"]));
    let signature = TransactionSignature(Arc::new(felts(&v["signature"])));
    let nonce = Nonce(felt(&v["nonce"]));
    let da = |k: &str| if v[k] == "L2" { DataAvailabilityMode::L2 } else { DataAvailabilityMode::L1 };
    let nonce_data_availability_mode = da("nonceDa");
    let fee_data_availability_mode = da("feeDa");
    let paymaster_data = PaymasterData(felts(&v["paymasterData"]));
    let account_deployment_data = AccountDeploymentData(felts(&v["accountDeploymentData"]));
    let tx = match v["type"].as_str().unwrap() {
        "INVOKE" => ex::AccountTransaction::Invoke(ex::InvokeTransaction {
            tx: t::InvokeTransaction::V3(t::InvokeTransactionV3 {
                resource_bounds, tip, signature, nonce,
                sender_address: addr(&v["sender"]),
                calldata: Calldata(Arc::new(felts(&v["calldata"]))),
                nonce_data_availability_mode, fee_data_availability_mode, paymaster_data,
                account_deployment_data,
                proof_facts: ProofFacts::default(),
            }),
            tx_hash,
        }),
        "DECLARE" => {
            let class_hash = felt(&v["classHash"]);
            let class = &classes[&class_hash];
            ex::AccountTransaction::Declare(ex::DeclareTransaction {
                tx: t::DeclareTransaction::V3(t::DeclareTransactionV3 {
                    resource_bounds, tip, signature, nonce,
                    class_hash: ClassHash(class_hash),
                    compiled_class_hash: CompiledClassHash(felt(&v["compiledClassHash"])),
                    sender_address: addr(&v["sender"]),
                    nonce_data_availability_mode, fee_data_availability_mode, paymaster_data,
                    account_deployment_data,
                }),
                tx_hash,
                class_info: ClassInfo::new(
                    &class.contract,
                    u64n(&v["sierraLength"]) as usize,
                    u64n(&v["abiLength"]) as usize,
                    class.sierra_version.clone(),
                ).unwrap(),
            })
        }
        "DEPLOY_ACCOUNT" => ex::AccountTransaction::DeployAccount(ex::DeployAccountTransaction {
            tx: t::DeployAccountTransaction::V3(t::DeployAccountTransactionV3 {
                resource_bounds, tip, signature, nonce,
                class_hash: ClassHash(felt(&v["classHash"])),
                contract_address_salt: ContractAddressSalt(felt(&v["salt"])),
                constructor_calldata: Calldata(Arc::new(felts(&v["calldata"]))),
                nonce_data_availability_mode, fee_data_availability_mode, paymaster_data,
            }),
            tx_hash,
            contract_address: addr(&v["sender"]),
        }),
        other => panic!("{other}"),
    };
    let flag = |k: &str| v["flags"].get(k).map(|b| b.as_bool().unwrap());
    Transaction::Account(AccountTransaction {
        tx,
        execution_flags: ExecutionFlags {
            only_query: flag("query").unwrap_or(false),
            charge_fee: flag("chargeFee").unwrap_or(true),
            validate: flag("validate").unwrap_or(true),
            strict_nonce_check: flag("strictNonce").unwrap_or(true),
        },
    })
}

fn block_context(v: &Value, strk: &Value) -> BlockContext {
    let version = StarknetVersion::try_from(v["version"].as_str().unwrap().to_string()).unwrap();
    let prices = |k: &str| GasPriceVector {
        l1_gas_price: NonzeroGasPrice::new(GasPrice(num(&v[k][0]))).unwrap(),
        l1_data_gas_price: NonzeroGasPrice::new(GasPrice(num(&v[k][1]))).unwrap(),
        l2_gas_price: NonzeroGasPrice::new(GasPrice(num(&v[k][2]))).unwrap(),
    };
    BlockContext::new(
        BlockInfo {
            block_number: BlockNumber(u64n(&v["number"])),
            block_timestamp: BlockTimestamp(u64n(&v["timestamp"])),
            starknet_version: version,
            sequencer_address: addr(&v["sequencer"]),
            gas_prices: GasPrices { eth_gas_prices: prices("wei"), strk_gas_prices: prices("fri") },
            use_kzg_da: v["blob"].as_bool().unwrap(),
        },
        ChainInfo {
            chain_id: ChainId::Other(v["chainId"].as_str().unwrap().to_string()),
            fee_token_addresses: FeeTokenAddresses {
                strk_fee_token_address: addr(strk),
                eth_fee_token_address: ContractAddress::from(0x49du128),
            },
            is_l3: false,
        },
        VersionedConstants::get(&version).unwrap().clone(),
        BouncerConfig::max(),
    )
}

fn scenario(v: &Value, classes: &HashMap<Felt, Class>, strk: &Value) -> Value {
    let mut reader = DictStateReader::default();
    let declare = |reader: &mut DictStateReader, hash: Felt, with_compiled: bool| {
        let class = &classes[&hash];
        reader.class_hash_to_class.insert(ClassHash(hash), class.runnable.clone());
        if with_compiled {
            reader.class_hash_to_compiled_class_hash
                .insert(ClassHash(hash), CompiledClassHash(class.compiled_hash));
        }
    };
    let state = &v["state"];
    for h in state["declared"].as_array().unwrap() {
        declare(&mut reader, felt(h), true);
    }
    for c in state["contracts"].as_array().unwrap() {
        reader.address_to_class_hash.insert(addr(&c[0]), ClassHash(felt(&c[1])));
    }
    for c in state["nonces"].as_array().unwrap() {
        reader.address_to_nonce.insert(addr(&c[0]), Nonce(felt(&c[1])));
    }
    for c in state["storage"].as_array().unwrap() {
        reader.storage_view.insert(
            (addr(&c[0]), StorageKey::try_from(felt(&c[1])).unwrap()),
            felt(&c[2]),
        );
    }
    let context = block_context(&v["block"], strk);
    let mut outcomes = vec![];
    for tv in v["transactions"].as_array().unwrap() {
        let tx = transaction(tv, classes);
        let mut cached = CachedState::new(reader.clone());
        let result = tx.execute(&mut cached, &context);
        let outcome = match result {
            Err(e) => json!({"error": e.to_string()}),
            Ok(info) => {
                let diff = cached.to_state_diff().unwrap().state_maps;
                reader.apply_writes(&diff, &Default::default());
                for h in diff.compiled_class_hashes.keys() {
                    declare(&mut reader, h.0, false);
                }
                let mut storage: Vec<_> = diff.storage.iter().map(|((a, k), x)| (*a.0.key(), *k.0.key(), *x)).collect();
                storage.sort();
                let mut nonces: Vec<_> = diff.nonces.iter().map(|(a, n)| (*a.0.key(), n.0)).collect();
                nonces.sort();
                let mut contracts: Vec<_> = diff.class_hashes.iter().map(|(a, n)| (*a.0.key(), n.0)).collect();
                contracts.sort();
                let mut declared: Vec<_> = diff.compiled_class_hashes.iter().map(|(a, n)| (a.0, n.0)).collect();
                declared.sort();
                let r = &info.receipt;
                let c = &r.resources.computation;
                let total = c.total_extended_vm_resources();
                json!({
                    "revertReason": info.revert_error.as_ref().map(|e| e.to_string()),
                    "fee": r.fee.0.to_string(),
                    "gas": gas(&r.gas),
                    "daGas": gas(&r.da_gas),
                    "vm": extended(&total),
                    "sierraGas": c.sierra_gas.0 + c.reverted_sierra_gas.0,
                    "validate": info.validate_call_info.as_ref().map(call),
                    "execute": info.execute_call_info.as_ref().map(call),
                    "feeTransfer": info.fee_transfer_call_info.as_ref().map(call),
                    "diff": {
                        "storage": storage.iter().map(|(a,k,x)| json!([hex(a),hex(k),hex(x)])).collect::<Vec<_>>(),
                        "nonces": nonces.iter().map(|(a,x)| json!([hex(a),hex(x)])).collect::<Vec<_>>(),
                        "contracts": contracts.iter().map(|(a,x)| json!([hex(a),hex(x)])).collect::<Vec<_>>(),
                        "declared": declared.iter().map(|(a,x)| json!([hex(a),hex(x)])).collect::<Vec<_>>(),
                    },
                })
            }
        };
        outcomes.push(outcome);
    }
    json!({"name": v["name"], "outcomes": outcomes})
}

fn main() {
    let path = std::env::args().nth(1).expect("path of the scenarios");
    let input: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let classes: HashMap<Felt, Class> =
        input["classes"].as_array().unwrap().iter().map(|c| (felt(&c["hash"]), load_class(c))).collect();
    let out: Vec<Value> = input["scenarios"].as_array().unwrap().iter().map(|s| {
        let strk = &input["strk"];
        let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| scenario(s, &classes, strk)));
        run.unwrap_or_else(|_| json!({"name": s["name"], "panic": true}))
    }).collect();
    println!("{}", serde_json::to_string(&out).unwrap());
}
