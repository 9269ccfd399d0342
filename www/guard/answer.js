/** In a worker: when the page asks, it tries its own doors, and has those try theirs that it started itself. */
import { tryWorkers } from './workers.js';

export function answerPage() {
  addEventListener('message', async (event) => {
    const what = event.data?.guardTry;
    if (!what) return;
    // No question to the engine.
    event.stopImmediatePropagation();
    const { tryWorkerDoors } = await import('./worker-doors.js');
    const [tried, below] = await Promise.all([tryWorkerDoors(what), tryWorkers(what)]);
    event.ports[0].postMessage({ tried, below });
  });
}
