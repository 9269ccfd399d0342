/** The page: puts the views into index.html's landmarks and starts the engine. */
import './guard/guard.js';
import { PlaneView } from './canvas/plane-view.js';
import { Stage } from './canvas/stage.js';
import { takeArrivals } from './session/arrivals.js';
import { followLink } from './session/link.js';
import { Session } from './session/session.js';
import { SMALL } from './session/volume/planes.js';
import { asked, chosen, memory, TAGS, take } from './strings/languages.js';
import { language, t } from './strings/t.js';
import { byId, fill } from './elements/dom.js';
import { announcer } from './elements/live.js';
import { mountDrop } from './views/drop.js';
import { emptyState } from './views/empty.js';
import { mountFiles } from './views/files.js';
import { mountHeader } from './views/header.js';
import { mountInside } from './views/inside/panel.js';
import { mountKeys } from './views/keys.js';
import { looks } from './views/looks.js';
import { mountDrawer } from './views/objects/drawer.js';
import { mountResize } from './views/resize.js';
import { lookingBar, noticeBar } from './views/notice.js';
import { unsuitedBar } from './views/unsuited.js';
import { mountPanel } from './views/panel.js';
import { saveMask } from './views/save.js';
import { mountStatus } from './views/statusbar.js';
import { toolbar } from './views/toolbar.js';
import { mountViews } from './views/volume/views.js';
import { percent } from './strings/format.js';

/** @type {unknown} */
let unspoken = null;
await take(chosen(location, memory(), navigator.languages)).catch((error) => (unspoken = error));

const session = new Session();
session.display.speaks(language);
session.announce = announcer(byId('live'));

const { pick, pickFolder } = mountDrop(session);
const save = () => void saveMask(session);
const inside = mountInside(session);
/** What is under the pointer, for the status bar that is there. @type {ReturnType<typeof mountStatus>} */
let hover = () => {};
const stage = new Stage(session, (...at) => hover(...at));
const overImage = [...stage.frame.childNodes];
const small = SMALL.map((axis) => new PlaneView(session, axis).element);
mountResize(session);
/** Few take it: it is loaded when somebody does. */
const tour = () =>
  import('./tour/tour.js').then(
    ({ startTour }) => startTour(session),
    (error) => session.fail({ code: 'tour.fetch', kind: 'io', cause: error }),
  );
mountKeys(session, stage, { pick, save, inside, tour });

/** All that shows words, around the canvases, which stay what they are. */
function mount() {
  mountHeader(session, pick, tour);
  mountFiles(session, pick, pickFolder);
  mountPanel(session, { save, pick, inside });
  mountDrawer(session);
  hover = mountStatus(session);
  // Over the large view only.
  fill(stage.frame, ...overImage, unsuitedBar(session, pick));
  fill(
    byId('stage'),
    toolbar(session, stage),
    mountViews(session, stage.frame, small),
    emptyState(session, pick, pickFolder, tour),
    noticeBar(session),
    lookingBar(session),
  );
  document.documentElement.lang = TAGS[session.state.language];
  fill(byId('skip'), t('page.skip'));
  const landmarks = { files: 'page.files', drawer: 'page.objects', panel: 'panel.label' };
  for (const [id, words] of Object.entries(landmarks)) byId(id).setAttribute('aria-label', t(words));
  session.store.on(['items', 'currentId', 'mask'], ({ mask }) => {
    const item = session.current;
    document.title = item ? t('title.file', { name: item.name }) : t('app.name');
    stage.element.setAttribute('aria-label', imageInWords(item, mask));
  });
}

/** @param {import('./session/state.js').Item | null} item @param {import('./session/state.js').State['mask']} mask */
function imageInWords(item, mask) {
  if (!item?.scan) return item?.name ?? t('canvas.empty');
  const { width, height } = item.scan;
  const share = mask ? mask.areas.reduce((sum, n) => sum + n, 0) / (mask.width * mask.height) : 0;
  const values = { name: item.name, width, height, percent: percent(share) };
  return t(mask ? 'canvas.masked' : 'canvas.image', values);
}

let unmount = () => {};
// In another language all of it is made anew, with the same session, and looks as it did.
session.store.on(['language'], () => {
  unmount();
  const putBack = looks();
  unmount = session.store.within(mount);
  putBack();
});
const follow = () => void followLink(session, location.hash, { inside, tour });
addEventListener('hashchange', () => {
  const wanted = asked(location);
  if (wanted && wanted !== language) void session.display.speak(wanted);
  follow();
});

// Nothing that fails may vanish in the console.
addEventListener('unhandledrejection', (event) => session.fail(event.reason));
addEventListener('error', (event) => event.error && session.fail(event.error));

const device = new URLSearchParams(location.search).get('device');
if (unspoken) session.fail({ code: 'language.fetch', kind: 'io', cause: unspoken });
void session.house.start().then(() => {
  void session.display.keepTo(session.state.house.languages);
  return session.keeping.start();
});
session.offline.start();
takeArrivals(session);
void session.start(device === 'cpu' || device === 'webgpu' ? device : 'auto');
follow();
