/** What `../pkg/insitu.js` exports: the engine, compiled to WebAssembly. Only `wire/engine-worker.js` and `bench.js` load it. */

export interface Facts {
  secure: boolean;
  /** Whether `navigator.gpu` exists. */
  gpu: boolean;
  timestampQuery: boolean;
  /** What the browser calls the graphics card, perhaps nothing; null if it offers none. */
  adapter: string | null;
}

export interface DeviceRecord {
  kind: 'webgpu' | 'cpu';
  name: string;
  reason: string;
}

export interface StatusRecord {
  code: string;
  message: string;
}

export interface ScanRecord {
  id: number;
  name: string;
  format: string;
  width: number;
  height: number;
  slices: number;
  channels: number;
  /** `uint8`, `int16`, `float32` and so on. */
  sample: string;
  /** mm; null when the file tells none. */
  spacing: { x: number; y: number; z?: number | null } | null;
  unit: string | null;
  modality: string | null;
  window: { center: number; width: number };
  range: { low: number; high: number };
}

export interface MaskRecord {
  width: number;
  height: number;
  labels: Uint8Array;
  /** `[class - 1][row][column]` */
  probability: Float32Array;
  /** Number of classes beside the background. */
  classes: number;
  milliseconds: number;
  cached: boolean;
}

export interface Card {
  title: string;
  summary?: string;
  threshold: number;
  /** Outputs of the network at growing depth: 1, or for U-Net++ one for each of its nested paths. */
  heads: number;
  classes: { name: string; colour: string }[];
  /** What each output of the network stands for; class 0 is the background. */
  outputs: { class: number; role: 'background' | 'interior' | 'boundary' }[];
  licence?: string;
  [field: string]: unknown;
}

/** A block of the network and its size for one tile, pixels. */
export interface BlockRecord {
  part: 'input' | 'convolutions' | 'pooling' | 'up' | 'crop' | 'concatenation' | 'head';
  /** Its maps are `2 ** level` times smaller than the image. */
  level: number;
  /** The operation whose result is the block's: for `featureMaps`. */
  node: number;
  /** Blocks whose results it takes, as places in the list. */
  inputs: number[];
  channels: number;
  width: number;
  height: number;
  parameters: number;
  multiplyAdds: number;
  /** Pixels that a crop takes off every side. */
  margin: number | null;
  operations: { op: string; kernel: number | null }[];
}

export interface NetworkRecord {
  blocks: BlockRecord[];
  /** Input and output for one tile, pixels. */
  tile: { width: number; height: number };
  output: { width: number; height: number };
  tiles: number;
  parameters: number;
  /** For one tile. */
  multiplyAdds: number;
  /** Pixels a side. */
  receptiveField: number;
  peakBytes: number;
}

export interface FeatureMapsRecord {
  node: number;
  channels: number;
  /** Of each map. */
  width: number;
  height: number;
  /** Of each picture of one: at most 256. */
  pictureWidth: number;
  pictureHeight: number;
  /** `[channel][row][column]`, grey: each channel's `low` is black, its `high` white. */
  planes: Uint8Array<ArrayBuffer>;
  low: Float32Array<ArrayBuffer>;
  high: Float32Array<ArrayBuffer>;
  /** Where the tile starts in the image; negative in the mirrored border. */
  x: number;
  y: number;
  tile: { width: number; height: number };
}

export interface WeightMapRecord {
  width: number;
  height: number;
  /** `w0 exp(-(d1 + d2)^2 / (2 sigma^2))`, row by row; 0 inside objects. */
  weights: Float32Array<ArrayBuffer>;
  objects: number;
  largest: number;
  w0: number;
  /** pixels */
  sigma: number;
}

export interface AugmentedRecord {
  /** Pixels a side of each copy. */
  size: number;
  count: number;
  /** `[copy][row][column]`, RGBA. */
  rgba: Uint8ClampedArray<ArrayBuffer>;
  /** `[copy][row][column]`, classes. */
  labels: Uint8Array<ArrayBuffer>;
  /** `[copy][row][column]`: squares drawn over the image and deformed with it, 255 on a line. */
  grid: Uint8Array<ArrayBuffer>;
  /** The largest changes that a training makes; angles in degrees, `elastic`, `shift` and `blur` in pixels. */
  changes: {
    flips: boolean;
    rotation: number;
    scale: number;
    elastic: number;
    shift: number;
    contrast: number;
    brightness: number;
    gamma: number;
    noise: number;
    blur: number;
  };
}

/** Along one axis, in pixels of the image; the tile sees `source` and on, and `length` pixels from `target` are kept. */
export interface SpanRecord {
  source: number;
  target: number;
  length: number;
}

export interface TilePlanRecord {
  width: number;
  height: number;
  tile: { width: number; height: number };
  rows: SpanRecord[];
  columns: SpanRecord[];
  /** Pixels around a block of outputs that they depend on. */
  context: number;
  /** Pixels that the output is smaller on every side. */
  border: number;
  /** Pixels from one to the next where all of each is kept and what overlaps is averaged; else null. */
  step: number | null;
}

/** A call may come back at once or later: `await` fits both. */
type Soon<T> = T | Promise<T>;

