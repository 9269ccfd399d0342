/** Between a run and the engine. */
import type { Judgement, TrainingBegun, TrainingWish } from './engine.d.ts';

export type Wish = TrainingWish;
export type Begun = TrainingBegun;

/** `same`: whether the samples are those of before. */
export type Restored = Begun & { done: number; note: string; same: boolean };

/** What may differ from the training that was kept. */
export interface Changes {
  steps?: number;
  learningRate?: number;
  batch?: number;
  patch?: number;
  /** Half of the batch, or of the patch: the device ran out of memory. */
  halved?: boolean;
}

/** What a run asks of the engine. */
export interface Engine {
  begin(wish: Wish): Promise<Begun>;
  step(): Promise<{ step: number; loss: number; learningRate: number }>;
  judge(): Promise<Judgement | null>;
  keep(most: number, best?: number): Promise<number>;
  goBack(step: number): Promise<number>;
  use(best: boolean, seconds: number): Promise<unknown>;
  end(): Promise<void>;
  state(note: string): Promise<Uint8Array>;
  restore(state: Uint8Array, changes: Changes): Promise<Restored>;
  point(step: number): Promise<Uint8Array>;
  addPoint(step: number, bytes: Uint8Array): Promise<void>;
}
