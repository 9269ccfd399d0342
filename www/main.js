/** The page: puts the views into index.html's landmarks and starts the engine. */
import { PlaneView } from './canvas/plane-view.js';
import { Stage } from './canvas/stage.js';
import { takeArrivals } from './session/arrivals.js';
import { Session } from './session/session.js';
import { SMALL } from './session/volume/planes.js';
import { t } from './strings/t.js';
import { byId, fill, say } from './elements/dom.js';
import { mountDrop } from './views/drop.js';
import { emptyState } from './views/empty.js';
import { mountFiles } from './views/files.js';
import { mountHeader } from './views/header.js';
import { mountInside } from './views/inside/panel.js';
import { mountKeys } from './views/keys.js';
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

const session = new Session();
const live = byId('live');
session.announce = (/** @type {string} */ text) => {
  // The same words twice are still news.
  say(live, '');
  setTimeout(() => say(live, text), 50);
};

const { pick, pickFolder } = mountDrop(session);
const save = () => void saveMask(session);
mountHeader(session, pick);
mountFiles(session, pick, pickFolder);
const inside = mountInside(session);
mountPanel(session, { save, pick, inside });
mountDrawer(session);
mountResize();
const stage = new Stage(session, mountStatus(session));
// Over the large view only.
stage.frame.append(unsuitedBar(session, pick));
const small = SMALL.map((axis) => new PlaneView(session, axis).element);
fill(
  byId('stage'),
  toolbar(session, stage),
  mountViews(session, stage.frame, small),
  emptyState(session, pick, pickFolder),
  noticeBar(session),
  lookingBar(session),
);
mountKeys(session, stage, { pick, save, inside });

session.store.on(['items', 'currentId', 'mask'], ({ mask }) => {
  const item = session.current;
  const scan = item?.scan;
  document.title = item ? t('title.file', { name: item.name }) : t('app.name');
  stage.element.setAttribute(
    'aria-label',
    !item
      ? t('canvas.empty')
      : !scan
        ? item.name
        : t(mask ? 'canvas.masked' : 'canvas.image', {
            name: item.name,
            width: scan.width,
            height: scan.height,
            percent: mask ? percent(mask.areas.reduce((sum, n) => sum + n, 0) / (mask.width * mask.height)) : '',
          }),
  );
});

// Nothing that fails may vanish in the console.
addEventListener('unhandledrejection', (event) => session.fail(event.reason));
addEventListener('error', (event) => event.error && session.fail(event.error));

const device = new URLSearchParams(location.search).get('device');
void session.house.start().then(() => session.keeping.start());
session.offline.start();
takeArrivals(session);
void session.start(device === 'cpu' || device === 'webgpu' ? device : 'auto');