/** What a person asks of a training; what is absent is worked out from the device, the images and the labels. */
export interface TrainingWish {
  classes: { name: string; colour: string }[];
  steps: number;
  title?: string;
  /** A new network of this preset; without it the loaded model goes on learning. */
  preset?: string;
  /** Channels of a new network at full resolution. */
  width?: number;
  learningRate?: number;
  seed?: number;
  batch?: number;
  /** Pixels a side of a patch. */
  patch?: number;
  learn?: 'all' | 'decoder' | 'last-layer';
  keepStatistics?: boolean;
  augment?: boolean;
  /** Whether rare classes count more. */
  balance?: boolean;
  /** Half of the batch, or of the patch: the device ran out of memory. */
  halved?: boolean;
  loss?: 'cross-entropy-dice' | 'cross-entropy' | 'dice' | 'focal';
}

/** What a training would take on this device. */
export interface TrainingPlan {
  batch: number;
  /** Pixels a side of a patch. */
  patch: number;
  /** Of a step on the CPU, about; null on a GPU. */
  seconds: number | null;
}

export interface TrainingBegun {
  steps: number;
  batch: number;
  patch: number;
  learningRate: number;
  keepStatistics: boolean;
  /** What judges the network: whole images, blocks of the labelled area, or nothing. */
  held:
    | { kind: 'images'; count: number }
    | { kind: 'blocks'; count: number; of: number; side: number }
    | { kind: 'nothing' };
  /** Labelled pixels to learn from, of the background and of each class. */
  pixels: number[];
  /** Numbers that are learnt. */
  parameters: number;
}

export interface Judgement {
  dice: number | null;
  pixelError: number | null;
  /** Whether it is the best so far. */
  best: boolean;
}

export interface Engine {
  /** Without a preset, of the loaded model; `side` is the smallest side of the images, pixels. */
  trainPlan(preset: string | undefined, width: number | undefined, side: number): TrainingPlan;
  trainBegin(
    wish: TrainingWish,
    samples: { scan: number; slice: number; labels: Uint8Array }[],
  ): Promise<TrainingBegun>;
  trainStep(): Promise<{ step: number; loss: number; learningRate: number }>;
  trainJudge(onProgress: (done: number, total: number) => boolean): Promise<Judgement | null>;
  /** Keeps the present point, at most so many; gives its step. */
  trainKeep(most: number): number;
  trainGoBack(step: number): number;
  trainUse(best: boolean, seconds: number): Card;
  trainEnd(): void;
  /** The whole training, from which `trainRestore` goes on exactly; `note` is kept along. */
  trainState(note: string): Promise<Uint8Array<ArrayBuffer>>;
  trainRestore(
    state: Uint8Array,
    samples: { scan: number; slice: number; labels: Uint8Array }[],
    changes: { steps?: number; learningRate?: number; batch?: number; patch?: number; halved?: boolean },
  ): Promise<TrainingBegun & { done: number; note: string; same: boolean }>;
  /** A model file with the weights of the point kept at a step, in 16 bits. */
  trainPoint(step: number): Promise<Uint8Array<ArrayBuffer>>;
  trainAddPoint(step: number, file: Uint8Array): void;
  device(): DeviceRecord;
  loadModel(bytes: Uint8Array): Promise<Card>;
  openScan(bytes: Uint8Array, name: string): Soon<ScanRecord>;
  closeScan(id: number): void;
  render(id: number, slice: number, center: number, width: number): Uint8ClampedArray<ArrayBuffer>;
  valueAt(id: number, slice: number, x: number, y: number): number[];
  /** One value for each pixel, row by row: the physical value, of a colour image its luma. */
  grey(id: number, slice: number): Float32Array;
  segment(
    id: number,
    slice: number,
    threshold: number | undefined,
    tile: number,
    /** From 1 on; 0 is the last. */
    head: number,
    onProgress: (done: number, total: number) => boolean,
  ): Promise<MaskRecord>;
  network(id: number): NetworkRecord;
  tilePlan(id: number, tile: number): TilePlanRecord;
  featureMaps(
    id: number,
    slice: number,
    node: number,
    onProgress: (done: number, total: number) => boolean,
  ): Promise<FeatureMapsRecord>;
  weightMap(
    id: number,
    slice: number,
    threshold: number | undefined,
    head: number,
    onProgress: (done: number, total: number) => boolean,
  ): Promise<WeightMapRecord>;
  augmented(id: number, slice: number, labels: Uint8Array, size: number, count: number, seed: number): AugmentedRecord;
  areas(labels: Uint8Array, classes: number): number[];
  maskPng(labels: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer>;
  /** Gives the loaded model another title. */
  nameModel(title: string): Card;
  saveModel(): Promise<Uint8Array<ArrayBuffer>>;
  destroyGpu(): void;
  diagnostics(): Record<string, unknown>;
}

export interface Bench {
  device(): DeviceRecord;
  infer(input: Float32Array, batch: number, size: number): Promise<Float32Array>;
  trainStep(x: Float32Array, y: Float32Array, batch: number, size: number, learningRate: number): Promise<number>;
}

export interface Package {
  /** Fetches, compiles and starts the WebAssembly module. */
  default(): Promise<unknown>;
  Engine: { create(kind: string, facts: Facts, onStatus: (status: StatusRecord) => void): Promise<Engine> };
  Bench: { create(kind: string, facts: Facts, weights: Uint8Array): Promise<Bench> };
}
