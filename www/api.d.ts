import type { PlanePicture, PlaneRequest, TrainingBegun, Validation, WeightMapRecord } from '../pkg/insitu.js';

/** Records of `insitu.js` that are more than a line. */

/** A shipped model, as `models/index.json` lists it. */
export interface ModelEntry {
  id: string;
  title: string;
  /** in models/ */
  file: string;
  sizeBytes: number;
  licence: string;
  classes: { name: string; colour: string }[];
  inputChannels: number;
  summary: string;
}

export interface Mask {
  /** pixels */
  width: number;
  height: number;
  /** Class of each pixel, row by row; 0 is background. */
  labels: Uint8Array;
  /** `[class - 1][row][column]` */
  probability: Float32Array;
  /** Classes beside the background. */
  classes: number;
  /** What the engine took. */
  milliseconds: number;
  /** Whether the network's answer was still there from an earlier call. */
  cached: boolean;
  /** Pixels of each class 1 and up. */
  areas: number[];
}

/** What happens to the engine unasked. */
export interface Status {
  /**
   * Stable: `engine.loading`, `device.opening`, `device.ready`, `device.lost`, `engine.died`, `engine.restarting`, `engine.restarted`,
   * `engine.failed`; `train.continued`, `train.restarted`, `train.smaller`.
   */
  code: string;
  message: string;
  cause?: string;
  /** With `engine.loading`, told again and again while the engine comes for the first time: its bytes that have come. */
  done?: number;
  /** Of how many; 0 if that is not known. */
  total?: number;
}

export interface ModelOptions {
  /** Told how many bytes of a shipped model have come, while it comes, and of how many. */
  onProgress?: (bytes: { done: number; total: number }) => void;
}

/** Files that are one image. */
export interface Series {
  /** In the order of the slices; of a header with its pixels the header first, of Zarr what describes it. */
  files: File[];
  /** Files that belong to it and are not needed: other levels of the image. */
  beside: File[];
  /** For people: what the scanner calls it. */
  name: string;
  modality: string | null;
  date: string | null;
  slices: number;
  /** Whether it is what was marked on an image (DICOM SEG, RTSTRUCT, a volume of labels); `app.results.marks` lays it over one. */
  marks: boolean;
  /** Whether it can be shown alone. */
  image: boolean;
  /** What a person should know of it, in sentences. */
  notes: string[];
}

export interface Found {
  /** Each file that is an image is in one of them; many have one file. */
  series: Series[];
  /** Files that are no images, with a sentence each. */
  leftOut: { file: File; why: string }[];
}

export interface OpenOptions {
  signal?: AbortSignal;
  /** Of several files: how many are read. */
  onProgress?: (progress: { done: number; total: number }) => void;
}

export interface SeriesOptions extends OpenOptions {
  /** Where each file lies, as far as that is known: a header and its pixels lie in one folder. */
  paths?: string[];
}

export interface SegmentOptions {
  /** From 0. */
  slice?: number;
  /** Probability from which a pixel is foreground; without it, the model's own. */
  threshold?: number;
  /** Where a network with several outputs stops (U-Net++ pruned), from 1 on; without it, the last. */
  head?: number;
  /** A slice of what `results.segmentPlane` made of all planes in this orientation; `volume.none` if it is no longer held. */
  along?: string;
  /** Stops between tiles; the model and the images stay. */
  signal?: AbortSignal;
  /** Tiles. */
  onProgress?: (progress: { done: number; total: number }) => void;
  /** Given a mask to look at, once, of a model that averages over flips: what the first of them says. What is saved or measured is the answer. */
  onFirst?: (mask: Mask) => void;
}

export type { PlaneRequest, TrainingPlan, Validation } from '../pkg/insitu.js';

/** What the view of the network shows. */
export type {
  AugmentedRecord as Augmented,
  FeatureMapsRecord as FeatureMaps,
  NetworkRecord as Network,
  TilePlanRecord as TilePlan,
} from '../pkg/insitu.js';

/** `picture`: in colours, at most 1024 px a side. */
export type WeightMap = WeightMapRecord & { picture: ImageBitmap };

/** How a slice is shown besides its window: `slab` is the number of slices on either side that are projected with it. */
export type Look = Pick<PlaneRequest, 'inverted' | 'slab' | 'projection'>;

/** A plane through a volume, ready to be drawn. */
export type Plane = Omit<PlanePicture, 'pixels'> & { picture: ImageBitmap };

export interface TrainingProgress {
  /** Of those done. */
  step: number;
  /** To do. */
  steps: number;
  /** Of this step. */
  loss: number;
  /** The last validation on what was held out. */
  validation: Validation | null;
  /** Over the last steps. */
  stepsPerSecond: number;
  /** With its part of the validations, and of what steps waited for; NaN if not yet known. */
  secondsPerStep: number;
  /** If all steps are taken; NaN if not yet known. */
  secondsLeft: number;
  /** Nothing in this step's patches was labelled, so that nothing was learnt; `loss` is the one before. */
  skipped: boolean;
  /** What was worked out for this device and these images. */
  settings: TrainingBegun;
}

export interface TrainingResult {
  /** That were taken. */
  steps: number;
  /** Of each step. */
  loss: number[];
  /** Of the network that is in use now; null if nothing was held out. */
  validation: { step: number; dice: number | null; pixelError: number | null } | null;
  /** All of them, in order. */
  validations: Validation[];
  ended: 'done' | 'early' | 'cancelled';
}

/** After a failure of the device: the step from which a training goes on, and the patches that it now takes. */
export interface Again {
  code: string;
  step: number;
  batch: number;
  patch: number;
  /** Less than before: the memory was too small. */
  smaller: boolean;
  /** With its whole state, so that with patches as before the same steps follow; else with the weights alone. */
  exact: boolean;
}

/** The weights alone: after going back to it the optimiser starts anew. */
export interface Point {
  step: number;
  bytes: Uint8Array;
}

export interface RunOptions {
  /** Steps between validations. */
  every?: number;
  /** Whether to end when validations get no better. */
  earlyStop?: boolean;
  /** Whether the network is validated before the first step too, and this told; settings that depend on it follow from such a validation in any case. */
  baseline?: boolean;
  /** Whether a training that has ended can be turned back and go on, until it is closed or another begins. */
  stay?: boolean;
  /** Ends the training; the best network so far is then in use. */
  signal?: AbortSignal;
  /** After every step. */
  onProgress?: (progress: TrainingProgress) => void;
  /** When it went on after a failure of the device. */
  onAgain?: (again: Again) => void;
  /** Before and after each validation. */
  onValidate?: (validating: boolean) => void;
  /**
   * What `state()` of a run gave: with the same samples it goes on as if it had not been broken off, whatever model is loaded. Of the
   * other settings only `steps`, `learningRate`, `batch` and `patch` are heeded.
   */
  resume?: Uint8Array | Blob;
  /** Of such a run, to go back to beside those to come. */
  points?: Point[];
  /** Told at every validation and after going back, with what `resume` takes: for keeping it. The bytes must not be changed. */
  onState?: (kept: { step: number; state: Uint8Array }) => void;
}
