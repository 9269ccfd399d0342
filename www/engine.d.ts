/** What `../pkg/insitu.js` exports: the engine, compiled to WebAssembly. Only `worker.js` and `bench.js` load it. */

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
  classes: { name: string; colour: string }[];
  licence?: string;
  [field: string]: unknown;
}

/** A call may come back at once or later: `await` fits both. */
type Soon<T> = T | Promise<T>;

export interface Engine {
  device(): DeviceRecord;
  loadModel(bytes: Uint8Array): Promise<Card>;
  openScan(bytes: Uint8Array, name: string): Soon<ScanRecord>;
  closeScan(id: number): void;
  render(id: number, slice: number, center: number, width: number): Uint8ClampedArray<ArrayBuffer>;
  valueAt(id: number, slice: number, x: number, y: number): number[];
  segment(
    id: number,
    slice: number,
    threshold: number | undefined,
    tile: number,
    onProgress: (done: number, total: number) => boolean,
  ): Promise<MaskRecord>;
  areas(labels: Uint8Array, classes: number): number[];
  maskPng(labels: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer>;
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
