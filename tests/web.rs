//! The door to the page, in a dedicated worker of a real browser, on the CPU and on WebGPU.
#![cfg(target_arch = "wasm32")]

#[path = "../src/kernels/tests/definition/mod.rs"]
mod definition;
#[path = "web/inside.rs"]
mod inside;
mod reference;

use std::cell::RefCell;
use std::rc::Rc;

use burn::tensor::Device;
use insitu::device::{Facts, answers, self_test};
use insitu::export::mask_png;
use insitu::web::{Bench, Engine, OnProgress, OnStatus, Thrown};
use js_sys::{Array, Float32Array, Reflect, Uint8Array, Uint8ClampedArray};
use reference::agreement::{By, agreement};
use reference::difference;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{Closure, JsCast, JsValue, wasm_bindgen};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen(inline_js = "
    export async function browser_facts() {
        const adapter = await navigator.gpu?.requestAdapter();
        return {
            secure: self.isSecureContext,
            gpu: 'gpu' in navigator,
            adapter: adapter ? adapter.info?.description ?? '' : null,
            timestampQuery: adapter?.features.has('timestamp-query') ?? false,
            memory: navigator.deviceMemory ?? null,
        };
    }")]
extern "C" {
    async fn browser_facts() -> JsValue;
}

/// What JavaScript sees of a value.
trait Seen {
    fn seen(&self) -> JsValue;
}

impl Seen for JsValue {
    fn seen(&self) -> JsValue {
        self.clone()
    }
}

impl<T: Tsify> Seen for Ts<T> {
    fn seen(&self) -> JsValue {
        self.js_value()
    }
}

fn get(object: &impl Seen, name: &str) -> JsValue {
    Reflect::get(&object.seen(), &name.into()).unwrap()
}

fn number(object: &impl Seen, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or(f64::NAN)
}

fn text(object: &impl Seen, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

/// The code of what was thrown; the other fields of the contract are checked on the way.
fn code<T>(result: Result<T, Thrown>) -> String {
    let Err(thrown) = result else {
        return "nothing was thrown".into();
    };
    let thrown = JsValue::from(thrown);
    assert!(text(&thrown, "message").ends_with('.'), "{thrown:?}");
    assert!(!text(&thrown, "kind").is_empty(), "{thrown:?}");
    assert!(get(&thrown, "cause").is_null() || get(&thrown, "cause").is_string());
    text(&thrown, "code")
}

async fn cpu() -> Engine {
    Engine::create("cpu".into(), None, None).await.unwrap()
}

/// As JavaScript hands them over, whatever they are.
fn facts(value: JsValue) -> Option<Ts<Facts>> {
    Some(Ts::new_unchecked(value))
}

async fn gpu() -> Engine {
    Engine::create("webgpu".into(), facts(browser_facts().await), None).await.unwrap()
}

async fn with_model(engine: Engine) -> Rc<Engine> {
    engine.load_model(reference::small().file.to_vec()).await.unwrap();
    Rc::new(engine)
}

/// A picture of waves as a PNG file.
fn picture(width: usize, height: usize) -> Vec<u8> {
    let wave = |i: usize| {
        let (x, y) = ((i % width) as f32, (i / width) as f32);
        (127.0 + 70.0 * (x / 7.0).sin() + 50.0 * (y / 11.0 + x / 31.0).cos()) as u8
    };
    mask_png(&(0..width * height).map(wave).collect::<Vec<_>>(), width, height).unwrap()
}

fn open(engine: &Engine, width: usize, height: usize) -> f64 {
    number(&engine.open_scan(picture(width, height), "waves.png".into()).unwrap(), "id")
}

#[wasm_bindgen_test]
async fn the_device_says_what_it_is_and_why() {
    let device = cpu().await.device().unwrap();
    assert_eq!(text(&device, "kind"), "cpu");
    assert_eq!(text(&device, "name"), "CPU");
    assert_eq!(text(&device, "reason"), "The CPU was asked for.");

    let insecure = browser_facts().await;
    Reflect::set(&insecure, &"secure".into(), &JsValue::FALSE).unwrap();
    let engine = Engine::create("auto".into(), facts(insecure.clone()), None).await.unwrap();
    assert_eq!(text(&engine.device().unwrap(), "kind"), "cpu");
    assert!(text(&engine.device().unwrap(), "reason").contains("plain http"));
    assert_eq!(code(Engine::create("webgpu".into(), facts(insecure), None).await), "device.insecure");
    assert_eq!(code(Engine::create("quantum".into(), None, None).await), "device.unknown");
    assert_eq!(code(Engine::create("auto".into(), facts(JsValue::from_str("hm")), None).await), "argument");
}

#[wasm_bindgen_test]
async fn a_scan_is_opened_rendered_measured_and_closed() {
    let engine = cpu().await;
    let record = engine.open_scan(mask_png(&[0, 10, 200, 255], 2, 2).unwrap(), "four.png".into()).unwrap();
    let id = number(&record, "id");
    assert_eq!((number(&record, "width"), number(&record, "height")), (2.0, 2.0));
    assert_eq!((text(&record, "format"), text(&record, "name")), ("PNG".into(), "four.png".into()));
    assert!(get(&record, "spacing").is_null() && get(&record, "unit").is_null());
    assert_eq!(get(&record, "inverted"), JsValue::FALSE);
    let window = get(&record, "window");
    let shown = engine.render(id, 0.0, number(&window, "center"), number(&window, "width")).unwrap();
    let rgba = shown.unchecked_into::<Uint8ClampedArray>().to_vec();
    assert_eq!(rgba, [[0; 3], [10; 3], [200; 3], [255; 3]].map(|[a, b, c]| [a, b, c, 255]).concat());
    assert_eq!(engine.value_at(id, 0.0, 0.0, 1.0).unwrap().get(0).as_f64(), Some(200.0));

    assert_eq!(code(engine.value_at(id, 0.0, 2.0, 0.0)), "argument");
    assert_eq!(code(engine.value_at(id, 0.0, f64::NAN, 0.0)), "argument");
    assert_eq!(code(engine.render(id, -1.0, 1.0, 1.0)), "argument");
    assert_eq!(code(engine.render(id, 0.0, f64::INFINITY, 1.0)), "argument");
    assert_eq!(code(engine.render(id, 7.0, 1.0, 1.0)), "scan.slice");
    engine.close_scan(id).unwrap();
    engine.close_scan(id).unwrap();
    assert_eq!(code(engine.render(id, 0.0, 1.0, 1.0)), "scan.closed");
    assert_eq!(
        code(engine.open_scan(b"words, no pixels".to_vec(), "notes.png".into())),
        "scan.unsupported.format"
    );
    assert_eq!(code(engine.open_scan(vec![], "nothing.png".into())), "scan.empty");
}

#[wasm_bindgen_test]
async fn a_broken_model_is_refused_and_the_one_before_stays() {
    let engine = cpu().await;
    let id = open(&engine, 20, 20);
    assert_eq!(code(engine.segment(id, 0.0, None, 0.0, 0.0, None, None, None, None).await), "model.none");
    assert_eq!(code(engine.save_model().await), "model.none");
    let good = reference::small().file;
    let card = engine.load_model(good.to_vec()).await.unwrap();
    assert_eq!(number(&get(&card, "network"), "levels"), 5.0);
    assert_eq!(code(engine.load_model(vec![]).await), "model.invalid");
    assert_eq!(code(engine.load_model(good[..good.len() / 2].to_vec()).await), "model.invalid");
    let mut other = good.to_vec();
    let at = other.windows(4).position(|w| w == b"head").unwrap();
    other[at] = b'b';
    assert_eq!(code(engine.load_model(other).await), "model.tensors");
    assert!(engine.segment(id, 0.0, None, 0.0, 0.0, None, None, None, None).await.is_ok());
}

#[wasm_bindgen_test]
async fn segmenting_tells_its_progress_and_lets_the_page_look_meanwhile() {
    let engine = with_model(cpu().await).await;
    let id = open(&engine, 300, 40);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (inside, steps) = (engine.clone(), seen.clone());
    let progress = Closure::<dyn FnMut(f64, f64) -> bool>::new(move |done, total| {
        assert_eq!(inside.render(id, 0.0, 128.0, 256.0).unwrap().length(), 300 * 40 * 4);
        steps.borrow_mut().push((done, total));
        true
    });
    let call = progress.as_ref().unchecked_ref::<OnProgress>().clone();
    let mask =
        engine.segment(id, 0.0, Some(0.5), 256.0, 0.0, Some(call.clone()), None, None, None).await.unwrap();
    let mut steps = seen.take();
    steps.dedup();
    let total = steps[0].1;
    assert!(total > 1.0);
    assert_eq!(steps, (0..=total as usize).map(|i| (i as f64, total)).collect::<Vec<_>>());
    assert_eq!((number(&mask, "width"), number(&mask, "height")), (300.0, 40.0));
    assert_eq!(number(&mask, "classes"), 1.0);
    assert_eq!(get(&mask, "cached"), JsValue::FALSE);
    let probability = get(&mask, "probability").unchecked_into::<Float32Array>().to_vec();
    assert_eq!(probability.len(), 300 * 40);

    // Another threshold: no inference, and just the pixels above it.
    let again = engine.segment(id, 0.0, Some(0.25), 256.0, 0.0, Some(call), None, None, None).await.unwrap();
    assert_eq!(get(&again, "cached"), JsValue::TRUE);
    assert!(seen.borrow().is_empty());
    let labels = get(&again, "labels").unchecked_into::<Uint8Array>().to_vec();
    let expected: Vec<u8> = probability.iter().map(|p| u8::from(*p >= 0.25)).collect();
    assert_eq!(labels, expected);
    let areas: Array = engine.areas(&labels, 1.0).unwrap();
    assert_eq!(areas.get(0).as_f64(), Some(expected.iter().filter(|l| **l == 1).count() as f64));
    let png = engine.mask_png(&labels, 300.0, 40.0).unwrap().to_vec();
    let reopened = engine.open_scan(png, "mask.png".into()).unwrap();
    assert_eq!(number(&reopened, "width"), 300.0);
    assert_eq!(code(engine.mask_png(&labels, 300.0, 41.0)), "export.shape");
    assert_eq!(
        code(engine.segment(id, 0.0, Some(f64::NAN), 0.0, 0.0, None, None, None, None).await),
        "argument"
    );
    assert_eq!(code(engine.segment(id, 1.0, None, 0.0, 0.0, None, None, None, None).await), "scan.slice");
}

#[wasm_bindgen_test]
async fn cancelling_stops_and_the_engine_goes_on() {
    let engine = with_model(cpu().await).await;
    let id = open(&engine, 300, 40);
    let calls = Rc::new(RefCell::new(0));
    let count = calls.clone();
    let stop = Closure::<dyn FnMut(f64, f64) -> bool>::new(move |done, _| {
        *count.borrow_mut() += 1;
        done < 1.0
    });
    let call = stop.as_ref().unchecked_ref::<OnProgress>().clone();
    assert_eq!(
        code(engine.segment(id, 0.0, None, 256.0, 0.0, Some(call), None, None, None).await),
        "cancelled"
    );
    // Before the tile, after each of its 23 convolutions, after it.
    assert_eq!(*calls.borrow(), 1 + 23 + 1);
    let mask = engine.segment(id, 0.0, None, 256.0, 0.0, None, None, None, None).await.unwrap();
    assert_eq!(get(&mask, "cached"), JsValue::FALSE);
}

#[wasm_bindgen_test]
async fn a_nested_network_stops_at_the_output_that_is_asked_for() {
    let engine = cpu().await;
    let (_, nested) = reference::presets().into_iter().find(|(name, _)| *name == "unet++").unwrap();
    let card = engine.load_model(nested.file.to_vec()).await.unwrap();
    assert_eq!(number(&card, "heads"), 4.0);
    let id = open(&engine, 40, 40);
    let mut found = Vec::new();
    for head in [1.0, 2.0, 3.0, 4.0] {
        let mask = engine.segment(id, 0.0, None, 0.0, head, None, None, None, None).await.unwrap();
        assert_eq!(get(&mask, "cached"), JsValue::FALSE);
        let probability = get(&mask, "probability").unchecked_into::<Float32Array>().to_vec();
        assert!(!found.contains(&probability));
        found.push(probability);
    }
    let whole = engine.segment(id, 0.0, None, 0.0, 0.0, None, None, None, None).await.unwrap();
    assert_eq!(get(&whole, "cached"), JsValue::TRUE);
    assert_eq!(code(engine.segment(id, 0.0, None, 0.0, 5.0, None, None, None, None).await), "net.head");
    assert_eq!(number(&engine.load_model(reference::small().file.to_vec()).await.unwrap(), "heads"), 1.0);
}

#[wasm_bindgen_test]
async fn the_cpu_build_for_the_web_computes_what_pytorch_computed() {
    let others = [reference::aligned(), reference::half_pixel(), reference::instance(), reference::strided()];
    for reference in [reference::small(), reference::nearest(), reference::valid()].into_iter().chain(others)
    {
        let device = Device::flex();
        let off = logits_off(&reference, &device).await;
        assert!(off < 1e-4, "logits differ by {off}");
    }
}

#[wasm_bindgen_test]
async fn every_preset_infers_and_learns_like_its_framework_on_the_cpu() {
    presets_agree(&Device::flex(), By::Insitu, "CPU in the browser", 5).await;
}

async fn presets_agree(device: &Device, by: By, called: &str, steps: usize) {
    for (name, reference) in reference::presets() {
        let started = js_sys::Date::now();
        let found = agreement(&reference, device, by, steps).await;
        wasm_bindgen_test::console_log!("{}", found.line(name, called));
        wasm_bindgen_test::console_log!("{name}: {} ms", js_sys::Date::now() - started);
        found.assert(name);
    }
}

/// The largest difference to PyTorch's logits, for the first image of the batch.
async fn logits_off(reference: &reference::Reference, device: &Device) -> f32 {
    let input = reference.tensor("input", device);
    let [_, c, h, w] = input.dims();
    let compiled = reference.net(device).compiled(None).unwrap();
    let first = &reference.values("input")[..c * h * w];
    let (logits, _) = compiled.pass(first, [1, c, h, w]).finish().await.unwrap();
    difference(&logits, &reference.values("output")[..logits.len()])
}

#[wasm_bindgen_test]
async fn the_benchmark_learns_like_pytorch_on_the_cpu() {
    learns_like_pytorch("cpu").await;
}

async fn learns_like_pytorch(kind: &str) {
    let reference = reference::nearest();
    let bench =
        Bench::create(kind.into(), facts(browser_facts().await), reference.file.to_vec()).await.unwrap();
    let (x, y) = (reference.values("input"), reference.values("target"));
    let logits = bench.infer(x.to_vec(), 2.0, 32.0).await.unwrap().to_vec();
    let off = difference(&logits, reference.values("output"));
    assert!(off < 1e-4, "{kind}: logits differ by {off}");
    for expected in reference.values("losses") {
        let loss = bench.train_step(x.to_vec(), y.to_vec(), 2.0, 32.0, 1e-3).await.unwrap();
        assert!((loss - f64::from(*expected)).abs() < 1e-3, "{kind}: loss {loss}, PyTorch {expected}");
    }
    assert_eq!(code(bench.infer(x.to_vec(), 2.0, 33.0).await), "argument");
}

/// In this order in one test, since the last part loses the only GPU that the instance can open.
#[wasm_bindgen_test]
async fn the_gpu_does_what_the_cpu_does_with_every_preset_until_it_is_lost() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let codes = told.clone();
    let listen = Closure::<dyn FnMut(JsValue)>::new(move |status: JsValue| {
        codes.borrow_mut().push(text(&status, "code"));
    });
    let call = listen.as_ref().unchecked_ref::<OnStatus>().clone();
    let engine =
        Engine::create("auto".into(), facts(browser_facts().await), Some(call.clone())).await.unwrap();
    let described = engine.device().unwrap();
    assert_eq!(text(&described, "kind"), "webgpu", "{}", text(&described, "reason"));
    assert_eq!(*told.borrow(), ["device.opening", "device.ready"]);
    let device = engine.burn_device();

    definition::convolutions_and_both_their_gradients(&device).await;
    self_test(&device, &answers(&Device::flex()).await.unwrap()).await.unwrap();
    let started = js_sys::Date::now();
    for reference in [reference::aligned(), reference::half_pixel(), reference::small()] {
        let off = logits_off(&reference, &device).await;
        assert!(off < 1e-4, "logits differ by {off}");
    }
    for (name, reference) in [("instance", reference::instance()), ("strided", reference::strided())] {
        let found = agreement(&reference, &device, By::Insitu, 1).await;
        wasm_bindgen_test::console_log!("{}", found.line(name, "WebGPU"));
        found.assert(name);
    }
    wasm_bindgen_test::console_log!("all but the presets: {} ms", js_sys::Date::now() - started);
    learns_like_pytorch("webgpu").await;
    // A step takes half a minute on a WebGPU that the CPU computes: `cargo xtask numerics` takes the time for all five.
    let steps = if option_env!("INSITU_NUMERICS").is_some() { 5 } else { 1 };
    presets_agree(&device, By::Insitu, "WebGPU", steps).await;
    a_model_comes_back_from_the_gpu_unchanged().await;
    the_mask_is_the_same_on_both_devices().await;

    // There is one listener, the last one given: the engines above had none.
    let engine = Engine::create("auto".into(), facts(browser_facts().await), Some(call)).await.unwrap();
    engine.destroy_gpu();
    let engine = with_lost_gpu_noticed(engine, &told).await;
    assert_eq!(text(&engine.diagnostics().unwrap(), "deviceState"), "device.lost");
}

async fn a_model_comes_back_from_the_gpu_unchanged() {
    let engine = with_model(gpu().await).await;
    let saved = engine.save_model().await.unwrap().to_vec();
    engine.load_model(saved.clone()).await.unwrap();
    assert_eq!(engine.save_model().await.unwrap().to_vec(), saved);
    let mut before = reference::tensors(reference::small().file);
    let mut after = reference::tensors(&saved);
    before.sort_by(|a, b| a.name.cmp(&b.name));
    after.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(before, after);
}

async fn the_mask_is_the_same_on_both_devices() {
    let mut masks = Vec::new();
    for engine in [with_model(cpu().await).await, with_model(gpu().await).await] {
        let id = open(&engine, 64, 64);
        let mask = engine.segment(id, 0.0, None, 0.0, 0.0, None, None, None, None).await.unwrap();
        masks.push((
            get(&mask, "labels").unchecked_into::<Uint8Array>().to_vec(),
            get(&mask, "probability").unchecked_into::<Float32Array>().to_vec(),
        ));
    }
    let off = difference(&masks[0].1, &masks[1].1);
    assert!(off < 1e-4, "probabilities differ by {off}");
    let unlike = masks[0].0.iter().zip(&masks[1].0).filter(|(a, b)| a != b).count();
    assert!(unlike * 1000 <= 64 * 64, "{unlike} pixels differ");
}

async fn with_lost_gpu_noticed(engine: Engine, told: &RefCell<Vec<String>>) -> Engine {
    // Loading a model needs a model that is not cached anywhere, so the GPU is asked in any case.
    let mut last = String::new();
    for _ in 0..100 {
        last = code(engine.load_model(reference::small().file.to_vec()).await);
        if last == "device.lost" {
            break;
        }
        // The browser tells of the loss in a task of its own.
        let wait = js_sys::Promise::new(&mut |done, _| {
            let scope: JsValue = js_sys::global().into();
            let timer = get(&scope, "setTimeout").unchecked_into::<js_sys::Function>();
            timer.call2(&scope, &done, &JsValue::from(20)).unwrap();
        });
        wasm_bindgen_futures::JsFuture::from(wait).await.unwrap();
    }
    assert_eq!(last, "device.lost");
    assert_eq!(told.borrow().last().unwrap(), "device.lost");
    engine
}
