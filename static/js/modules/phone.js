// On the body of every page: has the service worker keep what is needed when there is no net.
// <body data-module="phone" data-worker="/sw.js" data-person="…">; without data-worker nothing may be kept.
import { clearCopies } from '../copies.js'

const AFTER = 2000 // the page itself comes first

export default async function phone(body) {
  const workers = navigator.serviceWorker
  if (!workers) return
  const { worker, person } = body.dataset
  try {
    if (!worker) return await clearCopies()
    await workers.register(worker, { updateViaCache: 'none' })
    const { active } = await workers.ready
    active.postMessage({ kind: 'meet', person })
    setTimeout(() => active.postMessage({ kind: 'keep', person }), AFTER)
  } catch {
    // The browser keeps nothing: a private window, a full disk, or a page without net.
  }
}
