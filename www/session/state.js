/**
 * The page's state in one place. Views read it and listen to the parts that they show; only `session/` writes it.
 *
 * @typedef {import('../insitu.js').Scan} Scan
 * @typedef {import('../insitu.js').Mask} Mask
 * @typedef {import('./training/state.js').TrainingRequest} TrainingRequest
 *
 * @typedef {object} Item a file in the list
 * @property {number} id
 * @property {File} file of an image that is in several files, a bundle of them
 * @property {string} name
 * @property {import('./gathering.js').About | null} series what is known of an image in several files before it is opened
 * @property {{ done: number, total: number } | null} read how many of its files are read
 * @property {boolean} whole whether it is to be opened however large it is
 * @property {'waiting' | 'reading' | 'open' | 'working' | 'done' | 'stopped' | 'failed'} state
 * @property {Scan | null} scan
 * @property {ImageBitmap | null} thumbnail
 * @property {number} pictured the slice of the thumbnail
 * @property {(import('../pictures/small.js').Small & { modelId: string }) | null} small the mask of that slice
 * @property {[number, number, number] | null} tone its mean colour
 * @property {import('../wire/error.js').InsituError | null} error
 * @property {number} slice from 0
 * @property {import('../insitu.js').Window} window
 * @property {boolean} windowByHand whether a person chose it: then it holds for all slices
 * @property {import('./channels/mix.js').Mix | null} mix of the channels of a microscope; null where there is one
 * @property {import('../insitu.js').Suggestion | null} suggestion
 * @property {string | null} modelId chosen by hand for this file
 * @property {{ slice: number, window: import('../insitu.js').Window, mix: import('./channels/mix.js').Mix | null } | null} place where one was in it in an earlier session
 * @property {number | null} count of objects, where a model tells them apart: of all slices that were looked at last
 * @property {Record<string, import('../../pkg/insitu.js').ObjectEdit[]>} corrections of its objects, made by hand: by slice and model
 * @property {number | null} micrometres from pixel to pixel, typed in by a person; null: as the file says
 *
 * @typedef {object} Job
 * @property {'reading' | 'model' | 'gpu' | 'tiles'} phase
 * @property {number} done of a model, bytes that have come
 * @property {number} total
 *
 * @typedef {object} Notice
 * @property {'error' | 'info'} kind
 * @property {string} text
 * @property {import('../wire/error.js').InsituError | null} error
 * @property {string[]} [list] what the text tells only a part of
 *
 * @typedef {import('../../pkg/insitu.js').Constants} Constants what the engine would take by itself, and the most that it can
 *
 * @typedef {object} State
 * @property {'starting' | 'preparing' | 'ready' | 'restarting' | 'failed'} engine `preparing`: the GPU, for the first time
 * @property {import('../wire/arriving.js').Arrived | null} arriving what has come of page and engine, while the engine comes for the first time
 * @property {import('../../pkg/insitu.js').DeviceRecord | null} device
 * @property {Constants | null} constants null until the engine was ready for the first time
 * @property {Model[]} models
 * @property {string[]} modelsHere shipped models that are loaded, in use or not
 * @property {string | null} preferred a model of a person's own, for all files and those to come; null: none
 * @property {Record<string, string>} alike shipped models chosen by hand: for files that the model of the key would fit
 * @property {Record<string, string>} codes what classes are in the patient, chosen by hand: by their names
 * @property {string | null} modelId the one in use for the current file
 * @property {number} modelVersion another number, another network in the engine: another model, or the same after more training
 * @property {Item[]} items
 * @property {number | null} currentId
 * @property {{ done: number, total: number } | null} gathering files that are looked at to find those that are one image
 * @property {Mask | null} mask of what is shown
 * @property {number} inferenceMs how long its network took
 * @property {Job | null} job
 * @property {(import('./queue.js').Progress & { writes: boolean, every: boolean }) | null} saving files are being gone through: how many are done, whether results are written, and whether it is all files of the list
 * @property {number} threshold
 * @property {number} head of a model with several, where it stops; 0 is the last
 * @property {number} opacity of the fill, 0 to 1
 * @property {boolean} withoutIdentity whether files are saved without the names of images and patients
 * @property {boolean} maskShown
 * @property {'both' | 'fill' | 'outline'} maskStyle
 * @property {Record<string, Record<number, string>>} colours chosen by hand: by model and class, from 1 on
 * @property {number[]} hidden classes
 * @property {Tool} tool
 * @property {boolean} keyCursor whether keys move a cursor over the image, in the place of a pointer
 * @property {Panel} panel
 * @property {import('../strings/languages.js').Language} language of the words
 * @property {boolean} filesFolded
 * @property {boolean} panelFolded
 * @property {number} zoom pixels of the screen for one of the image
 * @property {Notice | null} notice
 * @property {import('./labelling/state.js').LabellingState} labelling
 * @property {import('./training/state.js').TrainingState} training
 * @property {import('./keeping/state.js').KeepingState} keeping
 * @property {import('../offline/client.js').OfflineState} offline
 * @property {import('./house/settings.js').House} house
 * @property {import('./objects/state.js').ObjectsState} objects
 * @property {import('./scores/state.js').ScoresState} scores
 * @property {import('./volume/state.js').VolumeState} volume
 * @property {Inside} inside
 *
 * @typedef {object} Inside what of the network is looked at, in the view that shows it
 * @property {'network' | 'tiles' | 'borders' | 'copies' | 'window' | null} part null: the view is closed
 * @property {number} tiles that are drawn; 0: none were yet
 * @property {string | null} block the kind of the block whose maps are shown
 * @property {number} objects between which border weights are drawn
 *
 * @typedef {'pan' | 'window' | 'brush' | 'eraser' | 'polygon' | 'flood' | 'wand' | 'smooth' | 'accept' | 'cross' | 'ruler' | 'angle' | import('./objects/state.js').CorrectingTool} Tool
 * @typedef {'view' | 'label' | 'train' | 'results'} Panel
 * @typedef {Omit<import('../insitu.js').ModelEntry, 'file'> & { file: string | File, card: import('../insitu.js').Card | null }} Model
 */
import { house } from './house/settings.js';
import { keeping } from './keeping/state.js';
import { labelling } from './labelling/state.js';
import { offline } from '../offline/client.js';
import { objects } from './objects/state.js';
import { scores } from './scores/state.js';
import { training } from './training/state.js';
import { volume } from './volume/state.js';

/** @type {Inside} */
export const closed = { part: null, tiles: 0, block: null, objects: 0 };

/** @type {State} */
export const initial = {
  engine: 'starting',
  arriving: null,
  device: null,
  constants: null,
  models: [],
  modelsHere: [],
  preferred: null,
  alike: {},
  codes: {},
  withoutIdentity: false,
  modelId: null,
  modelVersion: 0,
  items: [],
  currentId: null,
  gathering: null,
  mask: null,
  inferenceMs: 0,
  job: null,
  saving: null,
  threshold: 0.5,
  head: 0,
  opacity: 0.45,
  maskShown: true,
  maskStyle: 'both',
  colours: {},
  hidden: [],
  tool: 'pan',
  keyCursor: false,
  panel: 'view',
  language: 'en',
  filesFolded: false,
  panelFolded: false,
  zoom: 1,
  notice: null,
  labelling,
  training,
  keeping,
  offline,
  house,
  objects,
  scores,
  volume,
  inside: closed,
};

/** The file that is shown. @param {State} state @returns {Item | null} */
export function current(state) {
  return state.items.find((item) => item.id === state.currentId) ?? null;
}
