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

export interface SegmentOptions {
  /** From 0. */
  slice?: number;
  /** Probability from which a pixel is foreground; without it, the model's own. */
  threshold?: number;
  /** Where a network with several outputs stops (U-Net++ pruned), from 1 on; without it, the last. */
  head?: number;
  /** Stops between tiles; the model and the images stay. */
  signal?: AbortSignal;
  /** Tiles. */
  onProgress?: (progress: { done: number; total: number }) => void;
}
