/** Words about keeping the session; see `en.js`. */

/** @type {Record<string, string | Record<string, string>>} */
export const keep = {
  'status.train.continued': 'The engine was started again. The training goes on exactly from step {step}.',
  'status.train.restarted': 'The engine was started again. The training goes on with the network of step {step}.',
  'status.train.smaller':
    'The memory was too small. The training goes on from step {step} with {batch} patches of {patch} pixels.',
  'keep.title': 'What this browser keeps',
  'keep.what':
    'So that nothing is lost when this tab is closed or loaded again, your files, labels, own models and trainings are kept in the storage that this browser has for this page, on this computer. On a computer that others use too, delete them when you are done.',
  'keep.offer.label': 'Earlier session',
  'keep.offer': 'Continue where you were: {what} ({when}).',
  'keep.files': { one: '1 file', other: '{count} files' },
  'keep.slices': { one: '1 labelled slice', other: '{count} labelled slices' },
  'keep.models': { one: '{count} model of your own', other: '{count} models of your own' },
  'keep.training': 'a training at step {step} of {steps}',
  'keep.trained': 'a finished training with its curve',
  'keep.when': '{date}, {time}',
  'keep.continue': 'Continue',
  'keep.continuing': 'Bringing it back …',
  'keep.anew': 'Start anew',
  'keep.anew.title': 'Deletes the earlier session from this browser. Your files elsewhere stay.',
  'keep.sure': 'Delete for good?',
  'keep.on': {
    one: 'Kept in this browser for next time: 1 file, {size}.',
    other: 'Kept in this browser for next time: {count} files, {size}.',
  },
  'keep.full': 'There is no room to keep all of this session. Save your labels and models before you close this tab.',
  'keep.days': {
    one: 'It is deleted when it was not open for a day.',
    other: 'It is deleted when it was not open for {count} days.',
  },
  'keep.question': 'Keep this session on this computer, or forget everything when the tab closes?',
  'keep.question.keep': 'Keep on this computer',
  'keep.question.forget': 'Forget',
  'keep.question.forget.title':
    'Nothing is kept when this tab is closed. This is remembered, and can be changed below the list of files.',
  'keep.phase.ask': 'Nothing is kept before you have answered.',
  'keep.phase.never': 'Nothing is kept when this tab is closed: so it is set for all on this page.',
  'keep.phase.on': 'This session is kept in this browser.',
  'keep.phase.off': 'Nothing is kept when this tab is closed.',
  'keep.phase.unknown': 'Nothing is kept yet.',
  'keep.phase.elsewhere': 'Another tab keeps its session. What is done here is gone when this tab is closed.',
  'keep.phase.newer':
    'A later version of Insitu has kept a session in this browser, which this version cannot read. It stays as it is; open the later version to go on with it. What is done here is not kept.',
  'keep.phase.unavailable':
    'This browser cannot keep the session here (its storage is switched off for this page). Save labels and models before you close this tab.',
  'keep.phase.broken':
    'This browser can no longer keep the session: its storage has failed. Save labels and models before you close this tab.',
  'keep.delete': 'Delete what is kept',
  'keep.delete.title':
    'Deletes all that this browser keeps of this session, and keeps nothing from now on. What is open stays open.',
  'keep.deleted': 'Deleted. Nothing is kept from now on.',
  'keep.again': 'Keep the session',
  'keep.again.title': 'So that it is still there when this tab is closed or loaded again',
  'keep.gone': 'What this browser kept of this page was deleted while the page was open. What is open is kept again.',
  'keep.lost': {
    one: '1 file of the earlier session could not be brought back.',
    other: '{count} files of the earlier session could not be brought back.',
  },
  'keep.order': 'Your labels are all here. What was painted before cannot be undone step by step any more.',
  'error.train.checkpoint': 'This is not the state of a training, or it is damaged; the training cannot go on from it.',
};
