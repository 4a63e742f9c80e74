// Finds what asks for a behaviour and gives it one. Every page works without this file.
// <body data-worker="/sw.js" data-person="…">: has the service worker keep what is needed when there is no net; without
// data-worker nothing may be kept. It stands here since a first visit asks for few files.
import { mount } from './mount.js'

const AFTER = 2000 // the page itself comes first

mount(document)
keepOnPhone(document.body.dataset)

async function keepOnPhone({ worker, person }) {
  const workers = navigator.serviceWorker
  if (!workers) return
  try {
    if (!worker) return await (await import('./copies.js')).clearCopies()
    await workers.register(worker, { updateViaCache: 'none' })
    const { active } = await workers.ready
    active.postMessage({ kind: 'meet', person })
    setTimeout(() => active.postMessage({ kind: 'keep', person }), AFTER)
  } catch {
    // The browser keeps nothing: a private window, a full disk, or a page without net.
  }
}
